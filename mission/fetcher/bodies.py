"""Decoding of an answer: its type, compression and encoding are checked, never guessed."""

import codecs
import re
import zlib
from collections.abc import Iterable
from email.message import Message

from mission.fetcher.policy import FeedRefused

TYPE = re.compile(r"^(application|text)/([a-z0-9.-]+\+)?xml$")
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
READ = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16-le", "utf-16-be"}
SENDABLE = re.compile(r"[\x20-\x7e]{1,200}")
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


def _type_and_charset(content_type: str) -> tuple[str, str]:
    head = Message()
    head["content-type"] = SENDABLE.fullmatch(content_type) and content_type or "text/plain"
    charset = head.get_param("charset")
    return head.get_content_type(), charset if isinstance(charset, str) else ""


def check_type(content_type: str) -> None:
    """Raise FeedRefused for a type other than XML; accept an answer without a type."""
    if content_type and not TYPE.match(_type_and_charset(content_type)[0]):
        raise FeedRefused("type")


def sendable(value: str) -> str:
    """Return a validator (ETag, Last-Modified) that can be sent back unchanged, else an empty string."""
    return value if SENDABLE.fullmatch(value) else ""


def inflate(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the body decompressed, with at most `limit` bytes in memory; brotli is refused: it was not requested."""
    if (encoding := encoding.strip().lower()) in ("", "identity"):
        inflate = None
    elif encoding in ("gzip", "x-gzip", "deflate"):
        inflate = zlib.decompressobj(GZIP_OR_ZLIB)
    else:
        raise FeedRefused("compression")
    body = bytearray()
    try:
        for piece in pieces:
            body += inflate.decompress(piece, limit + 1 - len(body)) if inflate else piece
            if len(body) > limit or (inflate and inflate.unconsumed_tail):
                raise FeedRefused("large")
            if inflate and inflate.unused_data:
                raise FeedRefused("compression")
    except zlib.error:
        raise FeedRefused("compression") from None
    if inflate and not inflate.eof:
        raise FeedRefused("broken")
    return bytes(body)


def text_in(body: bytes, content_type: str) -> str:
    """Decode the body in the one encoding it declares (BOM, then header, then declaration, else UTF-8: RFC 7303)."""
    mark = next((mark for mark in BOMS if body.startswith(mark)), b"")
    declared = DECLARED.match(body)
    name = BOMS.get(mark) or _type_and_charset(content_type)[1] or (declared[1].decode() if declared else "utf-8")
    try:
        known = codecs.lookup(name).name
        text = body.removeprefix(mark).decode(known) if known in READ else None
    except (LookupError, UnicodeError):
        text = None
    if text is None:
        raise FeedRefused("charset")
    return DECLARATION.sub("", text, count=1)
