"""Nobody is left out of a frozen list unexamined: refused, or excluded one by one with a reason that is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from assembly.workflow import StateConflict
from draws.calls import actions as calls
from draws.calls.workflow import CALL
from draws.candidates import actions
from draws.candidates.workflow import CANDIDATE
from draws.draws.actions import preparation
from draws.draws.queries.pending import next_acts
from draws.draws.queries.records import applications, record_content
from draws.draws.workflow import guards
from draws.models import Call, CallState, Candidate, CandidateState, Draw, DrawState, ExclusionReason
from tests.draws.stage import draw_in, fresh
from tests.factories.candidates import CallFactory, CandidateFactory

pytestmark = pytest.mark.django_db
S = DrawState


@pytest.fixture
def draw(people):
    """Return a draw that is ready to be frozen, but for one candidature that nobody examined."""
    return draw_in(people, S.CHECKED)


@pytest.fixture
def waiting(draw):
    return CandidateFactory(call=draw.call, canton=draw.call.candidates.first().canton, number=900)


def freeze(draw, people):
    return preparation.freeze_list(fresh(draw), by=people["lead"])


# The freeze


def test_a_list_with_somebody_unexamined_is_not_frozen(people, draw, waiting):
    """It passed without a word, and 37 candidatures were left out after names were public."""
    with pytest.raises(ValidationError) as refused:
        freeze(draw, people)
    assert (refused.value.code, refused.value.messages) == (
        "unexamined",
        ["1 candidature attend encore son examen : examinez-la, ou écartez-la avec son motif."],
    )
    assert fresh(draw).frozen_at is None
    assert not Entry.objects.filter(event_type="draw.frozen").exists()


def test_the_page_says_how_many_wait_and_leads_to_them(people, draw, waiting, signed_in):
    CandidateFactory(call=draw.call, canton=waiting.canton, number=901)
    browser = signed_in("lead")
    address = reverse("draws:draw-step", args=[draw.pk, "figer"])
    page = browser.get(address)
    assert "2 candidatures attendent encore leur examen" in page.text
    assert "aria-disabled" in page.text
    assert "/bureau/candidatures/?etat=submitted" in page.text
    assert browser.post(address).status_code == 422
    overview = browser.get(reverse("draws:draw", args=[draw.pk])).text
    assert "2 candidatures attendent encore leur examen" in overview
    assert fresh(draw).frozen_at is None


def test_the_database_refuses_the_freeze_too(people, draw, waiting):
    lead = people["lead"]
    with pytest.raises(IntegrityError, match="unexamined"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(frozen_at=timezone.now(), frozen_by=lead, state=S.FROZEN)
    Candidate.objects.filter(pk=waiting.pk).update(state=CandidateState.WITHDRAWN)
    freeze(draw, people)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Candidate.objects.filter(pk=waiting.pk).update(state=CandidateState.SUBMITTED)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        CandidateFactory(call=draw.call, canton=waiting.canton, number=902)


def come_back(row, lead):
    if row.state == CandidateState.UNCONFIRMED:
        actions.confirm_candidature(row)
    else:
        CANDIDATE.transition(row, "reopen", by=lead, reason="Une erreur.")


@pytest.mark.parametrize("state", ["unconfirmed", "withdrawn", "ineligible"])
def test_nobody_comes_back_to_be_examined_once_the_list_is_frozen(people, draw, waiting, state):
    """The address that was never confirmed does not hold the list, nor does it enter it afterwards."""
    values = {"state": state, "ground": "elected" if state == "ineligible" else ""}
    values |= {"confirmed_email": ""} if state == "unconfirmed" else {}
    Candidate.objects.filter(pk=waiting.pk).update(**values)
    freeze(draw, people)
    waiting.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        come_back(waiting, people["lead"])
    assert refused.value.code == "frozen"
    assert Candidate.objects.get(pk=waiting.pk).state == state


def test_whoever_confirms_too_late_reads_it(people, draw, waiting, client):
    Candidate.objects.filter(pk=waiting.pk).update(state=CandidateState.UNCONFIRMED, confirmed_email="")
    waiting.refresh_from_db()
    freeze(draw, people)
    token = actions.rules.page_token(waiting)
    page = client.get(reverse("draws:candidate-page", args=[token])).text
    assert "La liste du tirage est figée" in page
    assert "Confirmer ma candidature" not in page
    late = client.post(reverse("draws:candidate-confirm", args=[token]), follow=True)
    assert (late.status_code, "Votre candidature est enregistrée" in late.text) == (200, False)
    code = actions.rules.code_token(waiting)
    typed = {"code": actions.rules.confirmation_code(waiting)}
    assert client.post(reverse("draws:apply-code", args=[code]), typed).status_code == 422


def test_a_void_draw_lets_examinations_begin_again(people, draw, waiting):
    Candidate.objects.filter(pk=waiting.pk).update(state=CandidateState.WITHDRAWN)
    freeze(draw, people)
    preparation.void_draw(fresh(draw), reason="Panne.", by=people["lead"])
    CANDIDATE.transition(waiting, "reopen", by=people["lead"], reason="Une erreur.")
    assert waiting.state == CandidateState.SUBMITTED


# Excluding one by one


def test_the_team_excludes_with_a_reason_and_the_person_is_told(people, draw, waiting):
    actions.exclude(waiting, reason=ExclusionReason.UNREACHABLE, by=people["officer"])
    assert (waiting.state, waiting.exclusion, waiting.verdict) == (CandidateState.EXCLUDED, "unreachable", "")
    assert waiting.decision_sent_at is not None
    [entry] = Entry.objects.filter(subject_id=str(waiting.pk))
    assert (entry.event_type, entry.facts["reason"]) == ("candidate.excluded", "unreachable")
    delivery = Delivery.objects.get()
    kind = kinds[delivery.distribution.kind]
    assert kind.mailbox(delivery) == ("", waiting.email)
    assert kind.context(delivery.distribution, delivery)["candidate"].exclusion == "unreachable"
    freeze(draw, people)


def test_whoever_gave_no_address_is_excluded_and_still_to_be_told(people, draw, waiting):
    Candidate.objects.filter(pk=waiting.pk).update(email="")
    waiting.refresh_from_db()
    actions.exclude(waiting, reason=ExclusionReason.INCOMPLETE, by=people["lead"])
    assert (waiting.state, waiting.decision_sent_at) == (CandidateState.EXCLUDED, None)
    assert not Delivery.objects.exists()


def test_excluding_waits_for_the_end_of_the_call_and_is_for_the_unexamined(people, draw, waiting):
    for who in ("facilitator", "member", "witness", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.exclude(waiting, reason="unreachable", by=people[who])
    Call.objects.update(state=CallState.OPEN, closed_on=None)
    waiting.call.refresh_from_db()
    with pytest.raises(StateConflict):
        actions.exclude(waiting, reason="unreachable", by=people["officer"])
    Call.objects.update(state=CallState.CLOSED, closed_on=timezone.localdate())
    eligible = draw.call.candidates.filter(state=CandidateState.ELIGIBLE).first()
    with pytest.raises(StateConflict):
        actions.exclude(eligible, reason="unreachable", by=people["officer"])


def test_an_exclusion_is_taken_back_by_the_lead(people, draw, waiting):
    actions.exclude(waiting, reason="unreachable", by=people["officer"])
    CANDIDATE.transition(waiting, "reopen", by=people["lead"], reason="Elle a rappelé.")
    assert (waiting.state, waiting.exclusion, waiting.decision_sent_at) == (CandidateState.SUBMITTED, "", None)


def test_the_database_wants_a_reason_for_each_exclusion_and_for_nothing_else(people, waiting):
    for values in (
        {"state": "excluded"},
        {"state": "excluded", "exclusion": "zzz"},
        {"exclusion": "unreachable"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Candidate.objects.filter(pk=waiting.pk).update(**values)


def test_the_screen_excludes_and_leads_to_the_next_one(people, draw, waiting, signed_in, client):
    other = CandidateFactory(call=draw.call, canton=waiting.canton, number=901)
    browser = signed_in("officer")
    address = reverse("draws:candidate-step", args=[waiting.pk, "ecarter"])
    page = browser.get(address).text
    assert "personne injoignable" in page
    assert "Un courriel part à la personne, avec ce motif." in page
    assert browser.post(address, {"reason": "zzz"}).status_code == 422
    sent = browser.post(address, {"reason": "unreachable"})
    assert (sent.status_code, sent.url) == (302, reverse("draws:candidate", args=[other.pk]))
    assert browser.post(address, {"reason": "unreachable"}).status_code == 409
    assert (
        "Écartée sans examen, personne injoignable." in browser.get(reverse("draws:candidate", args=[waiting.pk])).text
    )
    own = client.get(reverse("draws:candidate-page", args=[actions.rules.page_token(waiting)])).text
    assert "personne injoignable" in own


# The record


def test_the_record_says_how_many_and_why_and_no_name(people, draw, waiting):
    other = CandidateFactory(call=draw.call, canton=waiting.canton, number=901, last_name="Introuvable")
    third = CandidateFactory(call=draw.call, canton=waiting.canton, number=902)
    for row, reason in ((waiting, "unreachable"), (other, "unreachable"), (third, "incomplete")):
        actions.exclude(row, reason=reason, by=people["officer"])
    pool = freeze(draw, people)
    assert applications(pool.counts, pool.size) == {
        "registered": 15,
        "excluded": [("sans examen, dossier incomplet", 1), ("sans examen, personne injoignable", 2)],
        "retained": 12,
    }
    assert "Introuvable" not in str(pool.counts)


def test_a_list_frozen_before_exclusions_existed_is_still_read():
    counts = {"states": {"eligible": 3, "ineligible": 1}, "grounds": {"elected": 1}}
    assert applications(counts, 3) == {"registered": 4, "excluded": [("mandat électif", 1)], "retained": 3}


def test_who_freezes_reads_how_many_were_left_out_and_why(people, draw, waiting, signed_in):
    actions.exclude(waiting, reason="unreachable", by=people["officer"])
    page = signed_in("lead").get(reverse("draws:draw-step", args=[draw.pk, "figer"])).text
    assert "1 candidature est écartée sans examen (personne injoignable)." in page


def test_an_unexamined_candidature_takes_the_freeze_off_the_list_of_the_lead(people, draw, waiting):
    assert list(next_acts(people["lead"], people.term).values_list("act", flat=True)) == []


# The day on which a call closed


def closed_early(people):
    call = CallFactory(term=people.term, opens_on=timezone.localdate() - timedelta(days=5))
    CALL.transition(call, "close", by=people["lead"], reason="Assez de candidatures.")
    return call


def test_a_closed_call_shows_the_day_on_which_it_closed(people, signed_in, client):
    """« Les candidatures étaient reçues jusqu’au 31 mars 2027 », said on 30 November 2026."""
    call = closed_early(people)
    today = timezone.localdate()
    assert (call.state, call.closed_on) == (CallState.CLOSED, today)
    Call.objects.update(opens_on="2026-11-02", closes_on="2027-03-31", draw_on="2027-04-19", closed_on="2026-11-28")
    home = client.get("/").text
    for page in (client.get(reverse("draws:apply")).text, signed_in("lead").get(reverse("draws:call")).text):
        assert "28 novembre 2026" in page.replace("\u00a0", " ")
        assert "31 mars" not in page.replace("\u00a0", " ")
    assert "31 mars" not in home.replace("\u00a0", " ")


def test_a_call_closed_after_its_last_day_was_open_until_that_day(people, signed_in):
    today = timezone.localdate()
    call = CallFactory(term=people.term, opens_on=today - timedelta(days=20), closes_on=today - timedelta(days=3))
    CALL.transition(call, "close", by=people["lead"])
    assert calls.rules.very_last_day(call, []) == today - timedelta(days=3)


def test_a_call_that_is_extended_again_is_open_until_its_new_day(people):
    call = closed_early(people)
    later = timezone.localdate() + timedelta(days=40)
    calls.extend(call, by=people["lead"], canton=None, closes_on=later, reason="Trop peu.")
    assert (call.state, call.closed_on) == (CallState.OPEN, None)
    assert calls.rules.very_last_day(call, calls.extensions_of(call)) == later


def test_the_database_knows_the_day_of_each_closed_call(people):
    call = CallFactory(term=people.term)
    for values in ({"state": CallState.CLOSED}, {"closed_on": timezone.localdate()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**values)


def test_closing_says_how_many_wait(people, signed_in):
    call = CallFactory(term=people.term)
    for number in (1, 2, 3):
        CandidateFactory(call=call, number=number)
    page = signed_in("lead").get(reverse("draws:call-step", args=[call.pk, "clore"])).text
    assert "3 candidatures attendent leur examen" in page


def test_the_record_tells_the_day_on_which_the_call_closed(people):
    draw = draw_in(people, S.DRAWN)
    Call.objects.filter(pk=draw.call_id).update(closed_on="2026-08-20")
    assert record_content(fresh(draw))["call"]["closes_on"] == "2026-08-20"


# What was seen to change without a test


def test_the_witness_reads_names_from_the_freeze_on(people):
    draw = draw_in(people, S.CHECKED)
    assert guards.can_see_names(people["officer"], draw)
    assert not guards.can_see_names(people["witness"], draw)
    assert guards.can_see_names(people["witness"], draw_in(people, S.FROZEN))
    assert not guards.can_see_names(people["facilitator"], draw_in(people, S.FROZEN))


@pytest.mark.parametrize(
    ("trait", "state", "verbs"),
    [
        ({}, "submitted", ["candidate.corrected"]),
        ({"unconfirmed": True}, "unconfirmed", ["candidate.corrected"]),
        ({"state": "eligible"}, "submitted", ["candidate.corrected", "candidate.to_examine_again"]),
        ({"eligible": True}, "submitted", ["candidate.corrected", "candidate.to_examine_again"]),
    ],
)
def test_only_what_was_examined_is_examined_again(people, trait, state, verbs):
    row = CandidateFactory(**trait)
    actions.correct(row, {"last_name": "Nogaro"}, version=actions.version_of(row), by=people["officer"])
    assert row.state == state
    assert list(Entry.objects.order_by("pk").values_list("event_type", flat=True)) == verbs
