"""Preparing a draw: quotas with their decisions, the freeze by somebody else, contestations, void."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from assembly.notifications.models import Delivery
from assembly.web.errors import StateConflict
from draws.draws.actions import preparation as actions
from draws.draws.queries.draw import first_quotas
from draws.draws.workflow.draw import DRAW
from draws.models import Call, CallState, CandidateState, Draw, DrawState, FrozenPool, PoolEntry, QuotaVersion
from members.enums import Gender
from members.sortition.protocol import sha256
from tests.draws.stage import closed_call, draw_in, fresh, tried

pytestmark = pytest.mark.django_db
S = DrawState


def rows_of(content):
    return list(csv.DictReader(io.StringIO(bytes(content).decode())))


def test_a_draw_begins_with_quotas_from_the_seats(people):
    draw = actions.begin_draw(closed_call(people), by=people["officer"])
    assert (draw.number, draw.reference, draw.quotas.seats) == (1, "AC2-TIRAGE-1", 4)
    rows = rows_of(draw.quotas.content)
    cells = [row for row in rows if row["feature"] == "canton_sexe"]
    assert [(row["min"], row["max"]) for row in cells] == [("1", "1")] * 4
    assert draw.quotas.sha256 == sha256(bytes(draw.quotas.content))


def test_one_draw_at_a_time(people):
    draw = draw_in(people)
    with pytest.raises(ValidationError):
        actions.begin_draw(draw.call, by=people["officer"])
    actions.void_draw(draw, reason="Essai.", by=people["lead"])
    assert actions.begin_draw(Call.objects.get(pk=draw.call_id), by=people["officer"]).number == 2


def test_a_version_needs_a_decision_a_change_and_the_number_that_was_read(people):
    draw = draw_in(people, S.CHECKED)
    content = bytes(draw.quotas.content).replace(b"csp,employe,0,4", b"csp,employe,1,4")
    by = people["officer"]
    for refused in (
        {"decision": " ", "seen": 1, "content": content},
        {"decision": "Décidé.", "seen": 1, "content": bytes(draw.quotas.content)},
        {"decision": "Décidé.", "seen": 7, "content": content},
        {"decision": "Décidé.", "seen": 1, "content": b"feature,value,min,max\ncsp,cadre,3,1\n"},
        {"decision": "Décidé.", "seen": 1, "content": b"\xff\xfe"},
    ):
        told = dict(refused)
        with pytest.raises(ValidationError):
            actions.set_quotas(fresh(draw), told.pop("content"), seats=4, by=by, **told)
    version = actions.set_quotas(draw, content, seats=4, decision="Décidé en COPIL.", seen=1, by=by)
    assert (version.number, fresh(draw).state, fresh(draw).quotas) == (2, S.DRAFT, version)


def test_a_remedy_is_a_new_version_with_its_decision(people):
    draw = draw_in(people)
    remedy = {"kind": "leave_vacant", "seats": 3, "changes": [["canton_sexe", "C01-H", 0, 1]], "sentence": "…"}
    feature = next(row["value"] for row in rows_of(draw.quotas.content))
    remedy["changes"][0][1] = feature
    version = actions.apply_remedy(draw, remedy, decision="Siège laissé vacant.", seen=1, by=people["officer"])
    assert (version.seats, version.remedy, version.decision) == (3, "leave_vacant", "Siège laissé vacant.")
    assert ("0", "1") in {(row["min"], row["max"]) for row in rows_of(version.content) if row["value"] == feature}


def test_quotas_and_lists_are_never_changed(people):
    draw = draw_in(people, S.FROZEN)
    for rows in (QuotaVersion.objects.all(), FrozenPool.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(sha256="0" * 64)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(connection.alias)
    with pytest.raises(DatabaseError), transaction.atomic():
        PoolEntry.objects.update(pseudonym="V9999")
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk)._raw_delete(connection.alias)


def test_only_a_lead_who_did_not_prepare_freezes(people):
    draw = draw_in(people, S.CHECKED)
    with pytest.raises(PermissionDenied):
        actions.freeze_list(draw, by=people["officer"])
    Draw.objects.filter(pk=draw.pk).update(prepared_by=people["lead"])
    with pytest.raises(PermissionDenied):
        actions.freeze_list(fresh(draw), by=people["lead"])


def test_the_lead_who_wrote_the_quotas_does_not_freeze_either(people):
    draw = draw_in(people)
    content = bytes(draw.quotas.content).replace(b"csp,employe,0,4", b"csp,employe,1,4")
    actions.set_quotas(draw, content, seats=4, decision="Décidé.", seen=1, by=people["lead"])
    tried(draw, people)
    DRAW.transition(fresh(draw), "check", by=people["officer"])
    with pytest.raises(PermissionDenied):
        actions.freeze_list(fresh(draw), by=people["lead"])


def test_the_freeze_gives_pseudonyms_and_moves_everybody(people):
    draw = draw_in(people, S.CHECKED)
    pool = actions.freeze_list(draw, by=people["lead"])
    rows = rows_of(pool.content)
    assert [row["id"] for row in rows] == [f"V{n:04}" for n in range(1, 13)]
    assert (pool.sha256, pool.size) == (sha256(bytes(pool.content)), 12)
    for entry in pool.entries.select_related("candidate__canton"):
        row = next(row for row in rows if row["id"] == entry.pseudonym)
        assert row["canton"] == f"C{entry.candidate.canton.number:02}"
        assert row["sexe"] == {"F": "F", "M": "H"}[entry.candidate.gender]
    text = bytes(pool.content).decode()
    assert not any(word in text for word in ("Nom", "Prénom", "Commune", "C-0", "example"))
    assert set(draw.call.candidates.values_list("state", flat=True)) == {CandidateState.IN_POOL}


def test_the_freeze_needs_a_closed_call_and_the_candidates_of_the_trial(people):
    draw = draw_in(people, S.CHECKED)
    Call.objects.update(state=CallState.OPEN, closed_on=None)
    with pytest.raises(ValidationError, match="appel"):
        actions.freeze_list(fresh(draw), by=people["lead"])
    Call.objects.update(state=CallState.CLOSED, closed_on=timezone.localdate())
    draw.call.candidates.filter(number=1).update(gender=Gender.OTHER, occupation="cadre")
    with pytest.raises(ValidationError, match="essai"):
        actions.freeze_list(fresh(draw), by=people["lead"])


def test_who_gave_no_gender_stands_where_volunteers_are_fewer(people):
    draw = draw_in(people)
    women = draw.call.candidates.filter(gender="F").order_by("number")
    women.filter(pk=women.first().pk).update(gender=Gender.OTHER)
    tried(fresh(draw), people)
    DRAW.transition(fresh(draw), "check", by=people["officer"])
    pool = actions.freeze_list(fresh(draw), by=people["lead"])
    entry = pool.entries.get(candidate__gender=Gender.OTHER)
    assert next(row["sexe"] for row in rows_of(pool.content) if row["id"] == entry.pseudonym) == "F"


def test_a_household_of_two_is_told_by_pseudonyms_alone(people):
    draw = draw_in(people)
    draw.call.candidates.filter(number__in=[1, 2]).update(household="rue du port 1")
    draw.call.candidates.filter(number=3).update(household="seule")
    tried(fresh(draw), people)
    DRAW.transition(fresh(draw), "check", by=people["officer"])
    rows = rows_of(actions.freeze_list(fresh(draw), by=people["lead"]).content)
    shared = [row for row in rows if row["foyer"]]
    assert len(shared) == 2
    assert {row["foyer"] for row in shared} == {f"M{min(row['id'] for row in shared)}"}


def test_a_list_that_was_taken_back_is_frozen_anew_under_other_pseudonyms(people):
    draw = draw_in(people, S.COMPUTED)
    actions.unfreeze(draw, reason="Un canton est faux.", by=people["lead"])
    assert set(draw.call.candidates.values_list("state", flat=True)) == {CandidateState.ELIGIBLE}
    tried(fresh(draw), people)
    DRAW.transition(fresh(draw), "check", by=people["officer"])
    pool = actions.freeze_list(fresh(draw), by=people["lead"])
    assert (pool.version, FrozenPool.objects.count()) == (2, 2)


def test_what_is_announced_is_never_taken_back_only_voided(people):
    draw = draw_in(people, S.ANNOUNCED)
    with pytest.raises(StateConflict):
        actions.unfreeze(draw, reason="Trop tard.", by=people["lead"])
    actions.void_draw(draw, reason="Une empreinte est fausse.", by=people["lead"])
    assert (fresh(draw).state, fresh(draw).announced_at is None) == (S.VOID, False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(void_reason="Autre chose.")


def test_a_volunteer_contests_once_at_a_time_until_the_end(people):
    draw = draw_in(people, S.FROZEN, contest_days=7)
    entry = PoolEntry.objects.select_related("pool__draw__call__term").first()
    found = actions.contest(entry, "Je suis ouvrière.")
    with pytest.raises(ValidationError, match="déjà"):
        actions.contest(entry, "Encore.")
    with pytest.raises(PermissionDenied):
        actions.answer_contestation(found, answer="Non.", by=people["facilitator"])
    actions.answer_contestation(found, answer="C’est corrigé.", by=people["officer"])
    with pytest.raises(ValidationError):
        actions.answer_contestation(found, answer="Autre réponse.", by=people["officer"])
    Draw.objects.filter(pk=draw.pk).update(contest_days=0)
    with pytest.raises(ValidationError, match="fini"):
        actions.contest(PoolEntry.objects.select_related("pool__draw__call__term").first(), "Trop tard.")


def test_nothing_is_announced_before_the_end_of_the_period(people):
    draw = draw_in(people, S.COMPUTED, contest_days=7)
    Draw.objects.filter(pk=draw.pk).update(place="Toulouse", takes_place_at=timezone.now())
    assert [error.code for error in DRAW.missing(fresh(draw), "announce")] == ["delay"]
    Draw.objects.filter(pk=draw.pk).update(contest_days=0, ceiling="0.50")
    assert [error.code for error in DRAW.missing(fresh(draw), "announce")] == ["portfolio"]
    Draw.objects.filter(pk=draw.pk).update(ceiling=None)
    DRAW.transition(fresh(draw), "announce", by=people["lead"])


def test_each_volunteer_is_written_to_once_a_list_and_once_for_the_chances(people):
    draw = draw_in(people, S.FROZEN)
    draw.call.candidates.filter(number=1).update(email="")
    assert actions.write_to_volunteers(draw, by=people["officer"]) == 11
    assert actions.write_to_volunteers(fresh(draw), by=people["officer"]) == 11
    assert Delivery.objects.count() == 11
    assert not any("example" in str(row.context) or row.address for row in Delivery.objects.all())


def test_a_term_without_seats_begins_without_quotas(people):
    closed_call(people).term.seat_rows.all().delete()
    assert first_quotas(people.term)[1] == 0
    assert actions.begin_draw(Call.objects.get(), by=people["officer"]).quotas is None


LIES = {
    "frozen at no moment": (S.FROZEN, {"frozen_at": None}),
    "frozen by nobody": (S.FROZEN, {"frozen_by": None}),
    "announced at no moment": (S.ANNOUNCED, {"announced_at": None}),
    "drawn without an announcement": (S.COMPUTED, {"drawn_at": timezone.now()}),
    "certified by nobody": (S.CERTIFIED, {"witness_name": ""}),
    "void without a reason": (S.DRAFT, {"state": S.VOID, "voided_at": timezone.now()}),
    "of an unknown state": (S.DRAFT, {"state": "forgotten"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_draw_refuses_what_its_state_denies(name, people):
    state, facts = LIES[name]
    draw = draw_in(people, state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(**facts)
