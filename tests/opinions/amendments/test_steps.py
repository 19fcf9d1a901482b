"""Every step in every state by every role; then what each step brings with it."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.collab.document import grammar
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from opinions.adoption.actions import voting
from opinions.amending.changes import Operation
from opinions.amendments import actions as amendments
from opinions.amendments.models import AmendmentState, ViewStance
from opinions.amendments.queries import base_version
from opinions.amendments.views.desk import STEPS as PAGES
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, OpinionState, OpinionVersion, Recommendation, VersionKind
from opinions.versions.actions import give_references
from opinions.versions.queries import last_version
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import Ballot
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory, said
from tests.factories.opinions import OpinionFactory, OpinionSettingsFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory
from tests.opinions.amendments.debated_opinion import ROOM, again, amending, fresh, in_sitting, sits
from tests.undo import copies, told, undone

pytestmark = pytest.mark.django_db
A = AmendmentState
ROLES = ["author", "member", "rapporteur", "officer", "lead", "facilitator", "president", "dir_contact", "stranger"]
TEAM = {"officer", "lead"}
WORDS = {
    "operation": Operation.INSERT_AFTER,
    "alinea_from": 2,
    "alinea_to": 2,
    "quote": "",
    "typed": "De plus.",
    "reason": "Utile.",
}
VOTES = {"first_counter": "Odile Labatut", "second_counter": "Wassim Pujol"}


def yes(n=ROOM):
    return Count(n, ROOM - n)


WAITING = {A.ADMISSIBLE, A.RAPPORTEUR_VIEW, A.DEBATED}
SIGNED = {A.DRAFT, A.SUBMITTED, A.ADMISSIBLE, A.RAPPORTEUR_VIEW}
STOPPED = {A.WITHDRAWN, A.FELL, A.MERGED}
# Verb: who may, from which states, to which state (None: it stays), by which act. The member is asked to sign.
STEPS = {
    "edit": (
        lambda one, by: amendments.save(one.opinion, draft=one, revision=one.revision, by=by, **WORDS),
        {"author"}, {A.DRAFT}, None,
    ),
    "discard": (lambda one, by: amendments.discard(one, by=by), {"author"}, {A.DRAFT}, "gone"),
    "invite": (lambda one, by: amendments.invite(one, [], by=by), {"author"}, SIGNED, None),
    "sign": (lambda one, by: amendments.sign(one, by=by), {"member", "rapporteur"}, SIGNED, None),
    "decline": (lambda one, by: amendments.decline(one, by=by), {"member"}, SIGNED, None),
    "confirm": (lambda one, by: AMENDMENT.transition(one, "confirm", by=by), {"author"}, set(A) - STOPPED, None),
    "admit": (lambda one, by: AMENDMENT.transition(one, "admit", by=by), TEAM, {A.SUBMITTED}, A.ADMISSIBLE),
    "refuse": (
        lambda one, by: AMENDMENT.transition(one, "refuse", reason="Hors sujet.", by=by),
        TEAM, {A.SUBMITTED}, A.INADMISSIBLE,
    ),
    "check_again": (
        lambda one, by: AMENDMENT.transition(one, "check_again", by=by),
        TEAM, {A.ADMISSIBLE, A.INADMISSIBLE}, A.SUBMITTED,
    ),
    "give_view": (
        lambda one, by: amendments.give_view(one, stance=ViewStance.NEUTRAL, text="", by=by),
        TEAM | {"rapporteur"}, {A.ADMISSIBLE, A.RAPPORTEUR_VIEW}, A.RAPPORTEUR_VIEW,
    ),
    "withdraw": (lambda one, by: amendments.withdraw(one, by=by), {"author"}, {A.SUBMITTED, *WAITING}, A.WITHDRAWN),
    "call": (
        lambda one, by: AMENDMENT.transition(one, "call", by=by),
        TEAM, {A.ADMISSIBLE, A.RAPPORTEUR_VIEW}, A.DEBATED,
    ),
    "adopt": (lambda one, by: amendments.consent(one, by=by), TEAM, {A.DEBATED}, A.ADOPTED),
    "correct": (
        lambda one, by: amendments.correct(one, reason="Faute.", by=by),
        TEAM, {A.ADOPTED, A.REJECTED}, A.DEBATED,
    ),
    "fall": (
        lambda one, by: amendments.fall(one, reason="Sans objet.", by=by),
        TEAM, {A.SUBMITTED, *WAITING}, A.FELL,
    ),
    "restore": (
        lambda one, by: AMENDMENT.transition(one, "restore", reason="Erreur.", by=by),
        {"lead"}, {A.FELL}, A.ADMISSIBLE,
    ),
}  # fmt: skip
# Those without a person, and those that need a window or another amendment, have tests of their own below.
APART = {"submit", "merge", "reject"}
UNWRITTEN = {"edit", "discard", "invite"}


def test_every_step_is_in_the_table():
    assert set(STEPS) | APART == {step.name for step in AMENDMENT.steps}


def refusal(verb, role, state):
    """Return PermissionDenied for a role that never may, StateConflict from another state, or None."""
    _act, who, sources, _target = STEPS[verb]
    if role not in who:
        return PermissionDenied
    # The rapporteur was not asked to sign: any member may, once the amendment passed the check.
    if verb == "sign" and role == "rapporteur":
        sources = {A.ADMISSIBLE, A.RAPPORTEUR_VIEW}
    return None if state in sources else StateConflict


@pytest.mark.parametrize("state", A)
def test_steps_by_state_and_role(state, people):
    opinion = in_sitting(people, voters=0)
    for role in ("author", "rapporteur"):
        people[role] = people.make("member", people.term)
    users = {role: people[role] for role in ROLES}
    type(opinion).objects.filter(pk=opinion.pk).update(rapporteur=users["rapporteur"].person)
    made = AmendmentFactory(
        opinion=opinion, state=state, author=users["author"].person, content=[said(f"Ajout {state}.")], on_paper=True
    )
    AmendmentCosignerFactory(amendment=made, person=users["member"].person)
    loaded, kept = copies(fresh(made)), Amendment.objects.filter(pk=made.pk).values_list("state", flat=True)
    for verb, role in product(STEPS, ROLES):
        act, _who, _sources, target = STEPS[verb]
        with undone(verb, state, role):
            lines, refused = Entry.objects.count(), refusal(verb, role, state)
            if refused is None:
                act(loaded(), users[role])
                assert Entry.objects.count() > lines or verb in UNWRITTEN
                assert (kept.first() or "gone") == (target or state)
                continue
            with pytest.raises(refused):
                act(loaded(), users[role])
            assert (kept.get(), Entry.objects.count()) == (state, lines)


DOORS = {
    "recevable": "admit",
    "irrecevable": "refuse",
    "reprendre": "check_again",
    "avis": "give_view",
    "appeler": "call",
    "voter": "adopt",
    "sans-opposition": "adopt",
    "corriger": "correct",
    "tomber": "fall",
    "retablir": "restore",
}


def test_every_page_of_a_step_is_in_the_table():
    assert {slug: page.name for slug, page in PAGES.pages.items()} == DOORS | {"fusionner": "merge"}


@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("state", A)
def test_the_page_of_each_step_by_state_and_role(state, people, signed_in):
    """404 for a draft that the bureau does not see, 403 for whoever may never take it, 409 from another state."""
    one = AmendmentFactory(opinion=in_sitting(people, voters=0), state=state)
    browsers = {role: signed_in(role, noted=True) for role in ("lead", "officer", "facilitator", "member")}
    for (slug, verb), role in product(DOORS.items(), browsers):
        _act, who, sources, _target = STEPS[verb]
        answer = 200 if state in sources else 409
        if role == "member":
            answer = 403
        elif state == A.DRAFT:
            answer = 404
        elif role not in who:
            answer = 403
        with told(slug, state, role):
            assert browsers[role].get(reverse("opinions:amendment-step", args=[one.pk, slug])).status_code == answer


@pytest.mark.parametrize("state", [state for state in OpinionState if state != OpinionState.FROZEN])
def test_the_debate_belongs_to_the_sitting(state, people):
    """A frozen text in a sitting that is open or held; never before, never after the vote."""
    opinion = OpinionFactory(term=people.term, state=state, officer=people["officer"])
    if not opinion.versions.filter(kind=VersionKind.TABLED):
        return
    amendment = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    with pytest.raises(StateConflict):
        AMENDMENT.transition(fresh(amendment), "call", by=people["officer"])


def test_a_member_writes_submits_and_gets_a_number(people):
    opinion = amending(people)
    member = people["member"]
    draft = amendments.save(opinion, by=member, **WORDS)
    assert (draft.state, draft.number, draft.content) == (A.DRAFT, None, [said("De plus.")])
    kept = amendments.save(opinion, by=member, draft=draft, revision=1, **WORDS | {"typed": "- Un\n- Deux"})
    assert kept.content[0]["type"] == "bulletList"
    with pytest.raises(EditConflict) as late:
        amendments.save(opinion, by=member, draft=draft, revision=1, **WORDS)
    assert late.value.version == 2
    amendments.submit(fresh(draft), by=member)
    other = amendments.save(opinion, by=member, **WORDS)
    amendments.submit(fresh(other), by=member)
    assert [fresh(one).number for one in (draft, other)] == [1, 2]
    assert Entry.objects.filter(event_type="amendment.submitted").count() == 2
    with pytest.raises(StateConflict):
        amendments.submit(fresh(other), by=member)


def test_numbers_are_never_given_again(people):
    opinion = amending(people)
    AmendmentFactory(opinion=opinion, number=7, author=people["member"].person)
    withdrawn = Amendment.objects.get(number=7)
    amendments.withdraw(fresh(withdrawn), by=people["member"])
    draft = amendments.save(opinion, by=people["member"], **WORDS)
    amendments.submit(fresh(draft), by=people["member"])
    assert fresh(draft).number == 8


def test_a_closed_window_refuses_with_a_sentence_and_keeps_the_words(people):
    opinion = amending(people)
    draft = amendments.save(opinion, by=people["member"], **WORDS)
    type(opinion).objects.filter(pk=opinion.pk).update(amendments_close_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(ValidationError, match="est fermé depuis le .* Votre brouillon est gardé"):
        amendments.submit(fresh(draft), by=people["member"])
    assert fresh(draft).content == [said("De plus.")]
    later = fresh(draft).version.opinion
    assert amendments.save(later, by=people["member"], draft=fresh(draft), revision=1, **WORDS) is not None
    with pytest.raises(PermissionDenied):
        amendments.save(later, by=people["member"], **WORDS)


def test_a_passage_that_is_gone_refuses_and_keeps_the_words(people):
    opinion = amending(people)
    draft = amendments.save(opinion, by=people["member"], **WORDS | {"alinea_from": 99, "alinea_to": 99})
    with pytest.raises(ValidationError, match="n’est pas dans le texte"):
        amendments.submit(fresh(draft), by=people["member"])
    draft = amendments.save(opinion, by=people["member"], **WORDS)
    before = base_version(opinion)
    OpinionVersion.objects.create(
        opinion=opinion,
        number=before.number + 1,
        kind=VersionKind.TABLED,
        tree=before.tree,
        html="",
        plain_text="",
        sha256="1",
    )
    with pytest.raises(ValidationError, match="Le texte a changé"):
        amendments.submit(fresh(draft), by=people["member"])
    amendments.save(opinion, by=people["member"], draft=fresh(draft), revision=1, **WORDS)
    amendments.submit(fresh(draft), by=people["member"])
    assert fresh(draft).version_id == base_version(opinion).pk


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"typed": ""}, "Écrivez le nouveau texte"),
        ({"reason": " "}, "Dites pourquoi"),
        ({"quote": "absents", "typed": "x"}, "ne sont pas dans l’alinéa"),
        ({"operation": Operation.DELETE, "alinea_from": 3, "alinea_to": 3}, "garde un titre"),
    ],
)
def test_what_is_not_complete_is_refused_with_a_sentence(words, sentence, people):
    draft = amendments.save(amending(people), by=people["member"], **WORDS | words)
    with pytest.raises(ValidationError, match=sentence):
        amendments.submit(fresh(draft), by=people["member"])


def test_signatures_by_invitation_by_one_click_and_those_the_term_asks(people):
    opinion = amending(people)
    OpinionSettingsFactory(term=people.term, cosigners_needed=1)
    sits(people["member"], people.term)
    friend, other = people.make("member", people.term), people.make("member", people.term)
    sits(friend, people.term)
    draft = amendments.save(opinion, by=people["member"], **WORDS)
    with pytest.raises(ValidationError, match="sur les 2 qu’il faut"):
        amendments.submit(fresh(draft), by=people["member"])
    assert amendments.invite(fresh(draft), [friend.person, people["officer"].person], by=people["member"]) == 1
    assert amendments.invite(fresh(draft), [friend.person], by=people["member"]) == 0
    with pytest.raises(StateConflict):
        amendments.sign(fresh(draft), by=other)
    with pytest.raises(PermissionDenied):
        amendments.sign(fresh(draft), by=people["officer"])
    amendments.sign(fresh(draft), by=friend)
    amendments.sign(fresh(draft), by=friend)
    assert Entry.objects.filter(event_type="amendment.signed").count() == 1
    amendments.submit(fresh(draft), by=people["member"])
    AMENDMENT.transition(fresh(draft), "admit", by=people["officer"])
    amendments.sign(fresh(draft), by=other)
    amendments.decline(fresh(draft), by=other)
    signed = {row.person_id: bool(row.signed_at) for row in fresh(draft).cosigners.all()}
    assert signed == {friend.person_id: True, other.person_id: False}


def test_the_team_keys_in_from_paper_and_the_author_confirms(people):
    opinion = amending(people)
    author, friend = (
        sits(people["member"], people.term).member.person,
        sits(people.make("member", people.term), people.term).member.person,
    )
    facts = {"via": "paper", "received_on": timezone.localdate(), "cosigners": [friend]}
    with pytest.raises(PermissionDenied):
        amendments.record_for(opinion, author, by=people["member"], **facts, **WORDS)
    with pytest.raises(ValidationError, match="membre de l’assemblée"):
        amendments.record_for(opinion, people["officer"].person, by=people["officer"], **facts, **WORDS)
    made = amendments.record_for(opinion, author, by=people["officer"], **facts, **WORDS)
    assert (made.number, made.state, fresh(made).awaits_author) == (1, A.SUBMITTED, True)
    assert [row.via for row in fresh(made).cosigners.all()] == ["paper"]
    with pytest.raises(PermissionDenied):
        AMENDMENT.transition(fresh(made), "confirm", by=people["officer"])
    AMENDMENT.transition(fresh(made), "confirm", by=people["member"])
    assert not fresh(made).awaits_author
    with pytest.raises(StateConflict):
        AMENDMENT.transition(fresh(made), "confirm", by=people["member"])
    line = Entry.objects.get(event_type="amendment.recorded")
    assert line.on_behalf_of == author.pseudonym


def test_paper_that_came_too_late_is_refused(people):
    opinion = in_sitting(people, voters=0, amendments_close_at=timezone.now() - timedelta(days=3))
    author = sits(people["member"], people.term).member.person
    with pytest.raises(ValidationError, match="arrivé trop tard"):
        amendments.record_for(
            opinion, author, via="paper", received_on=timezone.localdate(), by=people["officer"], **WORDS
        )


def called(opinion, people, **facts):
    made = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, **facts)
    return made


def vote(amendment, people, votes):
    AMENDMENT.transition(fresh(amendment), "call", by=people["officer"])
    return amendments.vote(fresh(amendment), votes, by=people["officer"], **VOTES)


def test_a_counted_vote_adopts_makes_others_fall_and_writes_the_next_text(people):
    opinion = in_sitting(people)
    deleted = called(opinion, people, operation=Operation.DELETE, content=[], alinea_from=2)
    inside = called(opinion, people, inside=True)
    added = called(opinion, people)
    ballot = vote(deleted, people, yes(10))
    states = {one.pk: fresh(one).state for one in (deleted, inside, added)}
    assert states == {deleted.pk: A.ADOPTED, inside.pk: A.FELL, added.pk: A.ADMISSIBLE}
    assert (fresh(inside).fell_because_id, ballot.result) == (deleted.pk, "adopted")
    assert "porte sur le même passage" in fresh(inside).end_reason
    last = last_version(opinion)
    assert (last.kind, last.tree["content"][1]["type"]) == (VersionKind.AMENDED, "recommendation")
    vote(added, people, yes())
    assert last_version(opinion).tree["content"][1] == said("Un mot de plus.")
    assert OpinionVersion.objects.filter(opinion=opinion, kind=VersionKind.AMENDED).count() == 2
    assert opinion.state == OpinionState.FROZEN


def test_a_rejected_vote_changes_no_text_and_the_opinion_stays_open(people):
    opinion = in_sitting(people)
    one = called(opinion, people)
    vote(one, people, yes(2))
    assert (fresh(one).state, last_version(opinion).kind) == (A.REJECTED, VersionKind.TABLED)
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.FROZEN


def test_the_vote_of_an_amendment_is_never_taken_for_that_of_the_opinion(people):
    """Even when the vote that was prepared on the whole was cancelled."""
    opinion = in_sitting(people)
    type(opinion).objects.filter(pk=opinion.pk).update(ballot=None)
    vote(called(opinion, people), people, yes())
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot) == (OpinionState.FROZEN, None)


def test_a_text_taken_back_ends_its_amendments_and_their_words_serve_again(people):
    opinion = amending(people)
    one = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, author=people["member"].person)
    done = AmendmentFactory(opinion=opinion, state=A.INADMISSIBLE)
    voting.take_off(opinion, reason="À revoir.", by=people["officer"])
    assert [fresh(row).state for row in (one, done)] == [A.FELL, A.INADMISSIBLE]
    assert "Le texte a été repris" in fresh(one).end_reason
    with pytest.raises(PermissionDenied):
        amendments.copy_to_draft(fresh(one), by=people["member"])
    voting.table(again(opinion), SittingFactory(term=people.term, notified=True), by=people["officer"])
    with pytest.raises(PermissionDenied):
        amendments.copy_to_draft(fresh(one), by=people["officer"])
    draft = amendments.copy_to_draft(fresh(one), by=people["member"])
    assert (draft.content, draft.state) == (one.content, A.DRAFT)
    assert draft.version == base_version(opinion)
    with pytest.raises(StateConflict):
        amendments.copy_to_draft(fresh(draft), by=people["member"])


def test_what_was_never_called_falls_when_the_whole_is_voted(people):
    opinion = in_sitting(people)
    left = [AmendmentFactory(opinion=opinion, state=state) for state in (A.SUBMITTED, A.ADMISSIBLE)]
    decided = AmendmentFactory(opinion=opinion, state=A.REJECTED)
    decisions.count_ballot(opinion.ballot, yes(), by=people["officer"], **VOTES)
    BALLOT.transition(opinion.ballot, "proclaim", by=people["officer"])
    assert [fresh(one).state for one in (*left, decided)] == [A.FELL, A.FELL, A.REJECTED]
    assert "voté avant" in fresh(left[0]).end_reason


def test_adopted_without_opposition_has_no_ballot(people):
    opinion = in_sitting(people, voters=0)
    one = called(opinion, people)
    AMENDMENT.transition(fresh(one), "call", by=people["officer"])
    before = Ballot.objects.count()
    amendments.consent(fresh(one), by=people["officer"])
    assert (fresh(one).state, fresh(one).decision_mode, Ballot.objects.count()) == (A.ADOPTED, "consent", before)


def test_sub_amendments_are_voted_first_and_fall_with_their_parent(people):
    opinion = in_sitting(people)
    parent = called(opinion, people)
    sub = called(
        opinion,
        people,
        parent=parent,
        operation=Operation.REPLACE,
        alinea_from=1,
        quote="mot",
        new_text="bus",
        content=[],
    )
    AMENDMENT.transition(fresh(parent), "call", by=people["officer"])
    with pytest.raises(ValidationError, match="se vote d’abord"):
        amendments.consent(fresh(parent), by=people["officer"])
    vote(sub, people, yes())
    assert last_version(opinion).kind == VersionKind.TABLED
    amendments.consent(fresh(parent), by=people["officer"])
    assert last_version(opinion).tree["content"][2] == said("Un bus de plus.")
    lone = called(
        opinion, people, parent=called(opinion, people), operation=Operation.DELETE, alinea_from=1, content=[]
    )
    amendments.fall(fresh(lone.parent), reason="Sans objet.", by=people["officer"])
    assert fresh(lone).state == A.FELL


def test_a_corrected_result_takes_its_text_back_and_the_lead_restores_what_fell(people):
    opinion = in_sitting(people)
    deleted = called(opinion, people, operation=Operation.DELETE, content=[], alinea_from=2)
    inside = called(opinion, people, inside=True)
    vote(deleted, people, yes())
    with pytest.raises(ValidationError, match="Corrigez d’abord"):
        AMENDMENT.transition(fresh(inside), "restore", reason="Il se défend.", by=people["lead"])
    with pytest.raises(PermissionDenied):
        AMENDMENT.transition(fresh(inside), "restore", reason="Il se défend.", by=people["officer"])
    amendments.correct(fresh(deleted), reason="Mal compté.", by=people["officer"])
    assert last_version(opinion).tree == base_version(opinion).tree
    amendments.vote(fresh(deleted), yes(1), by=people["officer"], **VOTES)
    AMENDMENT.transition(fresh(inside), "restore", reason="Il se défend.", by=people["lead"])
    vote(inside, people, yes())
    assert last_version(opinion).tree["content"][1] == said("Des habitants sont isolés.")


def test_merging_carries_the_signatures_once(people):
    opinion = amending(people)
    one, two = AmendmentFactory(opinion=opinion), AmendmentFactory(opinion=opinion)
    both = AmendmentCosignerFactory(amendment=one, signed=True).person
    AmendmentCosignerFactory(amendment=two, signed=True, person=both)
    asked = AmendmentCosignerFactory(amendment=one).person
    amendments.merge(fresh(one), two, reason="Même chose.", by=people["officer"])
    signed = set(fresh(two).cosigners.values_list("person", flat=True))
    assert (fresh(one).state, fresh(one).merged_into_id) == (A.MERGED, two.pk)
    assert signed == {both.pk, one.author_id}
    assert asked.pk not in signed
    with pytest.raises(ValidationError):
        amendments.merge(fresh(two), two, reason="Même chose.", by=people["officer"])


def test_the_text_is_the_same_whatever_the_order_of_recording(people):
    trees = []
    for turn in (1, -1):
        opinion = in_sitting(people)
        made = [called(opinion, people, content=[said(f"Ajout {n}.")], number=n) for n in (1, 2, 3)]
        made.append(called(opinion, people, inside=True, number=4))
        for one in made[::turn]:
            vote(one, people, yes())
        trees.append(last_version(opinion).tree)
    strip = [[block for block in tree["content"] if block["type"] != "recommendation"] for tree in trees]
    assert strip[0] == strip[1]
    assert len(strip[0]) == 5


def test_the_adopted_opinion_has_the_recommendations_that_amendments_left(people):
    """One deleted, one renamed, one added: rows, references and the adopted version say the same."""
    opinion = in_sitting(people)
    tree = base_version(opinion).tree
    nodes = [block["attrs"]["id"] for block in tree["content"] if block["type"] == "recommendation"]
    rows = [RecommendationFactory(opinion=opinion, node_id=node, number=n) for n, node in enumerate(nodes, 1)]
    give_references(opinion)
    added = grammar.recommendation("Un taxi", {"proposal": "Payer la course."})
    called(opinion, people, operation=Operation.DELETE, content=[], alinea_from=3, alinea_to=9, number=1)
    called(opinion, people, operation=Operation.REPLACE, alinea_from=10, content=[said("Un bus du soir")], number=2)
    called(opinion, people, alinea_from=16, content=[added], number=3)
    for one in Amendment.objects.filter(version__opinion=opinion):
        AMENDMENT.transition(fresh(one), "call", by=people["officer"])
        amendments.consent(fresh(one), by=people["officer"])
    decisions.count_ballot(opinion.ballot, yes(), by=people["officer"], **VOTES)
    BALLOT.transition(opinion.ballot, "proclaim", by=people["officer"])
    states = {row.pk: row.state for row in Recommendation.objects.filter(opinion=opinion)}
    assert (states[rows[0].pk], states[rows[1].pk]) == ("removed", "active")
    active = Recommendation.objects.filter(opinion=opinion, state="active").order_by("number")
    assert [row.title for row in active] == ["Un bus du soir", "Un taxi"]
    assert all(row.reference for row in active)
    assert len({row.reference for row in Recommendation.objects.filter(opinion=opinion)}) == 3
    last = last_version(opinion)
    assert last.kind == VersionKind.ADOPTED
    assert last.tree["content"][-1]["attrs"]["id"] == added["attrs"]["id"]
