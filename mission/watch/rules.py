"""Rules of the watch: when two items are doubles, and when a source is fetched again."""

import re
from datetime import date, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet

from assembly.imports.cells import folded_text
from mission.watch.models import WatchItem

TRACKERS = re.compile(r"(?i)(utm_|mc_|pk_|at_)\w+|fbclid|gclid|msclkid|xtor|xtref|origin")
SAME_TITLE_DAYS = 60  # a monthly letter has the same title each month, and is no double
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)
EVERY = timedelta(hours=6)


def address_key(address: str) -> str:
    """Return a digest of the address without scheme, www, trackers, fragment and last slash; empty for none."""
    if not address:
        return ""
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not TRACKERS.fullmatch(pair[0])))
    return sha256(f"{host}{parts.path.rstrip('/')}?{query}".encode()).hexdigest()


def title_key(title: str) -> str:
    return folded_text(title)[:160]


def double_of(assembly: int, link: str, title: str, day: date, *, but: int | None = None) -> WatchItem | None:
    """Return the item of this assembly with the same address, or the same title within two months."""
    same = Q(title_key=title_key(title), created_at__date__gte=day - timedelta(days=SAME_TITLE_DAYS))
    if key := address_key(link):
        same |= Q(address_key=key)
    return WatchItem.objects.filter(same, assembly=assembly).exclude(pk=but or 0).order_by("pk").first()


def titled_alike(row: WatchItem) -> QuerySet[WatchItem]:
    """Return others of the same title, of any age: a double from another address, or a letter of another month."""
    rows: QuerySet[WatchItem] = WatchItem.objects.filter(assembly=row.assembly_id, title_key=row.title_key)
    return rows.exclude(pk=row.pk).order_by("-created_at", "-pk")


SAME_TITLE = WatchItem.objects.filter(assembly=OuterRef("assembly"), title_key=OuterRef("title_key"))
TITLED_TWICE = Q(Exists(SAME_TITLE.exclude(pk=OuterRef("pk"))))


def pause_after(failures: int) -> timedelta:
    """Return how long to wait before the next fetch, after so many failures in a row."""
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE) if failures else EVERY
