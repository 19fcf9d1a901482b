"""Daily mails: lines gathered during the day, one mail each working morning, never one mail per event."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from assembly.institution.models import Assembly
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet

SEND_TIME = time(8, 0)


@dataclass(frozen=True)
class Daily[Line: models.Model]:
    """Declaration of a daily mail. A line has a `user`, and is sent (`sent_at`) or dropped (`dropped_at`) once.

    `assembly` is the lookup from a line to its assembly; `waiting` returns the locked lines from before a moment;
    `is_obsolete` returns whether a line is obsolete; `scope` returns the scope of the distribution (its term or its
    assembly).
    """

    kind: str
    lock: int
    lines: type[Line]
    assembly: str
    title: Any
    waiting: Callable[[Assembly, datetime], models.QuerySet[Line]]
    is_obsolete: Callable[[Line], bool]
    scope: Callable[[Assembly, Sequence[Line]], dict[str, Any]]

    def rows(self) -> models.QuerySet[Line]:
        return self.lines._default_manager.all()


def send_all(daily: Daily[Any], now: datetime) -> int:
    """Send this morning's mails, unless it is too early or not a working day; return how many people get one."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    waiting = daily.rows().filter(sent_at=None, dropped_at=None).values(daily.assembly)
    return sum(send(daily, assembly, local) for assembly in Assembly.objects.filter(pk__in=waiting).defer("logo_png"))


@transaction.atomic
def send(daily: Daily[Any], assembly: Assembly, local: datetime) -> int:
    """Send one distribution a day and an assembly, once whatever the number of clocks, and after a crash.

    What happened after eight o'clock is sent the next morning.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [daily.lock, assembly.pk])
    key = f"{daily.kind}:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    people = _split_obsolete(daily, assembly, timezone.make_aware(datetime.combine(local.date(), SEND_TIME)))
    if not people:
        return 0
    sent_lines = [line for lines in people for line in lines]
    distribute(
        daily.kind,
        assembly,
        [Recipient(lines[0].user.person, {"events": [line.pk for line in lines]}) for lines in people],
        by=None,
        title=daily.title % {"day": format_date(local.date())},
        key=key,
        letter=False,
        **daily.scope(assembly, sent_lines),
    )
    daily.rows().filter(pk__in=[line.pk for line in sent_lines]).update(sent_at=timezone.now())
    return len(people)


def _split_obsolete(daily: Daily[Any], assembly: Assembly, cut: datetime) -> list[list[Any]]:
    """Return the lines to send, by person; drop the obsolete ones."""
    by_user: dict[int, list[Any]] = defaultdict(list)
    dropped: list[int] = []
    for line in daily.waiting(assembly, cut):
        if daily.is_obsolete(line):
            dropped.append(line.pk)
        else:
            by_user[line.user_id].append(line)
    daily.rows().filter(pk__in=dropped).update(dropped_at=timezone.now())
    return list(by_user.values())
