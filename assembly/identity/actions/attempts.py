"""Rate limits: attempts are counted in the database before they are checked, so parallel requests share one count."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.identity.models import AttemptCounter

log = logging.getLogger(__name__)
FREE_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in a window of `seconds` that begins with the first one.

    `grows`: from the fifth attempt on each next one is delayed, by 30 seconds then twice as long each time; a success
    deletes the count. Without it a success subtracts its own attempt and leaves those of others.

    `near`: threshold of a count that many clients share. From there on an attempt passes only where no limit of its
    client (`is_asker`: a network) has counted anything yet: a new client is not refused for what others did. `kind`:
    logged when the count comes to `near`.
    """

    key: str
    most: int
    seconds: int
    grows: bool = False
    near: int | None = None
    kind: str = ""
    is_asker: bool = False


class TooManyAttempts(ValidationError):
    """Raised before anything was checked or sent. The message says how long to wait."""

    def __init__(self, until: datetime) -> None:
        super().__init__(waiting_message(until - timezone.now()), code="too_many_attempts")


def waiting_message(wait: timedelta) -> str:
    minutes = -(-wait // timedelta(minutes=1))
    if minutes <= 90:
        return ngettext(
            "Trop d’essais. Attendez %(n)s minute, puis recommencez.",
            "Trop d’essais. Attendez %(n)s minutes, puis recommencez.",
            minutes,
        ) % {"n": minutes}
    return _(
        "Trop d’essais aujourd’hui depuis ici. Entrez depuis votre appareil habituel ou avec une clé d’accès, "
        "ou téléphonez à l’équipe."
    )


def delay_after(count: int) -> timedelta:
    """Return how long the attempt after number `count` is delayed."""
    if count < FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_DELAY * 2 ** (count - FREE_ATTEMPTS), LONGEST_DELAY)


@transaction.atomic
def count_attempt(limits: Sequence[Limit], *, newcomers_only: bool = False, weight: int = 1) -> None:
    """Count one attempt under every limit, or raise TooManyAttempts and count nothing.

    `weight`: of an attempt that counts for several (megabytes). `newcomers_only`: another resource is nearly full, a
    queue for instance. The upsert locks the rows, in the order of their keys: parallel requests block, and read what
    this one wrote.
    """
    now = timezone.now()
    limits = sorted(limits, key=lambda limit: limit.key)
    AttemptCounter.objects.bulk_create(
        [AttemptCounter(key=limit.key, since=now, last_at=now) for limit in limits],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["last_at"],
    )
    rows = AttemptCounter.objects.in_bulk([limit.key for limit in limits])
    for limit in limits:
        row = rows[limit.key]
        if now >= row.since + timedelta(seconds=limit.seconds):
            row.since, row.count, row.blocked_until = now, 0, None
    is_newcomer = not any(rows[limit.key].count for limit in limits if limit.is_asker)
    if newcomers_only and not is_newcomer:
        raise TooManyAttempts(now + timedelta(hours=1))
    for limit in limits:
        row = rows[limit.key]
        is_near = limit.near is not None and row.count >= limit.near
        if row.count + weight > limit.most or (is_near and not is_newcomer):
            raise TooManyAttempts(row.since + timedelta(seconds=limit.seconds))
        if row.blocked_until and now < row.blocked_until:
            raise TooManyAttempts(row.blocked_until)
        row.count += weight
        delay = delay_after(row.count) if limit.grows else None
        row.blocked_until = now + delay if delay else None  # a request that the lock delayed has an earlier `now`
        if limit.kind and row.count == limit.near:
            transaction.on_commit(partial(log.error, "many requests: %s, only newcomers are let in", limit.kind))
    AttemptCounter.objects.bulk_update(rows.values(), ["since", "count", "blocked_until"])


def may_attempt(limits: Sequence[Limit]) -> bool:
    """Count one attempt; return False, and count nothing, where it is one too many. For silent refusals."""
    try:
        count_attempt(limits)
    except TooManyAttempts:
        return False
    return True


@transaction.atomic
def uncount_attempt(limits: Sequence[Limit]) -> None:
    """Uncount a successful attempt: it was no guess. Rows are locked in the order of `count_attempt`."""
    grown = {limit.key for limit in limits if limit.grows}
    keys = sorted(limit.key for limit in limits)
    for row in AttemptCounter.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("key"):
        if row.key in grown:
            row.delete()
        else:
            row.count = max(row.count - 1, 0)
            row.save(update_fields=["count"])
