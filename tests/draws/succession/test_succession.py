"""After the draw: proposed mandates on the seats of the cells, replacements by the written rule alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import Error as DatabaseError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import EntryDetail
from assembly.institution.models import Term
from assembly.web.errors import StateConflict
from draws.draws.actions import ceremony
from draws.draws.queries.draw import outcome_of
from draws.models import CandidateNeed, CandidateState, DrawState, Placement
from draws.succession import actions
from draws.succession.queries import replacements
from members.enums import Gender, MandateState, NeedKind
from members.mandates import actions as mandates
from members.models import AccommodationNeed, Mandate
from tests.draws.stage import draw_in, fresh

pytestmark = pytest.mark.django_db
S = DrawState


@pytest.fixture
def revealed(people):
    draw = draw_in(people, S.CERTIFIED)
    ceremony.reveal(draw, by=people["lead"])
    return fresh(draw)


@pytest.fixture
def seated(revealed, people):
    actions.propose_mandates(revealed, by=people["officer"])
    return fresh(revealed)


def declined(draw, people, *pseudonyms):
    for row in Placement.objects.filter(draw=draw, pseudonym__in=pseudonyms).select_related("mandate__term"):
        mandates.record_step(row.mandate, "decline", by=people["officer"])
    return fresh(draw)


def test_what_a_candidate_asked_to_be_arranged_is_asked_for_the_member(revealed, people):
    candidate = revealed.call.candidates.filter(state=CandidateState.DRAWN).first()
    for kind in (NeedKind.TRANSPORT, NeedKind.CHILDCARE):
        CandidateNeed.objects.create(candidate=candidate, kind=kind)
    actions.propose_mandates(revealed, by=people["officer"])
    needs = AccommodationNeed.objects.filter(ends_on=None).values_list("member__person__email", "kind")
    assert set(needs) == {(candidate.email, NeedKind.TRANSPORT), (candidate.email, NeedKind.CHILDCARE)}


def test_everybody_drawn_gets_a_proposed_mandate_on_a_seat_of_the_cell(revealed, people):
    placed = actions.propose_mandates(revealed, by=people["officer"])
    assert (placed.count, placed.refused) == (4, [])
    rows = Placement.objects.select_related("mandate__seat", "mandate__member__person")
    assert {row.mandate.state for row in rows} == {MandateState.PROPOSED}
    for row in rows:
        candidate = revealed.pool.entries.get(pseudonym=row.pseudonym).candidate
        seat = row.mandate.seat
        assert (seat.canton_id, seat.gender) == (candidate.canton_id, candidate.gender)
        assert row.mandate.member.person.email == candidate.email
    with pytest.raises(StateConflict):
        actions.propose_mandates(fresh(revealed), by=people["officer"])


def test_one_who_cannot_be_placed_keeps_nobody_else_from_it(revealed, people):
    seat = people.term.seat_rows.first()
    outcome = outcome_of(revealed)
    first = revealed.pool.entries.get(pseudonym=outcome.members[0]).candidate
    seat = people.term.seat_rows.get(canton=first.canton, gender=first.gender)
    people.term.seat_rows.filter(pk=seat.pk).update(gender="M" if seat.gender == "F" else "F", rank=9)
    placed = actions.propose_mandates(revealed, by=people["officer"])
    assert (placed.count, len(placed.refused)) == (3, 1)
    people.term.seat_rows.filter(pk=seat.pk).update(gender=seat.gender, rank=1)
    assert actions.propose_mandates(fresh(revealed), by=people["officer"]).count == 1


def test_who_gave_no_gender_sits_where_the_draw_placed_the_person(revealed, people):
    outcome = outcome_of(revealed)
    entry = revealed.pool.entries.get(pseudonym=outcome.members[0])
    type(entry.candidate).objects.filter(pk=entry.candidate_id).update(gender=Gender.OTHER)
    assert actions.propose_mandates(revealed, by=people["officer"]).count == 4


def test_a_refusal_leads_to_the_first_of_the_cell_in_the_public_order(seated, people):
    outcome = outcome_of(seated)
    gone = outcome.members[0]
    draw = declined(seated, people, gone)
    [(vacated, pair)] = replacements(draw).pairs
    cell = next(cell for cell in outcome.ranks if cell.value == outcome.cell_of(gone))
    assert (vacated.pseudonym, pair.id) == (gone, cell.ids[0])
    assert actions.replace_vacated(draw, by=people["officer"]).count == 1
    row = Placement.objects.get(pseudonym=cell.ids[0])
    assert (row.vacated.pseudonym, row.mandate.seat) == (gone, vacated.placement.mandate.seat)
    assert set(row.findings) == {"order", "considered", "before", "after"}
    assert draw.pool.entries.get(pseudonym=cell.ids[0]).candidate.state == CandidateState.DRAWN
    with pytest.raises(StateConflict):
        actions.replace_vacated(fresh(draw), by=people["officer"])


def test_several_vacancies_at_once_and_refusals_in_turn(seated, people):
    outcome = outcome_of(seated)
    draw = declined(seated, people, *outcome.members)
    assert actions.replace_vacated(draw, by=people["officer"]).count == 4
    second = list(Placement.objects.exclude(vacated=None).values_list("pseudonym", flat=True))
    draw = declined(fresh(draw), people, *second)
    assert actions.replace_vacated(draw, by=people["officer"]).count == 4
    third = list(
        Placement.objects.exclude(pseudonym__in=[*outcome.members, *second]).values_list("pseudonym", flat=True)
    )
    draw = declined(fresh(draw), people, *third)
    told = actions.replace_vacated(draw, by=people["officer"])
    assert (told.count, len(told.refused)) == (0, 4)
    assert Mandate.objects.filter(state=MandateState.PROPOSED).count() == 0


@pytest.fixture
def late(seated, people):
    """Set the end of the term in two months; one of the people drawn declined."""
    Term.objects.filter(pk=people.term.pk).update(ends_on=timezone.localdate() + timedelta(days=60))
    return declined(seated, people, outcome_of(seated).members[0])


def test_in_the_last_months_the_lead_alone_replaces_and_says_why(late, people):
    for who, reason in (("officer", "Il reste un vote."), ("lead", " ")):
        with pytest.raises(ValidationError):
            actions.replace_vacated(fresh(late), by=people[who], late_reason=reason)
    assert not Placement.objects.exclude(vacated=None).exists()
    assert actions.replace_vacated(fresh(late), by=people["lead"], late_reason="Il reste un vote.").count == 1
    assert set(
        EntryDetail.objects.filter(entry__event_type__in=["draw.seats_refilled", "mandate.proposed"]).values_list(
            "entry__event_type", "text"
        )
    ) == {("draw.seats_refilled", "Il reste un vote."), ("mandate.proposed", "Il reste un vote.")}


def test_the_page_of_a_late_replacement_asks_the_lead_why(late, signed_in, people):
    url = reverse("draws:draw-step", args=[late.pk, "remplacer"])
    officer, lead = signed_in("officer"), signed_in("lead")
    assert "Remplacer les sièges vacants" not in officer.get(reverse("draws:draw", args=[late.pk])).text
    page = officer.get(url).text
    assert ("demande une décision de la responsable" in page, "late_reason" in page) == (True, False)
    assert officer.post(url, {}).status_code == 422
    assert "late_reason" in lead.get(url).text
    refused = lead.post(url, {"late_reason": "", "answer_deadline": "2026-12-20"})
    assert (refused.status_code, "2026-12-20" in refused.text) == (422, True)
    assert lead.post(url, {"late_reason": "Un vote reste à tenir."}).status_code == 302
    assert Placement.objects.exclude(vacated=None).count() == 1


def test_before_the_last_months_no_reason_is_asked(seated, signed_in, people):
    draw = declined(seated, people, outcome_of(seated).members[0])
    assert "late_reason" not in signed_in("lead").get(reverse("draws:draw-step", args=[draw.pk, "remplacer"])).text


@pytest.mark.parametrize("role", ["witness", "facilitator", "member"])
def test_the_team_alone_proposes(role, revealed, people):
    with pytest.raises(PermissionDenied):
        actions.propose_mandates(revealed, by=people[role])


def test_a_placement_is_never_changed(seated):
    with pytest.raises(DatabaseError), transaction.atomic():
        Placement.objects.update(placed_at=timezone.now())
