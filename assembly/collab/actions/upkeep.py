"""Background work on texts: snapshots, lists of suggestions, authorship."""

from datetime import timedelta

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assembly.collab.actions.suggestions import relist
from assembly.collab.document import authorship
from assembly.collab.engine import headers
from assembly.collab.engine.copy import TextCopy, load, rows_after
from assembly.collab.models import SharedText, Snapshot, TextVersion, Update

MANY_ROWS, CALM = 500, timedelta(minutes=2)
AT_ONCE = 20
LOCK = 0x54454E44  # « TEND »


def run_upkeep() -> int:
    """Run one round over the texts that changed; return how many tasks were done, 0 when another round runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return list_suggestions() + compact_due() + attribute_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def list_suggestions() -> int:
    """Update the suggestion rows of the texts that changed."""
    due = list(SharedText.objects.exclude(last_seq=F("listed_seq")).order_by("pk")[:AT_ONCE])
    for text in due:
        relist(text)
    return len(due)


def compact_due() -> int:
    """Write snapshots of texts with many rows since the last one, or with any once nobody has written for a while."""
    newest = Snapshot.objects.filter(text=OuterRef("pk")).order_by("-upto_seq").values("upto_seq")[:1]
    latest = Update.objects.filter(text=OuterRef("pk")).order_by("-seq").values("at")[:1]
    texts = SharedText.objects.annotate(kept=Coalesce(Subquery(newest), 0), latest=Subquery(latest)).filter(
        Q(last_seq__gt=F("kept") + MANY_ROWS) | Q(last_seq__gt=F("kept"), latest__lt=timezone.now() - CALM)
    )
    return sum(compact(text) for text in texts.order_by("pk")[:AT_ONCE])


def compact(text: SharedText) -> bool:
    """Write a snapshot of the newest state; no row is ever deleted. Return False when there is nothing new, or a gap.

    A document that is written out drops parts that depend on missing ones, while the rows have them: a log with a gap
    gets no snapshot.
    """
    copy = TextCopy(text.pk)
    if snapshot := Snapshot.objects.filter(text=text).order_by("-upto_seq").first():
        copy.apply_batch([bytes(snapshot.data)])
        copy.read_clocks()
        copy.seq = snapshot.upto_seq
    rows = rows_after(text.pk, copy.seq)
    copy.apply_all([(data, headers.read_update(data)) for _seq, data in rows])
    if not rows or copy.has_gap or not copy.is_whole():
        return False
    Snapshot.objects.get_or_create(text=text, upto_seq=rows[-1][0], defaults={"data": copy.whole()})
    return True


def attribute_due() -> int:
    """Compute the authorship of the versions that have none yet."""
    due = list(TextVersion.objects.filter(passages__isnull=True).select_related("text").order_by("pk")[:AT_ONCE])
    for version in due:
        attribute_authors(version)
    return len(due)


def attribute_authors(version: TextVersion) -> None:
    """Replay the log up to the version, from the version before when its authorship is known; written once."""
    before = (
        TextVersion.objects.filter(text=version.text, number__lt=version.number, passages__isnull=False)
        .order_by("-number")
        .first()
    )
    passages = attribution_of(version, before)
    TextVersion.objects.filter(pk=version.pk, passages__isnull=True).update(passages=passages)


def attribution_of(version: TextVersion, before: TextVersion | None) -> authorship.Passages:
    """Return who wrote each block of a version; `before` is an earlier one whose authorship is known."""
    start = before.upto_seq if before else 0
    rows = Update.objects.filter(text=version.text_id, seq__gt=start, seq__lte=version.upto_seq).order_by("seq")
    log = ((author, bytes(data)) for author, data in rows.values_list("author", "data").iterator())
    passages = [
        [(author, first, last) for author, first, last in block] for block in (before and before.passages) or []
    ]
    since = (load(version.text_id, seq=start).doc, passages) if before else None
    return authorship.blocks_by_author(log, since=since)
