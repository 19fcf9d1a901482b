"""Five scheduler processes, three days of simulated clock: each reminder leaves once, and nobody gets two mails a day.

The clock goes by four hours, by one when all is asked.
"""

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from assembly.institution.models import Role
from assembly.notifications.models import Delivery, Distribution
from assembly.text.working_days import is_working_day
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, ReviewState
from tests.consultations.desk import agent
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory
from tests.factories.institution import DirectorateFactory

SHIFTS = (0, 0, 7, 61, 400)
K = DeskEventKind


def quiet_week():
    """Return a future Monday whose first three days are working days."""
    day = timezone.localdate() + timedelta(days=40)
    while not (day.weekday() == 0 and all(is_working_day(day + timedelta(days=step)) for step in range(3))):
        day += timedelta(days=1)
    return day


def environment():
    name = connection.settings_dict
    url = f"postgres://{name['USER']}@/{name['NAME']}?host={name['HOST']}&port={name['PORT'] or ''}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "assembly.config.settings_test"}


def run_schedulers(start, hours):
    """Run the five processes at once; return how often each one fired."""
    command = [sys.executable, "-m", "tests.consultations.digest.late_scheduler", start.isoformat(), str(hours)]
    run = subprocess.run(
        [*command, *map(str, SHIFTS)],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdout=subprocess.PIPE,
        timeout=500,
        check=True,
    )
    return [int(ticks) for ticks in run.stdout.split()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hours", [4, pytest.param(1, marks=pytest.mark.long)])
def test_each_reminder_leaves_once_with_five_schedulers(hours, people):
    monday = quiet_week()
    referral = ReferralFactory(term=people.term, issued=True, officer=people["officer"])
    reviews, contacts, approvers = {}, {}, {}
    for name, days, state in (
        ("ten", 10, ReviewState.ASKED),
        ("three", 4, ReviewState.DRAFTED),
        ("late", 1, ReviewState.RETURNED),
        ("very late", -2, ReviewState.SUPPLEMENT),
        ("visa", 3, ReviewState.SUBMITTED),
        ("far", 30, ReviewState.ASKED),
    ):
        place = DirectorateFactory(assembly=people.assembly)
        contacts[name], approvers[name] = agent(place), agent(place, Role.DIR_APPROVER)
        reviews[name] = DirectorateReviewFactory(
            referral=referral,
            directorate=place,
            state=state,
            due_on=monday + timedelta(days=days),
            asked_by=people["officer"],
        )
    start = timezone.make_aware(datetime.combine(monday, time.min))
    ticks = run_schedulers(start, hours)
    assert len(ticks) == len(SHIFTS)
    assert min(ticks) >= 70 // hours
    told = Counter(DeskEvent.objects.filter(sent_at__isnull=False).values_list("review", "user", "kind"))

    def contact(name):
        return reviews[name].pk, contacts[name].pk

    def approver(name):
        return reviews[name].pk, approvers[name].pk

    assert told == {
        (*contact("ten"), K.REMINDER): 1,
        # On Monday « three » is past its tenth day, « late » past its third; the next steps come on their day.
        (*contact("three"), K.REMINDER): 2,
        (*contact("late"), K.REMINDER): 2,
        # On Monday « very late » is two days late, on Tuesday three: its approver learns it.
        (*contact("very late"), K.REMINDER): 2,
        (*approver("very late"), K.ESCALATED): 1,
        (*approver("visa"), K.TO_VALIDATE): 1,
    }
    assert not DeskEvent.objects.filter(sent_at=None).exists()
    written = [pk for delivery in Delivery.objects.all() for pk in delivery.context["events"]]
    assert Counter(written) == Counter(DeskEvent.objects.values_list("pk", flat=True))
    assert Distribution.objects.count() == 3
    assert max(Counter(Delivery.objects.values_list("distribution", "person")).values()) == 1
