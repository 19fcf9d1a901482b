"""Minutes as each reader meets them: a visa asked once, a way home that opens, a validation that waits."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.todo import todo_for
from sessions.minutes.actions import corrections, publication
from sessions.models import MinutesState, MinutesVisaCapacity, Visa
from tests.factories.institution import RoleAssignmentFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

S = MinutesState


@pytest.fixture
def minutes(people):
    return written_minutes(people)


def url(name, *args):
    return reverse(f"sittings:{name}", args=args)


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


def titles(user, room, term):
    lines = [str(line.title) for line in todo_for(user, room, term).lines]
    return [line for line in lines if "compte rendu" in line or "procès-verbal" in line]


def test_after_the_visa_the_page_asks_no_more(signed_in, minutes):
    at_state(minutes, S.APPROVED)
    for user in (minutes.held.chair, minutes.held.secretary):
        room = signed_in(user)
        assert "il attend votre visa" in words_of(room.get(url("minutes-read", minutes.pk)))
        told = words_of(room.post(url("minutes-visa", minutes.pk), follow=True))
        assert "Votre visa est donné." in told
        assert "il attend votre visa" not in told
        assert "Donner mon visa" not in words_of(room.get(url("minutes-read", minutes.pk)))
    assert Visa.objects.filter(minutes=minutes, voided_at=None).count() == 2


def test_the_desk_offers_no_visa_that_was_given(signed_in, people, minutes):
    """The secretary is an officer: the dossier lists the steps that remain, not the one that was taken."""
    at_state(minutes, S.APPROVED)
    desk = signed_in(minutes.held.secretary)
    assert "Donner mon visa" in words_of(desk.get(url("minutes", minutes.sitting_id)))
    publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=minutes.held.secretary)
    assert "Donner mon visa" not in words_of(desk.get(url("minutes", minutes.sitting_id)))


def test_a_second_click_on_the_visa_is_told_and_changes_nothing(signed_in, minutes):
    at_state(minutes, S.APPROVED)
    room = signed_in(minutes.held.chair)
    first, second = (room.post(url("minutes-visa", minutes.pk)) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Visa.objects.filter(minutes=minutes).count() == 1


@pytest.mark.parametrize("who", ["secretary", "chair", "officer"])
def test_the_way_home_of_a_page_in_the_members_room_opens(signed_in, minutes, who):
    at_state(minutes, S.APPROVED)
    browser = signed_in(getattr(minutes.held, who))
    page = words_of(browser.get(url("minutes-read", minutes.pk)))
    home = re.search(r'<a class="brand room" href="([^"]+)"', page)[1]
    arrived = browser.get(home, follow=True)
    assert arrived.status_code == 200
    assert arrived.request["PATH_INFO"] == ("/espace/" if who == "chair" else "/bureau/")


def test_who_may_not_validate_reads_whom_the_report_waits_for(signed_in, people):
    """Every point is written; validating belongs to the lead."""
    report = written_minutes(people, committee=True)
    lead = people["lead"]
    lead.person.first_name, lead.person.last_name = "Muriel", "Daste"
    lead.person.save()
    page = words_of(signed_in(report.held.officer).get(url("minutes", report.sitting_id)))
    assert "3 points écrits sur 3" in page
    assert "Attend la validation de : Muriel Daste." in page
    assert "Valider le compte rendu" in words_of(signed_in(lead).get(url("minutes", report.sitting_id)))


def test_two_leads_are_both_named_and_a_former_one_is_not(signed_in, people):
    report = written_minutes(people, committee=True)
    names = []
    for first in ("Anna", "Muriel"):
        held = RoleAssignmentFactory(role="lead", term=people.term)
        held.user.person.first_name, held.user.person.last_name = first, "Daste"
        held.user.person.save()
        names.append(held)
    gone = RoleAssignmentFactory(role="lead", term=people.term, user__person__last_name="Partie")
    gone.ended_at = gone.given_at
    gone.save()
    page = words_of(signed_in(report.held.officer).get(url("minutes", report.sitting_id)))
    assert "Attend la validation de : Anna Daste ou Muriel Daste." in page
    assert "Partie" not in page


def test_a_written_report_is_a_task_of_the_lead_alone(people):
    report = written_minutes(people, committee=True)
    assert "Valider le compte rendu" in titles(people["lead"], "desk", people.term)
    assert "Finir le compte rendu" not in titles(people["lead"], "desk", people.term)
    assert titles(report.held.officer, "desk", people.term) == []


def test_a_report_with_a_point_to_write_is_still_to_finish(people):
    report = written_minutes(people, committee=True)
    report.sections.filter(agenda_item=report.held.items[0]).update(summary_html="")
    for user in (people["lead"], report.held.officer):
        assert titles(user, "desk", people.term) == ["Finir le compte rendu"]


def test_written_formal_minutes_are_submitted_by_the_team(people, minutes):
    assert titles(minutes.held.officer, "desk", people.term) == ["Faire contrôler le procès-verbal"]


def test_a_sent_correction_leaves_the_list_of_what_to_do(people, minutes):
    later = timezone.now() + timedelta(days=5)
    at_state(minutes, S.CIRCULATED, corrections_until=later)
    author, other = minutes.held.members[1], minutes.held.members[2]
    assert titles(author, "member", people.term) == ["Relire le compte rendu"]
    corrections.ask(minutes, minutes.held.items[0], by=author, passage="", proposal="Ajouter l’heure", reason="")
    assert titles(author, "member", people.term) == []
    assert titles(other, "member", people.term) == ["Relire le compte rendu"]
