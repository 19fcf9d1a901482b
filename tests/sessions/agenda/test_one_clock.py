"""One clock for everybody: the pause is nobody's working time, and an internal point moves no one's hours apart."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from sessions.agenda.queries import agenda_of
from sessions.agenda.rules import LineTiming, clock
from sessions.models import AgendaItem, AgendaKind
from sessions.sittings.queries.calendar import agenda_text
from sessions.sittings.queries.convening import snapshot
from sessions.sittings.rules import differences
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, NoticeFactory, SittingFactory

NINE = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
PAUSE = (NINE + timedelta(hours=3), NINE + timedelta(hours=4))


def told(lines, pause=PAUSE):
    """Return {key: "9:00-10:30"} for lines given as (key, depth, minutes) or (key, depth, minutes, is_break)."""
    slots = clock([LineTiming(*line) for line in lines], NINE, pause)
    return {pk: f"{slot.starts_at:%H:%M}-{slot.ends_at:%H:%M}" for pk, slot in slots.items()}


def test_without_a_break_line_the_afternoon_begins_after_the_pause():
    assert told([(1, 0, 120), (2, 0, 60), (3, 0, 90)]) == {1: "09:00-11:00", 2: "11:00-12:00", 3: "13:00-14:30"}


def test_a_point_that_meets_the_pause_goes_on_after_it():
    assert told([(1, 0, 150), (2, 0, 60), (3, 0, 15)]) == {1: "09:00-11:30", 2: "11:30-13:30", 3: "13:30-13:45"}


def test_sub_points_meet_the_pause_one_by_one():
    lines = [(1, 0, 5), (2, 0, 99), (3, 1, 120), (4, 1, 90), (5, 1, 30)]
    assert told(lines) == {
        1: "09:00-09:05",
        2: "09:05-14:05",
        3: "09:05-11:05",
        4: "11:05-13:35",
        5: "13:35-14:05",
    }


def test_a_morning_break_is_not_the_lunch():
    lines = [(1, 0, 60), (2, 0, 15, True), (3, 0, 105), (4, 0, 60, True), (5, 0, 30)]
    assert told(lines) == {
        1: "09:00-10:00",
        2: "10:00-10:15",
        3: "10:15-12:00",
        4: "12:00-13:00",
        5: "13:00-13:30",
    }


def test_a_morning_break_alone_leaves_the_lunch_where_it_is():
    lines = [(1, 0, 60), (2, 0, 15, True), (3, 0, 120), (4, 0, 30)]
    assert told(lines) == {1: "09:00-10:00", 2: "10:00-10:15", 3: "10:15-13:15", 4: "13:15-13:45"}


def test_a_morning_that_lasts_too_long_shortens_the_lunch_and_not_the_afternoon():
    assert told([(1, 0, 200), (2, 0, 60, True), (3, 0, 30)]) == {
        1: "09:00-12:20",
        2: "12:20-13:00",
        3: "13:00-13:30",
    }


def test_without_a_pause_hours_follow_each_other():
    assert told([(1, 0, 200), (2, 0, 60, True), (3, 0, 30)], None) == {
        1: "09:00-12:20",
        2: "12:20-13:20",
        3: "13:20-13:50",
    }


# --- the same hours on every page and paper ---


@pytest.fixture
def sitting(people):
    """From 9 h 30, a pause at noon: « Accueil » 60 minutes, an internal point 60, « Le schéma » 60, « Le vote » 30."""
    found = SittingFactory(term=people.term, notified=True)
    found.break_starts_at = found.starts_at + timedelta(hours=2, minutes=30)
    found.break_ends_at = found.break_starts_at + timedelta(hours=1)
    found.save()
    for place, (title, minutes, is_internal) in enumerate(
        [("Accueil", 60, False), ("Point d’équipe", 60, True), ("Le schéma", 60, False), ("Le vote", 30, False)], 1
    ):
        AgendaItemFactory(sitting=found, position=place, title=title, minutes=minutes, is_internal=is_internal)
    return found


HOURS = {"Accueil": "9\u00a0h\u00a030", "Le schéma": "11\u00a0h\u00a030", "Le vote": "13\u00a0h\u00a030"}


def test_members_read_the_hours_of_the_team(sitting):
    team, members = (
        {line.item.title: (line.starts_at, line.slot.ends_at) for line in agenda_of(sitting, internal=internal)}
        for internal in (True, False)
    )
    assert team.pop("Point d’équipe")
    assert members == team


def test_a_sub_point_of_an_internal_point_stays_hidden_and_counts(sitting):
    inside = AgendaItem.objects.get(title="Point d’équipe")
    AgendaItemFactory(sitting=sitting, position=2, title="Secret", minutes=60, parent=inside)
    members = {line.item.title: line for line in agenda_of(sitting, internal=False)}
    assert set(members) == set(HOURS)
    assert [line.number for line in members.values()] == ["1", "2", "3"]


def test_the_pages_the_file_and_the_calendar_tell_the_same_hours(sitting, people, signed_in):
    frozen = snapshot(sitting)
    NoticeFactory(sitting=sitting, snapshot=frozen)
    InviteeFactory(sitting=sitting, person=people["member"].person)
    desk = signed_in("officer").get(reverse("sittings:sitting", args=[sitting.pk])).content.decode()
    room = signed_in("member").get(reverse("sittings:my-sitting", args=[sitting.pk])).content.decode()
    assert {row["title"]: row["hour"] for row in frozen["agenda"]} == HOURS
    for title, hour in HOURS.items():
        assert f"{hour} {title}" in agenda_text(frozen)
        for page, kind in ((desk, "outline"), (room, "agenda-lines")):
            lines = page[page.index(f'<ol class="{kind}"') :]
            before = lines[: lines.index(title)]
            assert before.rindex(hour) > before.rindex("<li"), (title, hour)
    assert "Point d’équipe" not in room
    assert "pause de 12\u00a0h à 13\u00a0h" in room


def test_a_break_line_that_only_the_team_sees_is_a_break_for_all(sitting):
    AgendaItem.objects.filter(title="Point d’équipe").update(kind=AgendaKind.BREAK)
    team = {line.item.title: line.starts_at for line in agenda_of(sitting, internal=True)}
    members = {line.item.title: line.starts_at for line in agenda_of(sitting, internal=False)}
    assert members == {title: hour for title, hour in team.items() if title != "Point d’équipe"}


def test_an_internal_point_added_after_the_convocation_is_told_as_a_change_of_hours(sitting):
    """The file and the calendar keep what was convened: the team is told that the hours are others now."""
    frozen = snapshot(sitting)
    assert differences(frozen, snapshot(sitting)) == []
    AgendaItemFactory(sitting=sitting, position=1, title="Autre point d’équipe", minutes=15, is_internal=True)
    assert differences(frozen, snapshot(sitting)) == [
        {
            "label": "Heures des points",
            "before": "11\u00a0h\u00a030 Le schéma",
            "after": "11\u00a0h\u00a045 Le schéma",
        }
    ]
