"""A sitting is opened and closed on its day; what was done by mistake is taken back; what was entered later has the
hours of its day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.agenda import actions as agenda
from sessions.agenda.models import AgendaKind
from sessions.attendance import actions as attendance
from sessions.attendance.actions import record_absence
from sessions.attendance.queries.facts import certificate_pdf
from sessions.attendance.queries.presence import attendance_summary, present_count
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.expenses import actions as expenses
from sessions.minutes.actions import writing as minutes
from sessions.minutes.queries.facts import INTERNAL, PUBLIC, minutes_facts
from sessions.models import AbsenceCase, AgendaItem, Attendance, Ballot, ExpenseClaim, Invitee, MinutesState, Sitting
from sessions.sittings import contributions as indicators
from sessions.sittings.actions import planning
from sessions.sittings.queries.calendar import status_of
from sessions.sittings.rules import moment_of
from sessions.sittings.workflow import SITTING
from tests.factories.life import attends, claim_with_lines, plenaries
from tests.factories.members import MandateFactory
from tests.factories.sessions import (
    AgendaItemFactory,
    AttendanceFactory,
    InviteeFactory,
    NoticeFactory,
    SittingFactory,
)
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}


def paris(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def at(text):
    """Set the clock to that hour in Paris."""
    return time_machine.travel(paris(text), tick=False)


def url(name, sitting, *args):
    return reverse(f"sittings:{name}", args=[sitting.pk, *args])


def text_of(data):
    with pypdfium2.PdfDocument(data) as file:
        text = " ".join(page.get_textpage().get_text_range() for page in file)
    return " ".join(text.replace("\u00a0", " ").split())


def words(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def evening(term=None, starts="2026-12-03 18:00", ends="2026-12-03 20:00", **values):
    """Make a convened two-hour evening meeting of a group of four, the last of whom declined."""
    if term is not None:
        values["term"] = term
    sitting = SittingFactory(
        committee_sitting=True,
        notified=True,
        starts_at=paris(starts),
        ends_at=paris(ends),
        break_starts_at=None,
        break_ends_at=None,
        title="Groupe Autonomie",
        **values,
    )
    NoticeFactory(sitting=sitting)
    for name in ("Abadie", "Benali", "Castan"):
        InviteeFactory(sitting=sitting, person__last_name=name)
    InviteeFactory(sitting=sitting, person__last_name="Dupuy", not_coming=True)
    return Sitting.objects.select_related("term").get(pk=sitting.pk)


def again(sitting):
    return Sitting.objects.select_related("term__assembly", "committee", "recorded_by__person").get(pk=sitting.pk)


def verbs(sitting):
    return list(Entry.objects.filter(subject_id=str(sitting.pk)).order_by("pk").values_list("event_type", flat=True))


# Opening


@pytest.mark.parametrize(
    ("now", "starts", "ends", "expected"),
    [
        ("2026-11-30 10:00", "2026-12-05 09:30", "2026-12-05 16:30", "à partir du samedi 5 décembre 2026 à 7 h 30"),
        ("2026-12-05 07:29", "2026-12-05 09:30", "2026-12-05 16:30", "à partir du samedi 5 décembre 2026 à 7 h 30"),
        ("2026-12-05 07:30", "2026-12-05 09:30", "2026-12-05 16:30", ""),
        ("2026-12-05 23:59", "2026-12-05 09:30", "2026-12-05 16:30", ""),
        ("2026-12-06 00:10", "2026-12-05 18:00", "2026-12-05 20:00", "Le jour de la séance est passé"),
        ("2026-12-06 00:00", "2026-12-05 09:30", "2026-12-05 16:30", "Le jour de la séance est passé"),
        # An evening that ends after midnight, on either side of it, and that which ends at midnight.
        ("2026-12-06 01:00", "2026-12-05 20:00", "2026-12-06 00:30", ""),
        ("2026-12-07 00:00", "2026-12-05 20:00", "2026-12-06 00:30", "Le jour de la séance est passé"),
        ("2026-12-06 06:30", "2026-12-05 18:00", "2026-12-06 00:00", "Le jour de la séance est passé"),
        # The night of the 25th of October has 3 h before 3 h 30 twice over: two hours are two hours.
        ("2026-10-24 23:29", "2026-10-25 01:30", "2026-10-25 05:00", "à partir du samedi 24 octobre 2026 à 23 h 30"),
        ("2026-10-25 02:00", "2026-10-25 03:30", "2026-10-25 05:00", "à partir du dimanche 25 octobre 2026 à 2 h 30"),
        ("2026-03-29 00:29", "2026-03-29 03:30", "2026-03-29 05:00", "à partir du dimanche 29 mars 2026 à 0 h 30"),
        ("2026-03-29 00:30", "2026-03-29 03:30", "2026-03-29 05:00", ""),
    ],
)
def test_a_sitting_opens_from_two_hours_before_to_the_end_of_its_day(signed_in, now, starts, ends, expected):
    sitting = evening(starts=starts, ends=ends)
    with at(now):
        officer = signed_in("officer")
        page = officer.get(url("move", sitting, "ouvrir"))
        answer = officer.post(url("move", sitting, "ouvrir"))
    assert page.status_code == 200
    if expected:
        assert answer.status_code == 422
        assert expected in words(answer)
        assert expected in words(page)
        assert "Ce n’est pas encore possible" in words(page)
        assert (again(sitting).state, verbs(sitting)) == ("notified", [])
    else:
        assert answer.status_code == 302
        assert (again(sitting).state, verbs(sitting)) == ("open", ["sitting.opened"])


def test_the_setting_says_how_many_hours(settings, people):
    sitting = evening()
    with at("2026-12-03 14:00"):
        settings.SITTING_OPENS_HOURS_BEFORE = 3
        with pytest.raises(ValidationError, match="à partir du jeudi"):
            SITTING.transition(sitting, "open", by=people["officer"])
        settings.SITTING_OPENS_HOURS_BEFORE = 4
        SITTING.transition(sitting, "open", by=people["officer"])


def test_too_late_leads_to_the_other_way_and_the_button_says_why(signed_in):
    sitting = evening()
    with at("2026-12-08 10:00"):
        officer = signed_in("officer")
        page = words(officer.get(url("roll", sitting)))
        assert 'aria-disabled="true"' in page
        assert "Le jour de la séance est passé" in page
        dossier = words(officer.get(url("sitting", sitting)))
        assert "La séance était prévue il y a 5 jours, personne ne l’a ouverte." in dossier
        assert url("hold", sitting) in dossier
        assert url("not-held", sitting) in dossier
        assert url("hold", sitting) in words(officer.get(url("move", sitting, "ouvrir")))
        assert url("hold", sitting) in words(officer.get("/bureau/"))


@pytest.mark.parametrize("slug", ["renotify", "remind", "confirm"])
def test_nobody_is_convened_to_a_sitting_that_is_over(signed_in, slug):
    sitting = evening()
    with at("2026-12-03 20:00"):
        answer = signed_in("officer").post(url(slug, sitting))
    assert answer.status_code == 422
    assert "La séance est passée : elle ne se convoque plus." in words(answer)
    assert not Distribution.objects.exists()


def test_a_sitting_never_convened_is_not_convened_after_its_day(signed_in):
    sitting = SittingFactory(starts_at=paris("2026-12-03 09:30"))
    with at("2026-12-04 09:00"):
        answer = signed_in("officer").post(url("notify", sitting), {"shown": ""})
    assert (answer.status_code, again(sitting).state) == (422, "planned")


# Closing


def opened(starts="2026-12-03 18:05", people=None, **values):
    sitting = evening(**values)
    with at(starts):
        SITTING.transition(sitting, "open", by=people["officer"])
    return again(sitting)


def test_closing_asks_with_figures_and_not_without_anybody(signed_in, people):
    sitting = opened(people=people)
    for title in ("Accueil", "Le schéma", "Divers"):
        AgendaItemFactory(sitting=sitting, title=title)
    with at("2026-12-03 19:55"):
        officer = signed_in("officer")
        refused = officer.post(url("move", sitting, "clore"), {})
        assert refused.status_code == 422
        assert "Personne n’est noté présent." in words(refused)
        assert "n’a pas eu lieu" in words(refused)
    with at("2026-12-03 18:30"):
        agenda.open_item(AgendaItem.objects.get(title="Accueil"), by=people["officer"])
        for invitee in sitting.invitees.filter(person__last_name__in=["Abadie", "Benali"]):
            attendance.record_arrival(invitee, by=people["officer"])
    with at("2026-12-03 19:55"):
        page = words(officer.get(url("move", sitting, "clore")))
        assert "2 points sur 3 n’ont pas été ouverts." in page
        assert "2 personnes sont encore notées présentes" in page
        assert again(sitting).state == "open"
        assert officer.post(url("move", sitting, "clore"), {}).status_code == 302
        assert officer.post(url("move", sitting, "clore"), {}).status_code == 409
    sitting = again(sitting)
    assert (sitting.closed_at, sitting.recorded_at) == (paris("2026-12-03 19:55"), None)
    assert sorted(sitting.invitees.values_list("absence", flat=True)) == ["", "", "absent", "excused"]


def test_a_plenary_reads_its_quorum_before_it_is_closed(signed_in, people):
    mandates = [MandateFactory(term=people.term) for _ in range(3)]
    sitting = SittingFactory(running=True, term=people.term)
    for mandate in mandates:
        InviteeFactory(sitting=sitting, person=mandate.member.person)
    attendance.record_arrival(sitting.invitees.first(), by=people["officer"])
    page = words(signed_in("officer").get(url("move", sitting, "clore")))
    assert "Quorum : 2 ; 1 membre est présent." in page


def test_a_sitting_left_open_is_closed_later_with_its_hour(signed_in, people):
    sitting = opened(people=people)
    with at("2026-12-03 18:10"):
        for invitee in sitting.invitees.all()[:3]:
            attendance.record_arrival(invitee, by=people["officer"])
    first = sitting.invitees.first()
    with at("2026-12-04 10:00"):
        officer = signed_in("officer")
        assert officer.post(url("tap", sitting, first.pk, "part")).status_code == 409
        assert officer.post(url("move", sitting, "suspendre")).status_code == 422
        page = words(officer.get(url("move", sitting, "clore")))
        assert 'value="20:00"' in page
        for form, text in [
            ({}, "Ce champ est vide"),
            ({"closed": "18:05"}, "La séance s’est ouverte à 18 h 05"),
            ({"closed": "18:07"}, "est noté à 18 h 10"),
            ({"closed": "11:00"}, "La séance s’est ouverte à 18 h 05"),
            ({"closed": "20:30"}, "La séance était prévue de 18 h à 20 h"),
        ]:
            answer = officer.post(url("move", sitting, "clore"), form)
            assert answer.status_code == 422, form
            assert text in words(answer), form
        late = {"closed": "20:30", "reason": "Le débat a duré."}
        assert officer.post(url("move", sitting, "clore"), late).status_code == 302
    sitting = again(sitting)
    assert (sitting.closed_at, sitting.recorded_at) == (paris("2026-12-03 20:30"), paris("2026-12-04 10:00"))
    assert (sitting.recorded_by, sitting.hours_reason) == (people["officer"], "Le débat a duré.")
    assert set(Attendance.objects.values_list("left_at", flat=True)) == {paris("2026-12-03 20:30")}


def test_an_evening_goes_on_after_midnight(people):
    sitting = opened(people=people)
    first = sitting.invitees.first()
    with at("2026-12-04 00:20"):
        attendance.record_arrival(first, by=people["officer"])
    with at("2026-12-04 00:40"):
        attendance.close(sitting, by=people["officer"])
    assert again(sitting).closed_at == paris("2026-12-04 00:40")


# Not held


def test_a_sitting_that_did_not_take_place_makes_nobody_absent(signed_in, people):
    mandate = MandateFactory(term=people.term)
    attends(mandate, plenaries(people.term, 2), "aa")
    sitting = SittingFactory(
        term=people.term, notified=True, starts_at=paris("2026-12-05 09:30"), reference="PL-2026-09"
    )
    InviteeFactory(sitting=sitting, person=mandate.member.person)
    with at("2026-12-05 09:00"):
        assert signed_in("officer").post(url("not-held", sitting), {"reason": "Neige"}).status_code == 422
    with at("2026-12-05 12:00"):
        officer = signed_in("officer")
        assert officer.post(url("not-held", sitting), {"reason": " "}).status_code == 422
        assert officer.post(url("not-held", sitting), {"reason": "Salle fermée"}).status_code == 302
        assert officer.post(url("not-held", sitting), {"reason": "Salle fermée"}).status_code == 409
    sitting = again(sitting)
    assert (sitting.state, sitting.reason, sitting.opened_at) == ("not_held", "Salle fermée", None)
    assert Invitee.objects.get(sitting=sitting).absence == ""
    assert not AbsenceCase.objects.filter(latest=sitting).exists()
    assert status_of(sitting) == "CANCELLED"
    assert not Delivery.objects.exists()
    assert sitting not in indicators.held_sittings(people.term, paris("2026-12-09 00:00").date())
    assert "N’a pas eu lieu" in words(signed_in("officer").get(reverse("sittings:public", args=["PL-2026-09"])))


def test_who_is_on_the_roll_was_somewhere(people):
    sitting = opened(people=people)
    with at("2026-12-03 18:10"):
        attendance.record_arrival(sitting.invitees.first(), by=people["officer"])
        with pytest.raises(ValidationError, match="1 personne est notée présente"):
            planning.note_not_held(sitting, reason="Neige", by=people["officer"])
        attendance.undo_last_tap(sitting.invitees.first(), by=people["officer"])
        planning.note_not_held(sitting, reason="Neige", by=people["officer"])
    assert (again(sitting).state, again(sitting).opened_at) == ("not_held", None)


# Taken back


def closed_plenary(people):
    """Make three members: one came, one declined, one did not come and missed the sitting before."""
    mandates = [MandateFactory(term=people.term) for _ in range(3)]
    attends(mandates[2], plenaries(people.term, 1), "a")
    sitting = SittingFactory(term=people.term, running=True, notified=True)
    AgendaItemFactory(sitting=sitting, title="Le vote", kind=AgendaKind.VOTE)
    for mandate, trait in zip(mandates, ({}, {"not_coming": True}, {}), strict=True):
        InviteeFactory(sitting=sitting, person=mandate.member.person, **trait)
    attendance.record_arrival(sitting.invitees.first(), by=people["officer"])
    agenda.open_item(sitting.agenda.get(), by=people["officer"])
    attendance.close(sitting, by=people["officer"])
    return again(sitting)


def test_the_lead_takes_a_closing_back_and_everything_follows(signed_in, people):
    sitting = closed_plenary(people)
    first, refused, missing = sitting.invitees.order_by("pk")
    assert [refused.absence, missing.absence] == ["excused", "absent"]
    assert AbsenceCase.objects.get().state == "raised"
    for who, status in (("member", 403), ("facilitator", 403), ("officer", 403)):
        assert signed_in(who).post(url("reopen", sitting), {"reason": "Erreur"}).status_code == status
    lead = signed_in("lead")
    assert lead.post(url("reopen", sitting), {"reason": ""}).status_code == 422
    page = words(lead.get(url("reopen", sitting)))
    assert "1 personne présente à la clôture l’est de nouveau." in page
    assert "Aucun courriel ne part de lui-même" in page
    assert lead.post(url("reopen", sitting), {"reason": "Close par erreur"}).status_code == 302
    assert lead.post(url("reopen", sitting), {"reason": "Close par erreur"}).status_code == 409
    sitting = again(sitting)
    assert (sitting.state, sitting.closed_at) == ("open", None)
    assert Attendance.objects.get().left_at is None
    assert AgendaItem.objects.get().closed_at is None
    assert set(sitting.invitees.values_list("absence", flat=True)) == {""}
    assert AbsenceCase.objects.get().state == "lifted"
    entry = Entry.objects.select_related("detail").get(event_type="sitting.reopened")
    assert entry.detail.text == "Close par erreur"
    assert not Delivery.objects.exists()
    attendance.record_arrival(missing, by=people["officer"])
    attendance.close(sitting, by=people["officer"])
    assert [row.absence for row in sitting.invitees.order_by("pk")] == ["", "excused", ""]


def test_an_absence_that_a_person_noted_stays(people):
    sitting = closed_plenary(people)
    missing = sitting.invitees.order_by("pk")[2]
    record_absence(missing, absence="represented", by=people["officer"])
    planning.reopen(sitting, reason="Erreur", by=people["lead"])
    assert [row.absence for row in sitting.invitees.order_by("pk")] == ["", "", "represented"]


@pytest.mark.parametrize(
    ("state", "refused"),
    [(MinutesState.DRAFT, False), (MinutesState.INTERNAL_CHECK, False), (MinutesState.CIRCULATED, True)],
)
def test_until_the_minutes_circulate(people, state, refused):
    sitting = closed_plenary(people)
    at_state(minutes.start(sitting, by=people["officer"]), state)
    if refused:
        with pytest.raises(ValidationError, match="Le compte rendu est parti en relecture"):
            planning.reopen(again(sitting), reason="Erreur", by=people["lead"])
    else:
        planning.reopen(again(sitting), reason="Erreur", by=people["lead"])
    assert again(sitting).state == ("closed" if refused else "open")


def test_minutes_of_a_sitting_that_goes_on_do_not_circulate(people):
    sitting = closed_plenary(people)
    row = at_state(minutes.start(sitting, by=people["officer"]), MinutesState.INTERNAL_CHECK)
    planning.reopen(again(sitting), reason="Erreur", by=people["lead"])
    row.refresh_from_db()
    with pytest.raises(ValidationError, match="La séance n’est pas close"):
        minutes.circulate(row, by=people["officer"])


def test_the_lead_takes_an_opening_back(signed_in, people):
    sitting = opened(people=people)
    AgendaItemFactory(sitting=sitting, title="Accueil")
    with at("2026-12-03 18:10"):
        attendance.record_arrival(sitting.invitees.first(), by=people["officer"])
        agenda.open_item(sitting.agenda.get(), by=people["officer"])
        assert signed_in("officer").post(url("undo-opening", sitting), {"reason": "Erreur"}).status_code == 403
        lead = signed_in("lead")
        assert lead.post(url("undo-opening", sitting), {"reason": ""}).status_code == 422
        assert lead.post(url("undo-opening", sitting), {"reason": "Mauvaise séance"}).status_code == 302
        assert lead.post(url("undo-opening", sitting), {"reason": "Mauvaise séance"}).status_code == 409
    sitting = again(sitting)
    assert (sitting.state, sitting.opened_at) == ("notified", None)
    assert Attendance.objects.filter(voided_at=None).count() == 0
    assert (sitting.agenda.get().opened_at, sitting.takes_answers) == (None, True)
    assert "sitting.opening_undone" in verbs(sitting)


def test_an_opening_stays_while_a_vote_or_a_decision_does(signed_in, people):
    sitting = closed_plenary(people)
    Sitting.objects.filter(pk=sitting.pk).update(is_quorum_required=False)
    planning.reopen(again(sitting), reason="Erreur", by=people["lead"])
    item = sitting.agenda.get()
    item.sitting = again(sitting)
    ballot = decisions.prepare_ballot(item, question="Adopter ?", by=people["officer"])
    decisions.count_ballot(ballot, Count(1, 0, 0, 0), by=people["officer"], **COUNTERS)
    decisions.end_ballot(ballot, "proclaim", by=people["officer"])
    decision = decisions.decide(item, text="C’est adopté.", by=people["officer"], ballot=ballot)
    lead = signed_in("lead")
    undo, withdraw = url("undo-opening", sitting), reverse("sittings:ballot-step", args=[ballot.pk, "retirer"])
    refused = lead.post(undo, {"reason": "Erreur"})
    assert refused.status_code == 422
    assert "1 vote y est compté ou proclamé" in words(refused)
    assert "1 décision y est numérotée" in words(refused)
    assert signed_in("officer").post(withdraw, {"reason": "Erreur"}).status_code == 403
    assert "retirez-la d’abord" in words(lead.post(withdraw, {"reason": "Erreur"}))
    decisions.withdraw_decision(decision, reason="Erreur", by=people["officer"])
    assert lead.post(withdraw, {"reason": ""}).status_code == 422
    assert lead.get(withdraw).status_code == 200
    assert lead.post(withdraw, {"reason": "Compté par erreur"}).status_code == 302
    assert lead.post(withdraw, {"reason": "Compté par erreur"}).status_code == 409
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes_for, ballot.result, ballot.proclaimed_at) == ("prepared", None, "", None)
    entry = Entry.objects.select_related("detail").get(event_type="ballot.withdrawn")
    assert (entry.facts["votes"], entry.facts["result"]) == ([1, 0, 0, 0], "adopted")
    assert lead.post(undo, {"reason": "Erreur"}).status_code == 302
    assert again(sitting).state == "notified"


def test_claims_wait_lapse_or_are_listed(people, signed_in):
    sent, checked = (claim_with_lines(people.make("member", people.term).person, state=s) for s in ("sent", "checked"))
    sitting = sent.invitee.sitting
    Invitee.objects.filter(pk=checked.invitee_id).update(sitting=sitting)
    officer, lead = people["officer"], signed_in("lead")
    attendance.send_certificates(sitting, by=officer)
    page = words(lead.get(url("reopen", sitting)))
    assert f"déjà transmise aux finances, qui n’est pas défaite : {sent.reference}." in page
    assert "2 attestations de présence sont déjà parties." in page
    planning.reopen(again(sitting), reason="Erreur", by=people["lead"])
    with pytest.raises(ValidationError, match="Aucune demande contrôlée"):
        expenses.make_batch(people.term, total=0, by=officer)
    planning.undo_opening(again(sitting), reason="Erreur", by=people["lead"])
    assert {claim.reference: claim.state for claim in ExpenseClaim.objects.all()} == {
        sent.reference: "sent",
        checked.reference: "withdrawn",
    }
    assert Entry.objects.filter(event_type="expense.lapsed").count() == 1


def test_certificates_leave_again_once_the_hours_are_others(people):
    sitting = closed_plenary(people)
    first = attendance.send_certificates(sitting, by=people["officer"])
    assert attendance.send_certificates(sitting, by=people["officer"]) == first
    planning.reopen(sitting, reason="Erreur", by=people["lead"])
    attendance.close(sitting, by=people["officer"], closed_at=None)
    Sitting.objects.filter(pk=sitting.pk).update(closed_at=sitting.closed_at + timedelta(seconds=2))
    assert attendance.send_certificates(again(sitting), by=people["officer"]) != first


def test_a_person_writes_to_whoever_was_convened_after_a_mistake(signed_in, people):
    """The text is proposed right after the mistake is taken back, and by nothing else."""
    sitting = closed_plenary(people)
    writing = reverse("correspondence:write-to", args=["seance", sitting.pk])
    officer = signed_in("officer")
    assert "par erreur" not in words(officer.get(writing))
    planning.reopen(sitting, reason="Erreur", by=people["lead"])
    page = words(officer.get(writing))
    assert "a été notée close par erreur. Elle ne l’est pas." in page
    assert "3 personnes" in page
    assert officer.post(writing, {"title": "", "body": ""}).status_code == 422
    assert officer.post(writing, {"title": "Une précision", "body": "La séance continue."}).status_code == 302
    assert "par erreur" not in words(officer.get(writing))
    assert signed_in("member").get(writing).status_code in (403, 404)


# Entered afterwards


def sheet(sitting, **values):
    """Return the data of the form as the page shows it, with changes."""
    invitees = sitting.invitees.order_by("person__sort_name", "pk")
    refused = [one.pk for one in invitees if one.reply == "will_not"]
    shown = "-".join(str(one.pk) for one in invitees)
    return {"opened": "18:00", "closed": "20:00", "away": refused, "shown": shown, "reason": "", **values}


def test_a_sheet_keyed_in_five_days_later_has_the_hours_of_its_day(signed_in, people):
    sitting = evening()
    item = AgendaItemFactory(sitting=sitting, title="Le vote", kind=AgendaKind.VOTE)
    with at("2026-12-08 10:00"):
        officer = signed_in("officer")
        page = words(officer.get(url("hold", sitting)))
        assert 'value="18:00"' in page
        assert 'value="20:00"' in page
        assert officer.post(url("hold", sitting), sheet(sitting)).status_code == 302
        assert officer.post(url("hold", sitting), sheet(sitting)).status_code == 409
    sitting = again(sitting)
    assert (sitting.state, sitting.opened_at, sitting.closed_at) == (
        "closed",
        paris("2026-12-03 18:00"),
        paris("2026-12-03 20:00"),
    )
    assert (sitting.recorded_at, sitting.recorded_by) == (paris("2026-12-08 10:00"), people["officer"])
    stays = set(Attendance.objects.values_list("arrived_at", "left_at", "via"))
    assert stays == {(paris("2026-12-03 18:00"), paris("2026-12-03 20:00"), "paper")}
    summary = attendance_summary(sitting)
    assert (len(summary.present), len(summary.excused), summary.half_days[0].members) == (3, 1, 3)
    assert [row.minutes for row in summary.present] == [120, 120, 120]
    # The journal keeps the true moment, and the hours that were typed.
    entry = Entry.objects.get(event_type="sitting.held")
    assert entry.at == paris("2026-12-08 10:00")
    assert entry.facts["people"] == 3
    # Benali came at 18 h 45: the vote of 18 h 30 is compared with who was there then.
    with at("2026-12-08 10:10"):
        stay = Attendance.objects.select_related("invitee__sitting__term").get(invitee__person__last_name="Benali")
        hours = {"arrived": "18:45", "left": "20:00", "mode": "room"}
        assert officer.post(url("stay-edit", sitting, stay.pk), hours).status_code == 302
        assert present_count(sitting, paris("2026-12-03 18:30")) == 2
        item.sitting = sitting
        ballot = decisions.prepare_ballot(item, question="Adopter ?", by=people["officer"])
        count = reverse("sittings:ballot-count", args=[ballot.pk])
        votes = {"votes_for": 3, "votes_against": 0, "abstentions": 0, "no_opinion": 0, **COUNTERS}
        assert officer.post(count, {**votes, "voted_at": "18:30"}).status_code == 422
        outside = officer.post(count, {**votes, "voted_at": "20:30"})
        assert outside.status_code == 422
        assert "La séance a duré de 18 h à 20 h : le vote n’a pas pu avoir lieu à 20 h 30." in words(outside)
        assert officer.post(count, {**votes, "votes_for": 2, "voted_at": "18:30"}).status_code == 302
    ballot.refresh_from_db()
    assert (ballot.present, timezone.localtime(ballot.counted_at).strftime("%d %H:%M")) == (2, "03 18:30")


def test_minutes_and_certificates_say_when_and_by_whom_the_hours_were_noted(people):
    people["officer"].person.first_name, people["officer"].person.last_name = "Nadia", "Fauré"
    people["officer"].person.save()
    sitting = evening(term=people.term)
    with at("2026-12-08 10:00"):
        planning.hold(sitting, by=people["officer"], **hours_of(sitting))
        draft = minutes.start(again(sitting), by=people["officer"])
    inside, outside = (minutes_facts(draft, audience)["sitting"] for audience in (INTERNAL, PUBLIC))
    assert inside["hours"] == outside["hours"] == "de 18 h à 20 h".replace(" h", "\u00a0h")
    assert inside["recorded"] == "Heures relevées le 8\u00a0décembre 2026 par Nadia Fauré."
    assert outside["recorded"] == "Heures relevées le 8\u00a0décembre 2026."
    text = text_of(certificate_pdf(sitting.invitees.first()))
    assert "18 h" in text
    assert "Heures relevées le 8 décembre 2026 par Nadia Fauré." in text
    assert "Soit 1 demi-journée." in text


def hours_of(sitting, opened="2026-12-03 18:00", closed="2026-12-03 20:00", away=()):
    shown = list(sitting.invitees.values_list("pk", flat=True))
    return {"opened_at": paris(opened), "closed_at": paris(closed), "shown": shown, "away": list(away)}


def test_what_the_sheet_refuses(signed_in, people):
    sitting = evening()
    everybody = [one.pk for one in sitting.invitees.all()]
    with at("2026-12-03 17:59"):
        assert signed_in("officer").post(url("hold", sitting), sheet(sitting)).status_code == 422
    with at("2026-12-03 19:00"):
        early = signed_in("officer").post(url("hold", sitting), sheet(sitting))
        assert "n’est pas encore passée" in words(early)
    with at("2026-12-08 10:00"):
        officer = signed_in("officer")
        for form, text in [
            (sheet(sitting, away=everybody), "Personne n’est noté présent"),
            (sheet(sitting, closed="18:00"), "La séance s’est ouverte à 18 h"),
            (sheet(sitting, opened="17:30"), "dites pourquoi ses heures sont autres"),
            (sheet(sitting, closed="21:10"), "dites pourquoi ses heures sont autres"),
            (sheet(sitting, opened=""), "Ce champ est vide"),
            (sheet(sitting, opened="25:00"), "heure"),
            (sheet(sitting, away=["999999"]), "999999"),
        ]:
            answer = officer.post(url("hold", sitting), form)
            assert answer.status_code == 422, form
            assert text in words(answer), form
        stale = sheet(sitting)
        InviteeFactory(sitting=sitting, person__last_name="Estève")
        answer = officer.post(url("hold", sitting), stale)
        assert answer.status_code == 409
        assert "La liste des personnes convoquées a changé" in words(answer)
        assert (again(sitting).state, Attendance.objects.count()) == ("notified", 0)
        told = {"opened": "17:30", "closed": "21:10", "reason": "Commencée plus tôt, le débat a duré."}
        assert officer.post(url("hold", sitting), sheet(sitting, **told)).status_code == 302
    assert again(sitting).hours_reason == "Commencée plus tôt, le débat a duré."
    for who in ("facilitator", "member"):
        assert signed_in(who).post(url("hold", sitting), sheet(sitting)).status_code in (403, 404)


def test_an_hour_outside_the_sitting_is_explained(signed_in, people):
    sitting = evening()
    with at("2026-12-08 10:00"):
        planning.hold(sitting, by=people["officer"], **hours_of(sitting))
        officer = signed_in("officer")
        stay = Attendance.objects.first()
        hours = {"arrived": "17:20", "left": "20:00", "mode": "room"}
        answer = officer.post(url("stay-edit", sitting, stay.pk), hours)
        assert answer.status_code == 422
        assert "La séance a duré de 18 h à 20 h : dites pourquoi ces heures en sortent." in words(answer)
        why = {"hours_reason": "A installé la salle."}
        assert officer.post(url("stay-edit", sitting, stay.pk), hours | why).status_code == 302
        assert "A installé la salle." in words(officer.get(url("person-attendance", sitting, stay.invitee_id)))


def test_a_night_that_repeats_an_hour():
    starts_at = paris("2026-10-24 22:00")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    half_past_two = time(2, 30)
    assert moment_of(half_past_two, starts_at) == first
    assert moment_of(half_past_two, starts_at, after=first) == second
    assert moment_of(half_past_two, starts_at, after=second) == first  # which the forms then refuse


def test_a_sitting_entered_later_counts_from_the_day_it_was_entered(people):
    sitting = evening(term=people.term)
    with at("2026-12-08 10:00"):
        planning.hold(sitting, by=people["officer"], **hours_of(sitting))
    days = [paris(f"2026-12-{day:02} 00:00").date() for day in (2, 3, 7, 8)]
    assert [indicators.held_sittings(people.term, day).count() for day in days] == [0, 0, 0, 1]


# The database


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "closed", "opened_at": None, "closed_at": None},
        {"state": "notified", "opened_at": "2026-12-03 18:00"},
        {"state": "not_held", "opened_at": None, "reason": ""},
        {"state": "open", "opened_at": "2026-11-30 10:00"},
        {"state": "open", "opened_at": "2026-12-09 10:00"},
        {"state": "closed", "opened_at": "2026-12-03 18:00", "closed_at": "2026-12-03 18:00"},
        {"state": "closed", "opened_at": "2026-12-03 18:00", "closed_at": "2026-12-08 10:00"},
        {
            "state": "closed",
            "opened_at": "2026-12-03 18:00",
            "closed_at": "2026-12-03 20:00",
            "recorded_at": "2026-12-08 10:00",
        },
    ],
    ids=str,
)
def test_the_database_refuses_an_impossible_row(wrong):
    sitting = evening()
    values = {name: paris(value) if name.endswith("_at") and value else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.filter(pk=sitting.pk).update(**values)


def test_the_database_refuses_other_hours_without_a_reason(people):
    sitting = evening()
    hours = {"opened_at": paris("2026-12-03 18:00"), "closed_at": paris("2026-12-03 21:00")}
    entered = {"recorded_at": paris("2026-12-08 10:00"), "recorded_by": people["officer"], "state": "closed"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.filter(pk=sitting.pk).update(**hours, **entered)
    Sitting.objects.filter(pk=sitting.pk).update(**hours, **entered, hours_reason="Le débat a duré.")


def test_the_database_refuses_a_stay_or_a_vote_of_another_day(people):
    sitting = evening()
    with at("2026-12-08 10:00"):
        planning.hold(sitting, by=people["officer"], **hours_of(sitting))
    invitee = sitting.invitees.last()
    with pytest.raises(IntegrityError, match="not on the day"), transaction.atomic():
        AttendanceFactory(invitee=invitee, arrived_at=paris("2026-12-08 10:00"), left_at=paris("2026-12-08 11:00"))
    item = AgendaItemFactory(sitting=sitting)
    votes = {"votes_for": 1, "votes_against": 0, "abstentions": 0, "no_opinion": 0, "present": 1, "result": "adopted"}
    with pytest.raises(IntegrityError, match="not taken during"), transaction.atomic():
        Ballot.objects.create(
            agenda_item=item, state="counted", counted_at=paris("2026-12-08 10:00"), **votes, **COUNTERS
        )


# Somebody else


def test_a_right_withdrawn_in_between_and_another_term(signed_in, people):
    sitting = evening()
    with at("2026-12-03 18:00"):
        assert signed_in(people.elsewhere("lead")).post(url("move", sitting, "ouvrir")).status_code == 404
        officer = signed_in("officer")
        assert officer.get(url("move", sitting, "ouvrir")).status_code == 200
        people["officer"].roles.update(ended_at=timezone.now())
        assert officer.post(url("move", sitting, "ouvrir")).status_code in (403, 404)
    assert again(sitting).state == "notified"


def test_only_the_lead_undoes(people):
    sitting = closed_plenary(people)
    with pytest.raises(PermissionDenied):
        planning.reopen(sitting, reason="Erreur", by=people["officer"])
    planning.reopen(sitting, reason="Erreur", by=people["lead"])
    with pytest.raises(PermissionDenied):
        planning.undo_opening(sitting, reason="Erreur", by=people["officer"])
    with pytest.raises(StateConflict):
        planning.reopen(sitting, reason="Erreur", by=people["lead"])
