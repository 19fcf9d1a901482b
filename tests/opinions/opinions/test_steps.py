"""The path of an opinion: each step in every state, by every role; then what follows each step."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.collab.models import TextState
from assembly.notifications.models import Distribution
from assembly.workflow import StateConflict
from consultations.models import ReferralState
from opinions.adoption.actions import handover, voting
from opinions.checks import actions as checks
from opinions.models import Opinion, OpinionState, SectionState
from opinions.opinions import actions, rules
from opinions.opinions.workflow import OPINION
from opinions.pages import STEPS as PAGES
from opinions.papers import actions as papers
from opinions.versions import actions as versions
from tests.factories.consultations import ReferralCommitteeFactory, ReferralFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, TermFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory
from tests.opinions.papers.whole import sealed
from tests.undo import told, undone

pytestmark = pytest.mark.django_db
S = OpinionState
TRIED = ["lead", "officer", "facilitator", "member", "president", "dir_contact", "stranger"]
TEAM, LEAD = {"lead", "officer"}, {"lead"}


def ask(opinion, by, people):
    checks.ask(opinion, [people.directorate], due_on=timezone.localdate() + timedelta(days=21), by=by)


def table(opinion, by, people):
    voting.table(opinion, SittingFactory(term=opinion.term), open_at=timezone.now() + timedelta(days=1), by=by)


def hand_over(opinion, by, people):
    sealed(opinion)
    handover.hand_over(opinion, on=timezone.localdate(), place="Toulouse", to="le président", by=by)


def easy_read(opinion, by, people):
    papers.write_easy_read(opinion, "Nous demandons des guichets.", by=by)


def change_window(opinion, by, people):
    opens = timezone.now() + timedelta(days=1)
    voting.change_window(opinion, open_at=opens, close_at=opens + timedelta(days=1), by=by)


ALL_BUT_WITHDRAWN = set(S) - {S.WITHDRAWN}
BEFORE_VOTE = {S.TABLED, S.AMENDING, S.FROZEN}
STEPPED_BACK = {S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED}
# Verb: the last part of its address, who, from which states, to which state (None: it stays), the line of the journal.
STEPS = {
    "open": ("confier", TEAM, {S.OUTLINE}, S.DRAFTING, "opinion.opened"),
    "ask_services": ("directions", TEAM, {S.GROUP_VALIDATED}, S.SERVICES_CHECK, "opinion.services_asked"),
    "consolidate": ("reunir", TEAM, {S.GROUP_VALIDATED, S.SERVICES_CHECK}, S.CONSOLIDATED, "opinion.consolidated"),
    "table": ("deposer", TEAM, {S.CONSOLIDATED}, S.TABLED, "opinion.tabled"),
    "take_off": ("retirer-ordre-du-jour", TEAM, BEFORE_VOTE, S.CONSOLIDATED, "opinion.taken_off"),
    "open_amendments": ("ouvrir-amendements", TEAM, {S.TABLED}, S.AMENDING, "opinion.amendments_opened"),
    "change_window": ("dates-amendements", TEAM, {S.TABLED, S.AMENDING}, None, "opinion.window_changed"),
    "freeze": ("figer", TEAM, {S.TABLED, S.AMENDING}, S.FROZEN, "opinion.frozen"),
    "hand_over": ("remettre", TEAM, {S.ADOPTED}, S.HANDED_OVER, "opinion.handed_over"),
    "correct_handover": (
        "corriger-remise",
        LEAD,
        {S.HANDED_OVER, S.PUBLISHED},
        None,
        "opinion.handover_corrected",
    ),
    "take_handover_back": (
        "revenir-sur-remise",
        LEAD,
        {S.HANDED_OVER},
        S.ADOPTED,
        "opinion.handover_taken_back",
    ),
    "publish": ("publier", TEAM, {S.HANDED_OVER}, S.PUBLISHED, "opinion.published"),
    "write_easy_read": ("facile-a-lire", TEAM, ALL_BUT_WITHDRAWN, None, "opinion.easy_read_written"),
    "return": ("rendre-aux-groupes", LEAD, STEPPED_BACK, S.DRAFTING, "opinion.returned"),
    "reopen": ("rouvrir", LEAD, {S.REJECTED}, S.DRAFTING, "opinion.reopened"),
    "withdraw": (
        "retirer",
        LEAD,
        {S.OUTLINE, S.DRAFTING} | STEPPED_BACK | BEFORE_VOTE,
        S.WITHDRAWN,
        "opinion.withdrawn",
    ),
}
# The last group, the proclaimed ballot, an opening taken back.
BY_NOBODY = {"validate", "record_vote", "adopt", "reject", "resume_amendments"}
RUN = {
    "open": lambda found, by, people: actions.open_texts(found, by=by),
    "ask_services": ask,
    "consolidate": lambda found, by, people: versions.consolidate(found, by=by),
    "table": table,
    "take_off": lambda found, by, people: voting.take_off(found, reason="Pas prêt.", by=by),
    "open_amendments": lambda found, by, people: OPINION.transition(found, "open_amendments", by=by),
    "change_window": change_window,
    "freeze": lambda found, by, people: OPINION.transition(found, "freeze", by=by),
    "hand_over": hand_over,
    "correct_handover": lambda found, by, people: handover.correct(
        found, on=timezone.localdate() - timedelta(days=2), reason="Une erreur.", by=by
    ),
    "take_handover_back": lambda found, by, people: handover.take_back(found, reason="Une erreur.", by=by),
    "publish": lambda found, by, people: papers.publish(found, by=by),
    "write_easy_read": easy_read,
    "return": lambda found, by, people: actions.give_back(found, reason="Un chiffre faux.", by=by),
    "reopen": lambda found, by, people: actions.reopen(found, reason="On reprend.", by=by),
    "withdraw": lambda found, by, people: actions.withdraw(found, reason="Sans objet.", by=by),
}


def made(people, state):
    """Make an opinion with one validated section, its text and one recommendation."""
    opinion = OpinionFactory(term=people.term, state=state)
    if state == S.OUTLINE:
        OpinionSectionFactory(opinion=opinion, bare=True)
    else:
        OpinionSectionFactory(opinion=opinion, validated=state != S.DRAFTING)
    RecommendationFactory(opinion=opinion)
    return opinion


def test_every_step_is_in_the_table():
    assert {step.name for step in OPINION.steps} == set(STEPS) | BY_NOBODY
    assert {slug: page.name for slug, page in PAGES.pages.items()} == {row[0]: verb for verb, row in STEPS.items()}


def refusal(verb, role, state):
    """Return 403 for a role that never may, 409 from another state, None if the step is allowed."""
    _slug, who, sources, _target, _journal = STEPS[verb]
    if role not in who:
        return 403
    return None if state in sources else 409


@pytest.mark.parametrize("state", OpinionState)
def test_each_step_by_state_and_role(state, people):
    """Every cell meets the same opinion: what one step did is taken back before the next."""
    users = {role: people[role] for role in TRIED}
    opinion = made(people, state)
    for verb, (_slug, _who, sources, _target, _journal) in STEPS.items():
        for role in TRIED if state in sources else ["lead", "member"]:
            with undone(verb, state, role):
                refused = refusal(verb, role, state)
                moved = (state, 0) if refused else (STEPS[verb][3] or state, 1)
                assert taken(verb, opinion, users[role], people, refused) == moved


def taken(verb, opinion, user, people, refused):
    """Return the state and the journal lines after the step; check that it is refused where `refused` says."""
    journal = STEPS[verb][4]
    found = Opinion.objects.get(pk=opinion.pk)
    before = Entry.objects.filter(event_type=journal).count()
    if refused is None:
        RUN[verb](found, user, people)
    else:
        with pytest.raises({403: PermissionDenied, 409: StateConflict}[refused]), transaction.atomic():
            RUN[verb](found, user, people)
    after = Opinion.objects.get(pk=opinion.pk).state
    return after, Entry.objects.filter(event_type=journal).count() - before


@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("state", OpinionState)
def test_the_page_of_each_step_by_state_and_role(state, people, signed_in):
    """The question is shown to whoever may act now; a post of anybody else is refused by the same rule.

    A member, whom the room stops before an opinion is looked for, tries another step in each state.
    """
    browsers = {role: signed_in(role, noted=True) for role in ("lead", "officer", "facilitator", "member")}
    opinion = made(people, state)
    turn = list(STEPS)[list(OpinionState).index(state) % len(STEPS)]
    for verb, role in [*product(STEPS, ["lead", "officer", "facilitator"]), (turn, "member")]:
        address, refused = reverse("opinions:step", args=[opinion.pk, STEPS[verb][0]]), refusal(verb, role, state)
        with told(verb, state, role):
            if refused:
                assert browsers[role].post(address, {"reason": "Le calendrier."}).status_code == refused
            else:
                assert browsers[role].get(address).status_code == 200
    assert Opinion.objects.get(pk=opinion.pk).state == state


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


@pytest.mark.parametrize("state", [ReferralState.ACCEPTED, ReferralState.IN_PROGRESS])
def test_a_question_whose_opinion_is_written_is_worked_on(people, state):
    """Else it would stay « reçue par l’assemblée » for ever: the adoption of the opinion leads on from the works."""
    referral = ReferralFactory(term=people.term, state=state)
    opinion = OpinionFactory(term=people.term, referral=referral)
    OpinionSectionFactory(opinion=opinion, bare=True)
    actions.open_texts(opinion, by=people["officer"])
    referral.refresh_from_db()
    assert referral.state == ReferralState.IN_PROGRESS


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
    assert [versions.next_reference(row) for row in (opinion, opinion, other)] == [
        f"AC2-{year}-01",
        f"AC2-{year}-02",
        f"{other.term.code}-{year}-01",
    ]


def test_tabled_states_are_what_offices_see(people):
    for state in OpinionState:
        opinion = OpinionFactory(term=people.term, state=state)
        seen = Opinion.objects.visible_to(people["president"]).filter(pk=opinion.pk).exists()
        assert seen == (state in S.tagged("tabled")), state
        assert Opinion.objects.visible_to(people["dir_contact"]).filter(pk=opinion.pk).exists() is False
        assert Opinion.objects.visible_to(people.elsewhere("lead")).filter(pk=opinion.pk).exists() is False
