"""RSS and Atom, read by feedparser; whatever leaves is plain text, a public link or a day that may be."""

import html
import io
import re
import unicodedata
from calendar import timegm
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import feedparser
import nh3

from mission.fetcher.addresses import taken_apart
from mission.fetcher.policy import FeedRefused, Policy

TITLE, SUMMARY = 300, 2000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
ROUNDS = 3  # a script escaped twice is still a script
ENDED = re.compile(r"</(\w+:)?(rss|feed|rdf)\s*>", re.IGNORECASE)  # feedparser reads what was cut without a word
ANY_PORT = tuple(range(1, 65536))


def read_feed(text: str, address: str, policy: Policy) -> dict[str, Any]:
    """Title and items of a feed; raises FeedRefused."""
    if "<!ENTITY" in text:
        raise FeedRefused("entities")
    found = _parsed(text.encode("utf-8", "ignore"))
    if not found.version and not found.entries:
        raise FeedRefused("not_a_feed")
    if not ENDED.search(text):
        raise FeedRefused("broken")
    items = [_item(entry, address) for entry in found.entries[: policy.items]]
    return {"title": plain_words(found.feed.get("title"), TITLE), "items": [item for item in items if item["title"]]}


def _parsed(content: bytes) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(content),  # never a name of a file, nor an address
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (AttributeError, LookupError, TypeError, ValueError):  # its reader of broken XML stumbles on odd characters
        raise FeedRefused("broken") from None


def _item(entry: Any, address: str) -> dict[str, str]:
    contents = entry.get("content") or [{}]
    summary = plain_words(entry.get("summary") or contents[0].get("value"), SUMMARY)
    return {
        "title": plain_words(entry.get("title"), TITLE) or summary[:TITLE],
        "link": public_link(entry.get("link"), address),
        "summary": summary,
        "published": _day(entry.get("published_parsed") or entry.get("updated_parsed")),
    }


def plain_words(text: Any, most: int) -> str:
    """Words without tags, scripts, control or direction characters, on one line."""
    words = str(text or "")[: most * 20]
    for _round in range(ROUNDS):
        words = html.unescape(nh3.clean(words, tags=set(), clean_content_tags={"script", "style"}))
    words = "".join(sign for sign in " ".join(words.split()) if unicodedata.category(sign)[0] != "C")
    return re.sub(r"\s+", " ", words)[:most].strip()


def public_link(link: Any, address: str) -> str:
    """An absolute http or https address without credentials, or nothing: never `javascript:`, `file:`, `data:`."""
    try:
        joined = urljoin(address, str(link or "").strip())
        taken_apart(joined, Policy(ports=ANY_PORT))
    except (FeedRefused, ValueError):
        return ""
    return joined if link else ""


def _day(parsed: Any) -> str:
    """The day of an item; none where the year is 9999 or the month thirteen."""
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else EARLIEST
    except (ValueError, OverflowError, OSError, TypeError):
        return ""
    return moment.date().isoformat() if EARLIEST < moment < datetime.now(UTC) + timedelta(days=2) else ""
