"""The path of an opinion: each step in every state, by every role; then what follows each step."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.collab.enums import TextState
from assembly.notifications.models import Distribution
from assembly.workflow import StateConflict
from consultations.enums import ReferralState
from opinions.actions import checks, consolidation, handover, opinions, publication, tabling
from opinions.actions import opinions as actions
from opinions.enums import OpinionState, SectionState
from opinions.models import Opinion
from opinions.models.opinion import TABLED_STATES
from opinions.rules import opinions as rules
from opinions.workflows.opinions import OPINION
from tests.factories.consultations import ReferralCommitteeFactory, ReferralFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, TermFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory
from tests.opinions.papers.whole import sealed
from tests.undo import undone

pytestmark = pytest.mark.django_db
S = OpinionState
TRIED = ["lead", "officer", "facilitator", "member", "president", "dir_contact", "stranger"]
TEAM, LEAD = {"lead", "officer"}, {"lead"}
REFUSED = (PermissionDenied, StateConflict, ValidationError)


def ask(opinion, by, people):
    checks.ask(opinion, [people.directorate], due_on=timezone.localdate() + timedelta(days=21), by=by)


def table(opinion, by, people):
    tabling.table(opinion, SittingFactory(term=opinion.term), open_at=timezone.now() + timedelta(days=1), by=by)


def hand_over(opinion, by, people):
    sealed(opinion)
    handover.hand_over(opinion, on=timezone.localdate(), place="Toulouse", to="le président", by=by)


RUN = {
    "open": (lambda found, by, people: opinions.open_texts(found, by=by), TEAM, "opinion.opened"),
    "ask_services": (ask, TEAM, "opinion.services_asked"),
    "consolidate": (lambda found, by, people: consolidation.consolidate(found, by=by), TEAM, "opinion.consolidated"),
    "table": (table, TEAM, "opinion.tabled"),
    "take_off": (
        lambda found, by, people: tabling.take_off(found, reason="Pas prêt.", by=by),
        TEAM,
        "opinion.taken_off",
    ),
    "open_amendments": (
        lambda found, by, people: tabling.open_amendments(found, by=by),
        TEAM,
        "opinion.amendments_opened",
    ),
    "freeze": (lambda found, by, people: tabling.freeze(found, by=by), TEAM, "opinion.frozen"),
    "hand_over": (hand_over, TEAM, "opinion.handed_over"),
    "publish": (lambda found, by, people: publication.publish(found, by=by), TEAM, "opinion.published"),
    "return": (
        lambda found, by, people: opinions.give_back(found, reason="Un chiffre faux.", by=by),
        LEAD,
        "opinion.returned",
    ),
    "reopen": (
        lambda found, by, people: opinions.reopen(found, reason="On reprend.", by=by),
        LEAD,
        "opinion.reopened",
    ),
    "withdraw": (
        lambda found, by, people: opinions.withdraw(found, reason="Sans objet.", by=by),
        LEAD,
        "opinion.withdrawn",
    ),
}
BY_ITSELF = {"validate", "record_vote", "adopt", "reject"}


def made(people, state):
    """An opinion with one validated section, its text, one recommendation."""
    opinion = OpinionFactory(term=people.term, state=state)
    if state == S.OUTLINE:
        OpinionSectionFactory(opinion=opinion, bare=True)
    else:
        OpinionSectionFactory(opinion=opinion, validated=state != S.DRAFTING)
    RecommendationFactory(opinion=opinion)
    return opinion


def test_every_verb_has_a_hand():
    assert {step.verb for step in OPINION.steps} == set(RUN) | BY_ITSELF == set(rules.VERBS)


@pytest.mark.parametrize("state", OpinionState)
def test_each_step_by_state_and_role(state, people):
    """Every cell meets the same opinion: what one step did is taken back before the next."""
    users = {role: people[role] for role in TRIED}
    opinion = made(people, state)
    for verb in RUN:
        for role in TRIED if OPINION.target(verb, state) else ["lead", "member"]:
            with undone(verb, state, role):
                judge(verb, opinion, role, users[role], people)


def judge(verb, opinion, role, user, people):
    run, hands, journal = RUN[verb]
    found = Opinion.objects.get(pk=opinion.pk)
    state, target = found.state, OPINION.target(verb, found.state)
    before = Entry.objects.filter(verb=journal).count()
    if role in hands and target:
        run(found, user, people)
        expected, lines = target, 1
    else:
        with pytest.raises(REFUSED), transaction.atomic():
            run(found, user, people)
        expected, lines = state, 0
    after = Opinion.objects.get(pk=opinion.pk).state
    assert (after, Entry.objects.filter(verb=journal).count() - before) == (expected, lines)


def test_the_plan_comes_from_the_groups_of_the_referral(people):
    referral = ReferralFactory(term=people.term, working=True)
    first = ReferralCommitteeFactory(referral=referral, mandate_statement="Vieillir chez soi.")
    second = ReferralCommitteeFactory(referral=referral)
    ReferralCommitteeFactory(referral=referral, ended_at=timezone.now())
    opinion = actions.create(referral, title="Bien vieillir", by=people["officer"])
    plan = [(row.position, row.title, row.guidance, row.committee) for row in opinion.sections.all()]
    assert plan == [
        (1, first.committee.name, "Vieillir chez soi.", first.committee),
        (2, second.committee.name, second.mandate_statement, second.committee),
    ]
    assert (opinion.state, opinion.officer, opinion.reference) == (S.OUTLINE, people["officer"], "")
    with pytest.raises(ValidationError):
        actions.create(referral, title="Encore", by=people["officer"])


def test_an_opinion_answers_a_question_that_is_worked_on(people):
    worked = {
        ReferralState.ACCEPTED,
        ReferralState.ADOPTED,
        ReferralState.IN_PROGRESS,
        ReferralState.OPINION_ADOPTED,
    }
    referral = ReferralFactory(term=people.term)
    for state in ReferralState:
        referral.state = state
        assert rules.can_create(people["officer"], referral) == (state in worked), state
        assert not rules.can_create(people["facilitator"], referral), state


def test_texts_are_confided_with_one_mail_a_member(people):
    opinion = OpinionFactory(term=people.term)
    one, two = (CommitteeFactory(term=people.term) for _ in range(2))
    for committee in (one, two):
        OpinionSectionFactory(opinion=opinion, committee=committee, bare=True)
    both = CommitteeMembershipFactory(committee=one)
    CommitteeMembershipFactory(committee=two, person=both.person)
    CommitteeMembershipFactory(committee=two)
    actions.open_texts(opinion, by=people["officer"])
    texts = [section.text for section in opinion.sections.all()]
    assert [(text.kind, text.state, text.last_seq) for text in texts] == [("opinion-section", TextState.OPEN, 1)] * 2
    distribution = Distribution.objects.get(kind="opinion-open")
    assert distribution.deliveries.count() == 2


def test_a_plan_without_sections_does_not_open(people):
    opinion = OpinionFactory(term=people.term)
    with pytest.raises(ValidationError):
        actions.open_texts(opinion, by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.OUTLINE


def test_giving_back_opens_the_texts_and_takes_the_validations_away(people):
    opinion = made(people, S.GROUP_VALIDATED)
    section = opinion.sections.get()
    type(section.text).objects.filter(pk=section.text_id).update(state=TextState.ANNOTATING)
    actions.give_back(opinion, reason="Un chiffre est faux.", by=people["lead"])
    section = opinion.sections.select_related("text").get()
    assert (section.state, section.validated_by, section.text.state) == (SectionState.DRAFTING, None, TextState.OPEN)
    assert section.text.versions.count() == 1


@pytest.mark.parametrize("blank", ["", "   "])
def test_going_back_needs_a_reason(blank, people):
    opinion = made(people, S.CONSOLIDATED)
    for act in (actions.give_back, actions.withdraw):
        with pytest.raises(ValidationError):
            act(opinion, reason=blank, by=people["lead"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.CONSOLIDATED


def test_a_rejected_opinion_starts_again_unless_another_runs(people):
    opinion = made(people, S.REJECTED)
    other = OpinionFactory(term=people.term, referral=opinion.referral)
    with pytest.raises(ValidationError):
        actions.reopen(opinion, reason="On reprend.", by=people["lead"])
    Opinion.objects.filter(pk=other.pk).update(state=S.WITHDRAWN, ended_at=timezone.now(), end_reason="Doublon.")
    actions.reopen(opinion, reason="On reprend.", by=people["lead"])
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot, opinion.agenda_item, opinion.frozen_at) == (S.DRAFTING, None, None, None)


def test_withdrawing_freezes_every_text(people):
    opinion = made(people, S.DRAFTING)
    actions.withdraw(opinion, reason="Sans objet.", by=people["lead"])
    assert opinion.sections.get().text.state == TextState.FROZEN


def test_editing_keeps_to_its_fields_and_to_the_team(people):
    opinion = made(people, S.DRAFTING)
    actions.edit(opinion, title="Vieillir libre", by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).title == "Vieillir libre"
    with pytest.raises(ValueError, match="state"):
        actions.edit(opinion, state=S.ADOPTED, by=people["officer"])
    with pytest.raises(ValidationError):
        actions.edit(opinion, officer=people["member"], by=people["officer"])
    with pytest.raises(PermissionDenied):
        actions.edit(opinion, title="Moi", by=people["member"])


def test_references_are_counted_by_term_and_year(people):
    opinion = made(people, S.GROUP_VALIDATED)
    other = OpinionFactory(term=TermFactory(another=True), state=S.GROUP_VALIDATED)
    year = timezone.localdate().year
    assert [actions.next_reference(row) for row in (opinion, opinion, other)] == [
        f"AC2-{year}-01",
        f"AC2-{year}-02",
        f"{other.term.code}-{year}-01",
    ]


def test_tabled_states_are_what_offices_see(people):
    for state in OpinionState:
        opinion = OpinionFactory(term=people.term, state=state)
        seen = Opinion.objects.visible_to(people["president"]).filter(pk=opinion.pk).exists()
        assert seen == (state in TABLED_STATES), state
        assert Opinion.objects.visible_to(people["dir_contact"]).filter(pk=opinion.pk).exists() is False
        assert Opinion.objects.visible_to(people.elsewhere("lead")).filter(pk=opinion.pk).exists() is False
