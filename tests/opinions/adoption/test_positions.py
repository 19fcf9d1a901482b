"""Minority positions: by whom, until when, with which words, signed again when they change."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from opinions.adoption import queries, rules
from opinions.adoption.actions import positions as actions
from opinions.adoption.workflow import POSITION
from opinions.models import MinorityPosition, Opinion, OpinionState, PositionState
from tests.factories.opinions import MinorityPositionFactory, OpinionFactory
from tests.opinions.amendments.debated_opinion import again, sits
from tests.undo import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
P = PositionState
BODY = "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir. " * 2
ROLES = ["author", "member", "officer", "lead", "facilitator", "president", "stranger"]


def adopted(people, **facts):
    return again(OpinionFactory(term=people.term, state=OpinionState.ADOPTED, officer=people["officer"], **facts))


def position_of(people, opinion, **facts):
    people["author"] = people.make("member", people.term)
    made = MinorityPositionFactory(opinion=opinion, author=people["author"], body=BODY, **facts)
    return queries.full(MinorityPosition.objects.all()).get(pk=made.pk)


WORDS = {"title": "Le bus", "body": BODY, "version": 1}
# Verb: its page, what is posted, who may, from which states, to which state (None: it stays), lines in the journal.
STEPS = {
    "edit": ("position-edit", WORDS, "author", {P.DRAFT, P.SUBMITTED}, None, {P.SUBMITTED: "position.changed"}),
    "submit": ("position-check", {}, "author", {P.DRAFT}, P.SUBMITTED, {P.DRAFT: "position.submitted"}),
    "confirm": ("position-confirm", {}, "author", {P.SUBMITTED}, None, {P.SUBMITTED: "position.confirmed"}),
    "sign": ("position-sign", {}, "member", {P.SUBMITTED}, None, {P.SUBMITTED: "position.signed"}),
    # Nobody has signed here: there is nothing to take back, and nothing to write down.
    "unsign": ("position-unsign", {}, "member", {P.SUBMITTED}, None, {}),
    "withdraw": ("position-withdraw", {}, "author", {P.SUBMITTED}, P.WITHDRAWN, {P.SUBMITTED: "position.withdrawn"}),
    # A draft that nobody else has seen goes without a line.
    "discard": ("position-discard", {}, "author", {P.DRAFT}, "gone", {}),
}


def answer_of(verb, role, state):
    """Return 403 outside the members' area or without right, 404 if not visible, 409 from another state."""
    _page, _data, who, sources, _target, _journal = STEPS[verb]
    if role not in {"author", "member"}:
        return 403
    if role == "member" and state != P.SUBMITTED:
        return 404
    if role != who:
        return 403
    return 302 if state in sources else 409


def test_every_step_is_in_the_table():
    assert set(STEPS) == {step.name for step in POSITION.steps}


@pytest.mark.parametrize("state", P)
def test_steps_by_state_and_role(state, people, signed_in):
    facts = {"submitted_at": timezone.now()} if state == P.SUBMITTED else {}
    facts |= {"withdrawn_at": timezone.now()} if state == P.WITHDRAWN else {}
    # Keyed in by the team, where there is something to confirm.
    facts |= {"recorded_by": people["officer"], "via": "paper"} if state == P.SUBMITTED else {}
    made = position_of(people, adopted(people), state=state, **facts)
    browsers = {role: signed_in(role) for role in ROLES}
    for verb, role in product(STEPS, ROLES):
        page, data, _who, _sources, target, journal = STEPS[verb]
        with undone(verb, state, role):
            lines, answer = Entry.objects.count(), answer_of(verb, role, state)
            assert browsers[role].post(reverse(f"opinions:{page}", args=[made.pk]), data).status_code == answer
            left = MinorityPosition.objects.filter(pk=made.pk).values_list("state", flat=True).first() or "gone"
            assert left == ((target or state) if answer == 302 else state)
            written = list(Entry.objects.order_by("pk")[lines:].values_list("event_type", flat=True))
            assert written == ([journal[state]] if answer == 302 and state in journal else [])


@pytest.mark.parametrize("state", OpinionState)
def test_positions_are_open_between_the_adoption_and_the_handover(state, people):
    opinion = OpinionFactory(term=people.term, state=state)
    assert rules.is_open(opinion, timezone.localdate()) is (state == OpinionState.ADOPTED)


def test_the_last_day_closes_with_a_sentence_and_keeps_the_draft(people):
    opinion = adopted(people)
    draft = actions.save(opinion, title="Le bus", body=BODY, by=people["member"])
    Opinion.objects.filter(pk=opinion.pk).update(adopted_on=timezone.localdate() - timedelta(days=rules.DAYS + 1))
    draft = queries.full(MinorityPosition.objects.all()).get(pk=draft.pk)
    with pytest.raises(ValidationError, match="étaient attendues jusqu’au .* Votre brouillon est gardé"):
        POSITION.transition(draft, "submit", by=people["member"])
    assert MinorityPosition.objects.get().body == BODY.strip()


def test_length_and_names_are_checked(people):
    opinion = adopted(people)
    other = sits(people.make("member", people.term), people.term).member.person
    short = actions.save(opinion, title="Le bus", body="Non.", by=people["member"])
    with pytest.raises(ValidationError, match="Écrivez entre 80 et 6000 signes"):
        POSITION.transition(short, "submit", by=people["member"])
    named = actions.save(opinion, title="Le bus", body=f"{BODY} {other.full_name} a dit non.", by=people["member"])
    with pytest.raises(ValidationError, match="Ce texte nomme"):
        POSITION.transition(named, "submit", by=people["member"])
    own = sits(people["member"], people.term).member.person
    signed = actions.save(opinion, title="Le bus", body=f"{BODY} {own.full_name}", by=people["member"])
    POSITION.transition(signed, "submit", by=people["member"])


def test_signatures_fall_when_the_words_change(people):
    opinion = adopted(people)
    position = position_of(people, opinion, submitted=True)
    actions.sign(position, by=people["member"])
    actions.sign(position, by=people["member"])
    assert [len(one.signers) for one in queries.of(opinion)] == [2]
    fresh = queries.full(MinorityPosition.objects.all()).get(pk=position.pk)
    values = {"title": "Le bus", "body": f"{BODY} Et le soir."}
    assert actions.save(opinion, position=fresh, version=1, by=people["author"], **values)
    with pytest.raises(EditConflict):
        actions.save(opinion, position=fresh, version=1, by=people["author"], **values)
    assert [len(one.signers) for one in queries.of(opinion)] == [1]
    assert Entry.objects.filter(event_type="position.signed").count() == 1
    actions.unsign(fresh, by=people["member"])


def test_the_team_keys_in_and_the_author_confirms(people):
    opinion = adopted(people)
    facts = {"via": "paper", "title": "Le bus", "body": BODY}
    with pytest.raises(PermissionDenied):
        actions.record_for(opinion, people["member"], by=people["member"], **facts)
    with pytest.raises(ValidationError, match="membre de l’assemblée"):
        actions.record_for(opinion, people["officer"], by=people["officer"], **facts)
    made = actions.record_for(opinion, people["member"], by=people["officer"], **facts)
    assert POSITION.can_take(people["member"], made, "confirm")
    POSITION.transition(made, "confirm", by=people["member"])
    late = MinorityPosition.objects.select_related("opinion").get(pk=made.pk)
    with pytest.raises(StateConflict):
        POSITION.transition(late, "confirm", by=people["member"])


def test_by_the_pages(people, signed_in):
    opinion = adopted(people)
    browser = signed_in("member")
    assert "Écrire une position" in browser.get(reverse("opinions:my-positions", args=[opinion.pk])).text
    sent = browser.post(reverse("opinions:position-new", args=[opinion.pk]), {"title": "Le bus", "body": BODY})
    position = MinorityPosition.objects.get()
    assert sent.url == reverse("opinions:position-check", args=[position.pk])
    assert "Relisez" in browser.get(sent.url).text
    assert browser.post(sent.url).url == reverse("opinions:my-position", args=[position.pk])
    other = signed_in(people.make("member", people.term))
    assert "Signer cette position" in other.get(reverse("opinions:my-position", args=[position.pk])).text
    other.post(reverse("opinions:position-sign", args=[position.pk]))
    assert len(queries.of(opinion)[0].signers) == 2
    page = signed_in("officer").get(reverse("opinions:positions", args=[opinion.pk])).text
    assert "Le bus" in page
    record = reverse("opinions:position-record", args=[opinion.pk])
    data = {"author": people["member"].pk, "via": "paper", "title": "Encore", "body": BODY}
    refused = signed_in("officer").post(record, data | {"body": "Non."})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["body"])
    assert signed_in("officer").post(record, data).status_code == 302
    draft = MinorityPositionFactory(opinion=opinion)
    assert other.get(reverse("opinions:my-position", args=[draft.pk])).status_code == 404
