"""Somebody of the frozen list renounces: the list stays, the person is called no more, the rule names the next."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery
from assembly.web.errors import StateConflict
from draws.candidates import actions as candidates
from draws.candidates.rules import entry_token, page_token
from draws.draws.actions import ceremony, preparation as actions
from draws.draws.queries.draw import outcome_of
from draws.draws.queries.pending import next_acts
from draws.draws.queries.records import record_content
from draws.models import Candidate, CandidateState, DrawState, Placement
from draws.succession import actions as succession
from members.enums import RecordChannel
from members.mandates import actions as mandates
from tests.draws.stage import draw_in, fresh

pytestmark = pytest.mark.django_db
S = DrawState


def person(draw, pseudonym) -> Candidate:
    return Candidate.objects.select_related("call__term", "canton").get(
        pool_entries__pool=draw.pool_id, pool_entries__pseudonym=pseudonym
    )


def renounce(draw, pseudonym):
    candidates.renounce_by_link(person(draw, pseudonym))
    return fresh(draw)


def revealed(draw, people):
    ceremony.reveal(draw, by=people["lead"])
    return fresh(draw)


def act(draw, people, role="officer"):
    return "".join(next_acts(people[role], draw.call.term).values_list("act", flat=True))


def cell_of(outcome, pseudonym):
    return next(cell.ids for cell in outcome.ranks if cell.value == outcome.cell_of(pseudonym))


def test_the_own_page_renounces_after_a_question_and_the_list_stays(people, client):
    draw = draw_in(people, S.FROZEN)
    row, before = person(draw, "V0001"), bytes(draw.pool.content)
    page, question = (
        reverse(f"draws:{name}", args=[page_token(row)]) for name in ("candidate-page", "personal-withdraw")
    )
    assert question in client.get(page).text
    assert "Renoncer à siéger" in client.get(question).text
    assert client.post(question).url == page
    row.refresh_from_db()
    found = (row.state, row.renounced_on, row.renounced_through)
    assert found == (CandidateState.IN_POOL, timezone.localdate(), RecordChannel.ONLINE)
    shown = client.get(page).text
    assert ("Vous avez renoncé" in shown, "vous y participez" in shown, question in shown) == (True, False, False)
    assert client.post(question).status_code == 302
    assert list(Entry.objects.filter(event_type__startswith="candidate.").values_list("subject_id", "event_type")) == [
        (str(row.pk), "candidate.renounced")
    ]
    draw = fresh(draw)
    assert (bytes(draw.pool.content), draw.pool.entries.count()) == (before, 12)
    entry = client.get(reverse("draws:entry", args=[entry_token(draw.pool.entries.get(pseudonym="V0001"))])).text
    assert "Vous avez renoncé" in entry


def test_the_desk_notes_it_with_the_day_and_the_channel(people, signed_in):
    draw = draw_in(people, S.ANNOUNCED)
    row, yesterday = person(draw, "V0002"), timezone.localdate() - timedelta(days=1)
    url = reverse("draws:candidate-step", args=[row.pk, "renoncer"])
    browser = signed_in("officer")
    assert url in browser.get(reverse("draws:candidate", args=[row.pk])).text
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert browser.post(url, {"on": tomorrow, "channel": "phone"}).status_code == 422
    assert browser.post(url, {"on": yesterday.isoformat(), "channel": "online"}).status_code == 422
    assert browser.post(url, {"on": yesterday.isoformat(), "channel": "phone"}).status_code == 302
    assert browser.post(url, {"on": yesterday.isoformat(), "channel": "phone"}).status_code == 409
    row.refresh_from_db()
    assert (row.renounced_on, row.renounced_through) == (yesterday, "phone")
    assert "A renoncé" in browser.get(reverse("draws:candidate", args=[row.pk])).text
    assert f"{row.reference}, {row.full_name}" in browser.get(reverse("draws:pool", args=[draw.pk])).text
    listed = browser.get(reverse("draws:candidates"), {"point": "renonce"}).text
    assert (row.reference in listed, person(draw, "V0003").reference in listed) == (True, False)
    with pytest.raises(ValidationError):
        candidates.renounce_for(
            person(draw, "V0003"), on=timezone.localdate() + timedelta(days=1), channel="phone", by=people["officer"]
        )


def test_before_the_freeze_one_withdraws_and_nobody_renounces(people):
    draw = draw_in(people)
    row = draw.call.candidates.first()
    with pytest.raises(StateConflict):
        candidates.renounce_by_link(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=row.pk).update(renounced_on=timezone.localdate(), renounced_through="online")


def test_only_the_team_notes_it(people):
    draw = draw_in(people, S.FROZEN)
    for role in ("witness", "facilitator", "member"):
        with pytest.raises(PermissionDenied):
            candidates.renounce_for(person(draw, "V0001"), on=timezone.localdate(), channel="phone", by=people[role])


def test_a_list_that_is_taken_back_lets_them_go(people):
    draw = renounce(draw_in(people, S.FROZEN), "V0001")
    row = person(draw, "V0001")
    actions.unfreeze(draw, reason="Un canton est faux.", by=people["lead"])
    row.refresh_from_db()
    assert (row.state, row.renounced_on) == (CandidateState.WITHDRAWN, None)
    assert draw.call.candidates.filter(state=CandidateState.ELIGIBLE).count() == 11
    assert Entry.objects.filter(event_type="candidate.withdrawn", subject_id=str(row.pk)).count() == 1


def test_no_mail_of_the_list_goes_to_whoever_renounced(people):
    draw = renounce(draw_in(people, S.FROZEN), "V0001")
    assert actions.write_to_volunteers(draw, by=people["officer"]) == 11
    assert Delivery.objects.count() == 11


def test_drawn_before_the_ceremony_the_seat_goes_to_the_next_of_the_rule(people, signed_in):
    """Found in the record, on the wall, in « À faire », on the page of mandates; whoever renounced gets no mandate."""
    draw = draw_in(people, S.CERTIFIED)
    outcome = outcome_of(draw)
    gone, order = outcome.members[0], cell_of(outcome, outcome.members[0])
    draw = renounce(draw, gone)
    told = {"id": gone, "on": timezone.localdate().isoformat(), "after": order[0]}
    assert record_content(draw)["renounced"] == [told]
    assert record_content(draw)["members"] == list(outcome.members)
    draw = revealed(draw, people)
    browser = signed_in("officer")
    named = person(draw, gone)
    public = browser.get(reverse("draws:public", args=[draw.reference])).text
    assert (f"{named.first_name} {named.last_name[:1]}." in public, "A renoncé" in public) == (False, True)
    assert act(draw, people) == "propose"
    assert succession.propose_mandates(draw, by=people["officer"]).count == 3
    draw = fresh(draw)
    assert act(draw, people) == "replace"
    page = browser.get(reverse("draws:draw-step", args=[draw.pk, "remplacer"])).text
    after = person(draw, order[0])
    assert f"Siège libre, {named.full_name} a renoncé : {after.full_name}." in page.replace("\u00a0", " ")
    assert succession.replace_vacated(draw, by=people["officer"]).count == 1
    row = Placement.objects.get(pseudonym=order[0])
    seat = row.mandate.seat
    assert (row.instead_of, row.vacated, seat.canton_id, seat.gender) == (gone, None, named.canton_id, named.gender)
    assert set(row.findings) == {"order", "considered", "before", "after"}
    assert act(fresh(draw), people) == ""
    listed = browser.get(reverse("draws:placements", args=[draw.pk])).text
    assert f"La règle a désigné {after.full_name}." in listed
    with pytest.raises(StateConflict):
        succession.replace_vacated(fresh(draw), by=people["officer"])
    # Whom the rule named says no: the same way again.
    mandates.record_step(row.mandate, "decline", by=people["officer"])
    assert succession.replace_vacated(fresh(draw), by=people["officer"]).count == 1
    assert Placement.objects.filter(vacated=row).get().pseudonym == order[1]


def test_the_rule_passes_over_an_alternate_who_renounced(people):
    draw = revealed(draw_in(people, S.CERTIFIED), people)
    outcome = outcome_of(draw)
    gone, order = outcome.members[0], cell_of(outcome, outcome.members[0])
    draw = renounce(renounce(draw, order[0]), gone)
    succession.propose_mandates(draw, by=people["officer"])
    succession.replace_vacated(fresh(draw), by=people["officer"])
    assert Placement.objects.get(instead_of=gone).pseudonym == order[1]


def test_everybody_of_the_cell_renounced(people):
    draw = draw_in(people, S.CERTIFIED)
    outcome = outcome_of(draw)
    gone = outcome.members[0]
    for pseudonym in (gone, *cell_of(outcome, gone)):
        draw = renounce(draw, pseudonym)
    assert record_content(draw)["renounced"][0]["after"] is None
    draw = revealed(draw, people)
    assert succession.propose_mandates(draw, by=people["officer"]).count == 3
    told = succession.replace_vacated(fresh(draw), by=people["officer"])
    assert (told.count, len(told.refused)) == (0, 1)


def test_once_a_seat_is_proposed_one_declines_the_mandate(people, client):
    draw = revealed(draw_in(people, S.CERTIFIED), people)
    succession.propose_mandates(draw, by=people["officer"])
    row = person(draw, outcome_of(draw).members[0])
    with pytest.raises(StateConflict):
        candidates.renounce_by_link(row)
    page = reverse("draws:personal-withdraw", args=[page_token(row)])
    assert page not in client.get(reverse("draws:candidate-page", args=[page_token(row)])).text
    assert client.post(page).status_code == 302
    row.refresh_from_db()
    assert row.renounced_on is None


def test_two_replacements_for_one_renunciation_are_refused_by_the_database(people):
    draw = revealed(draw_in(people, S.CERTIFIED), people)
    gone = outcome_of(draw).members[0]
    draw = renounce(draw, gone)
    succession.propose_mandates(draw, by=people["officer"])
    succession.replace_vacated(fresh(draw), by=people["officer"])
    row = Placement.objects.get(instead_of=gone)
    other = Placement.objects.exclude(pk=row.pk).first()
    other.pk, other.pseudonym, other.instead_of = None, "V0099", gone
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)


def test_nobody_renounced_is_called(people):
    draw = revealed(draw_in(people, S.CERTIFIED), people)
    draw = renounce(draw, outcome_of(draw).members[0])
    succession.propose_mandates(draw, by=people["officer"])
    assert succession.remind(fresh(draw), by=people["officer"]) == 3
