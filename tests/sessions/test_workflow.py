"""Each step of a sitting, by state and by role: what moves, what is written, what does not."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assembly.audit.models import Entry
from sessions.actions import attendance, notices, sittings
from sessions.enums import SittingState
from sessions.models import Sitting
from sessions.workflows.sittings import SITTING
from tests.factories.sessions import SittingFactory
from tests.undo import undone

pytestmark = pytest.mark.django_db


def later(days):
    start = timezone.now() + timedelta(days=days)
    return {"starts_at": start, "ends_at": start + timedelta(hours=3)}


STEPS = {
    "notify": (notices.notify, {}, "sitting.notified"),
    "renotify": (notices.renotify, {}, "sitting.renotified"),
    "confirm": (sittings.confirm, {}, "sitting.confirmed"),
    "open": (attendance.open_sitting, {}, "sitting.opened"),
    "suspend": (attendance.suspend, {}, "sitting.suspended"),
    "resume": (attendance.resume, {}, "sitting.resumed"),
    "close": (attendance.close, {}, "sitting.closed"),
    "note_no_quorum": (attendance.note_no_quorum, {}, "sitting.not_quorate"),
    "reconvene": (notices.reconvene, later(20), "sitting.reconvened"),
    "postpone": (notices.postpone, {"reason": "Neige"}, "sitting.postponed"),
    "cancel": (notices.cancel, {"reason": "Neige"}, "sitting.cancelled"),
    "archive": (sittings.archive, {}, "sitting.archived"),
}


def sitting_in(state):
    began = timezone.now() - timedelta(hours=2)
    opened = state in ("open", "suspended", "closed", "minuted", "archived", "not_quorate", "reconvened")
    running = state in ("open", "suspended")
    return SittingFactory(
        state=state,
        reason="neige",
        opened_at=began if opened else None,
        closed_at=timezone.now() if opened and not running else None,
    )


def tried(sitting, verb, who, people):
    """One step by one role on a sitting that is there for all: what moved and what was written, or nothing."""
    act, facts, written = STEPS[verb]
    state = sitting.state
    target = SITTING.target(verb, state)
    if who in ("lead", "officer") and target:
        act(sitting, by=people[who], **facts)
        expected = target, 1
    else:
        with pytest.raises(PermissionDenied):
            act(sitting, by=people[who], **facts)
        expected = state, 0
    sitting.refresh_from_db()
    assert (sitting.state, Entry.objects.filter(verb=written).count()) == expected, (verb, state, who)
    if not expected[1]:
        assert (Entry.objects.count(), Sitting.objects.count()) == (0, 1), (verb, state, who)


@pytest.mark.parametrize("state", SittingState)
def test_every_step_by_every_role(state, people):
    made = sitting_in(state)
    roles = {who: people[who] for who in ("lead", "officer", "facilitator", "member")}
    for verb, who in product(STEPS, roles):
        with undone():
            tried(Sitting.objects.get(pk=made.pk), verb, who, people)
    assert Sitting.objects.get().state == state
