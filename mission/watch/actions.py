"""Fetch of the feeds that are due, whose entries become items, and the recipients of the letters.

Feeds are fetched one after the other, each claimed by one worker.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Directorate
from assembly.text.french import shortened
from mission.fetcher.fetching import FeedItem, Fetched, fetch_feed
from mission.fetcher.policy import FeedRefused
from mission.watch import rules
from mission.watch.models import FETCHED, DigestReader, WatchItem, WatchSource

LEASE = timedelta(minutes=10)  # the longest time that a killed worker blocks a source
ROUND_SECONDS = 120  # then the next run of the job goes on
OLDEST_DAYS = 60
MOST_NEW = 50

Fetch = Callable[..., Fetched]


def fetch_due(fetch: Fetch = fetch_feed) -> int:
    """Fetch the sources that are due, for two minutes at most; return how many."""
    began, done = time.monotonic(), 0
    while time.monotonic() - began < ROUND_SECONDS and (source := claim()):
        fetch_source(source, fetch)
        done += 1
    return done


@transaction.atomic
def claim() -> WatchSource | None:
    """Claim the source due for the longest, for ten minutes: no transaction is open while its site answers."""
    now = timezone.now()
    due = WatchSource.objects.filter(FETCHED, next_fetch_at__lte=now)
    source = due.select_for_update(skip_locked=True, no_key=True).order_by("next_fetch_at", "pk").first()
    if source:
        WatchSource.objects.filter(pk=source.pk).update(next_fetch_at=now + LEASE)
    return source


def fetch_source(source: WatchSource, fetch: Fetch = fetch_feed) -> None:
    try:
        feed = fetch(source.address, etag=source.etag, modified=source.modified)
    except FeedRefused as refused:
        note_failure(source, refused.code)
    else:
        note_items(source, feed)


def note_failure(source: WatchSource, code: str) -> None:
    """Store a failure: the pauses before the next fetch grow, and the source shows since when it fails."""
    failures = min(source.failures + 1, 1000)
    now = timezone.now()
    WatchSource.objects.filter(pk=source.pk, address=source.address).update(
        fetched_at=now,
        failures=failures,
        failing_since=source.failing_since or timezone.localdate(),
        refusal=code,
        next_fetch_at=now + rules.pause_after(failures),
    )


@transaction.atomic
def note_items(source: WatchSource, fetched: Fetched) -> int:
    """Write what is new, and return how many; idempotent. Nothing is written if the address changed meanwhile."""
    current = WatchSource.objects.select_for_update(no_key=True).filter(pk=source.pk, address=source.address).first()
    if current is None:
        return 0
    now = timezone.now()
    WatchSource.objects.filter(pk=source.pk).update(
        fetched_at=now,
        failures=0,
        failing_since=None,
        refusal="",
        next_fetch_at=now + rules.pause_after(0),
        **({} if fetched.is_unchanged else {"etag": fetched.etag, "modified": fetched.modified}),
    )
    return sum(_note(current, item) for item in fetched.items[:MOST_NEW])


def _note(source: WatchSource, item: FeedItem) -> bool:
    """Write one item, unless it is old or exists already."""
    today = timezone.localdate()
    if item.published_on and item.published_on < today - timedelta(days=OLDEST_DAYS):
        return False
    title = shortened(item.title, 160)
    if rules.double_of(source.assembly_id, item.link, title, today):
        return False
    number = next_number(source.assembly, "VE", today.year)
    row = WatchItem.objects.create(
        assembly_id=source.assembly_id,
        reference=f"VE-{today.year}-{number:02d}",
        name=title,
        source=source,
        kind=source.item_kind,
        territory=source.territory,
        topics=source.topics,
        summary=item.summary,
        link=item.link,
        published_on=item.published_on,
        address_key=rules.address_key(item.link),
        title_key=rules.title_key(title),
        created_by_id=source.created_by_id,
        changed_by_id=source.created_by_id,
    )
    record("watch_item.fetched", row, by=None, source=source.reference)
    return True


@transaction.atomic
def add_reader(assembly: int, *, user: User | None, directorate: Directorate | None, by: User) -> DigestReader:
    row, is_new = DigestReader.objects.get_or_create(
        assembly_id=assembly, user=user, directorate=directorate, defaults={"added_by": by}
    )
    if is_new:
        record("watch_digest.reader_added", row, by=by)
    return row


@transaction.atomic
def remove_reader(row: DigestReader, *, by: User) -> None:
    record("watch_digest.reader_removed", row, by=by)
    row.delete()
