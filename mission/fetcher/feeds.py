"""Parsing of RSS and Atom by feedparser; every value returned is plain text, a public link or a possible day."""

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

from mission.fetcher.policy import FeedRefused, Policy, parse_address

TITLE, SUMMARY = 300, 2000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
ROUNDS = 3  # a script may be escaped twice
ENDED = re.compile(r"</(\w+:)?(rss|feed|rdf)\s*>", re.IGNORECASE)  # feedparser accepts a truncated feed silently
ANY_PORT = tuple(range(1, 65536))


def read_feed(text: str, address: str, policy: Policy) -> dict[str, Any]:
    """Return the title and the items of a feed; raise FeedRefused."""
    if "<!ENTITY" in text:
        raise FeedRefused("entities")
    feed = _parsed(text.encode("utf-8", "ignore"))
    if not feed.version and not feed.entries:
        raise FeedRefused("not_a_feed")
    if not ENDED.search(text):
        raise FeedRefused("broken")
    items = [_item(entry, address) for entry in feed.entries[: policy.items]]
    return {"title": plain_line(feed.feed.get("title"), TITLE), "items": [item for item in items if item["title"]]}


def _parsed(content: bytes) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(content),  # a stream: feedparser would open a file name or a URL
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (AttributeError, LookupError, TypeError, ValueError):  # its parser of broken XML fails on odd characters
        raise FeedRefused("broken") from None


def _item(entry: Any, address: str) -> dict[str, str]:
    contents = entry.get("content") or [{}]
    summary = plain_line(entry.get("summary") or contents[0].get("value"), SUMMARY)
    return {
        "title": plain_line(entry.get("title"), TITLE) or summary[:TITLE],
        "link": public_link(entry.get("link"), address),
        "summary": summary,
        "published": _moment(entry.get("published_parsed") or entry.get("updated_parsed")),
    }


def plain_line(text: Any, most: int) -> str:
    """Return text on one line, without tags, scripts, control or direction characters."""
    line = str(text or "")[: most * 20]
    for _round in range(ROUNDS):
        line = html.unescape(nh3.clean(line, tags=set(), clean_content_tags={"script", "style"}))
    line = "".join(sign for sign in " ".join(line.split()) if unicodedata.category(sign)[0] != "C")
    return re.sub(r"\s+", " ", line)[:most].strip()


def public_link(link: Any, address: str) -> str:
    """Return an absolute http or https link without credentials, or "": never `javascript:`, `file:`, `data:`."""
    try:
        joined = urljoin(address, str(link or "").strip())
        parse_address(joined, Policy(ports=ANY_PORT))
    except (FeedRefused, ValueError):
        return ""
    return joined if link else ""


def _moment(parsed: Any) -> str:
    """Return the moment of an item in UTC, or "" for an impossible one (the year 9999, the month thirteen)."""
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else EARLIEST
    except (ValueError, OverflowError, OSError, TypeError):
        return ""
    return moment.isoformat() if EARLIEST < moment < datetime.now(UTC) + timedelta(days=2) else ""
