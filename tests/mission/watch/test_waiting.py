"""« À faire »: a source that has failed for a week, an event that comes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mission.registers.contributions import DUES
from tests.factories.watch import WatchItemFactory, WatchSourceFactory

pytestmark = pytest.mark.django_db


def lines(people):
    found = DUES.backlog(people["officer"], people.term, 20)
    return [str(line.title) for line in found.lines]


def test_a_source_is_told_after_a_week_of_failures(people):
    today = timezone.localdate()
    for days, state in [(7, "active"), (6, "active"), (30, "paused")]:
        WatchSourceFactory(
            assembly=people.assembly,
            name=f"Source de {days} jours",
            state=state,
            failures=9,
            failing_since=today - timedelta(days=days),
            refusal="slow",
        )
    assert lines(people) == ["Source en échec depuis une semaine : Source de 7 jours"]


def test_an_event_is_told_two_weeks_before_unless_it_is_archived(people):
    today = timezone.localdate()
    for days, state in [(14, "retained"), (15, "retained"), (3, "archived")]:
        WatchItemFactory(
            assembly=people.assembly, name=f"Dans {days} jours", state=state, due_on=today + timedelta(days=days)
        )
    assert lines(people) == ["À ne pas manquer\u00a0: «\u00a0Dans 14 jours\u00a0»"]
