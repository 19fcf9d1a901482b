"""Sittings, their agenda, who is asked to come and who was there."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone

from assembly.tasks.models import Task
from sessions.decisions.queries import page_of_sitting
from sessions.minutes.models import MinutesKind
from sessions.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    CalendarFeed,
    Invitee,
    Minutes,
    Notice,
    Sitting,
    SittingTemplate,
)
from sessions.sittings.models import NoticeKind, Reply, SittingKind, SittingState
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import CommitteeFactory, TermFactory
from tests.factories.traits import Trait


class SittingFactory(factory.django.DjangoModelFactory):
    """A plenary planned in thirty days, from 9 h 30 to 17 h. Traits: committee_sitting, notified, confirmed, running,
    held, not_quorate."""

    class Meta:
        model = Sitting

    class Params:
        committee_sitting = Trait(
            kind=SittingKind.COMMITTEE,
            committee=factory.SubFactory(CommitteeFactory, term=factory.SelfAttribute("..term")),
            is_quorum_required=False,
        )
        notified = Trait(state=SittingState.NOTIFIED, notified_at=factory.LazyFunction(timezone.now))
        confirmed = Trait(state=SittingState.CONFIRMED, notified_at=factory.LazyFunction(timezone.now))
        running = Trait(
            state=SittingState.OPEN,
            notified_at=factory.LazyFunction(timezone.now),
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)),
            opened_at=factory.SelfAttribute("starts_at"),
        )
        held = Trait(
            state=SittingState.CLOSED,
            starts_at=datetime(2026, 3, 28, 8, 30, tzinfo=UTC),
            notified_at=datetime(2026, 3, 13, 8, tzinfo=UTC),
            opened_at=factory.SelfAttribute("starts_at"),
            closed_at=factory.SelfAttribute("ends_at"),
        )
        not_quorate = Trait(
            state=SittingState.NOT_QUORATE,
            starts_at=datetime(2026, 3, 28, 8, 30, tzinfo=UTC),
            opened_at=factory.SelfAttribute("starts_at"),
            closed_at=factory.SelfAttribute("ends_at"),
        )

    term = factory.SubFactory(TermFactory)
    kind = SittingKind.PLENARY
    reference = factory.Sequence(lambda n: f"PL-2025-{n:03d}")
    title = "Séance plénière"
    starts_at = factory.LazyFunction(lambda: morning(30))
    ends_at = factory.LazyAttribute(lambda sitting: sitting.starts_at + timedelta(hours=7, minutes=30))
    break_starts_at = factory.LazyAttribute(lambda sitting: sitting.starts_at + timedelta(hours=3))
    break_ends_at = factory.LazyAttribute(lambda sitting: sitting.starts_at + timedelta(hours=4, minutes=30))
    place_name = "Hôtel du Département"
    place_address = "1 boulevard de la Marquette, Toulouse"
    officer = factory.SubFactory(UserFactory)


def began(state: str, opened_at: datetime | None = None, closed_at: datetime | None = None) -> dict:
    """Return the hours of a sitting in that state: it began two hours ago, and ended now if it is over."""
    now = timezone.now()
    has_begun = state in SittingState.tagged("running", "ended")
    return {
        "opened_at": (opened_at or now - timedelta(hours=2)) if has_begun else None,
        "closed_at": (closed_at or now) if state in SittingState.tagged("ended") else None,
    }


def put_today(sitting: Sitting, state: str, **values) -> None:
    """Move the sitting to today, begun two hours ago, or at midnight, and in that state; refresh the object."""
    starts_at = max(timezone.now() - timedelta(hours=2), timezone.localtime().replace(hour=0, minute=0, second=0))
    hours = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=7), **began(state)}
    without_break = {"break_starts_at": None, "break_ends_at": None}
    Sitting.objects.filter(pk=sitting.pk).update(state=state, reason="Neige", **hours, **without_break, **values)
    sitting.refresh_from_db()


def vote_moment(sitting: Sitting) -> datetime:
    """Return an hour for a vote of the sitting; open a sitting that never began today."""
    sitting.refresh_from_db()
    if sitting.opened_at is None:
        put_today(sitting, SittingState.OPEN)
    return sitting.closed_at or timezone.now()


def morning(days: int) -> datetime:
    """Return 9 h 30 in Paris, in that many days."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=9, minute=30, second=0, microsecond=0)


class SittingTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SittingTemplate

    term = factory.SubFactory(TermFactory)
    name = factory.Sequence(lambda n: f"Modèle {n}")
    kind = SittingKind.PLENARY
    agenda = factory.LazyFunction(
        lambda: [
            {"title": "Ouverture", "kind": "opening", "minutes": 10, "depth": 0},
            {"title": "Échange", "kind": "discussion", "minutes": 60, "depth": 0},
            {"title": "En petits groupes", "kind": "discussion", "minutes": 40, "depth": 1},
        ]
    )


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    sitting = factory.SubFactory(SittingFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Point {n}")


class InviteeFactory(factory.django.DjangoModelFactory):
    """Asked, no answer yet. Traits: coming, not_coming, guest."""

    class Meta:
        model = Invitee

    class Params:
        coming = Trait(reply=Reply.WILL_ATTEND, replied_at=factory.LazyFunction(timezone.now))
        not_coming = Trait(reply=Reply.WILL_NOT, replied_at=factory.LazyFunction(timezone.now))
        guest = Trait(is_member=False, capacity="experte")

    sitting = factory.SubFactory(SittingFactory, notified=True)
    person = factory.SubFactory(PersonFactory)


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    sitting = factory.SubFactory(SittingFactory, notified=True)
    number = 1
    kind = NoticeKind.FIRST
    issued_at = factory.LazyFunction(timezone.now)
    issued_by = factory.SubFactory(UserFactory)
    snapshot = factory.LazyAttribute(lambda notice: snapshot_of(notice.sitting))


def snapshot_of(sitting: Sitting) -> dict:
    from sessions.sittings.queries.convening import snapshot

    return snapshot(sitting)


class AttendanceFactory(factory.django.DjangoModelFactory):
    """There from the beginning of the sitting; still there unless `left_at` is given."""

    class Meta:
        model = Attendance

    invitee = factory.SubFactory(InviteeFactory, sitting__running=True)
    arrived_at = factory.LazyAttribute(lambda stay: stay.invitee.sitting.starts_at)
    recorded_by = factory.SubFactory(UserFactory)


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)


class MinutesFactory(factory.django.DjangoModelFactory):
    """A draft of formal minutes of a plenary that was held."""

    class Meta:
        model = Minutes

    sitting = factory.SubFactory(SittingFactory, held=True)
    kind = MinutesKind.FORMAL
    writer = factory.SubFactory(UserFactory)
    due_on = factory.LazyAttribute(lambda minutes: timezone.localdate(minutes.sitting.starts_at) + timedelta(days=15))


def decided_task(sitting, agenda_item=None, **columns):
    """Make a task that the sitting decided, with an owner or an `owner_text`."""
    columns = {"text": "Écrire au maire", **columns, **page_of_sitting(sitting).columns}
    task = Task.objects.create(term=sitting.term, is_decided=True, **columns)
    ActionItem.objects.create(sitting=sitting, agenda_item=agenda_item, task=task)
    return task
