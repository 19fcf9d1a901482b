"""HTTP GET that connects to the checked IP and respects a deadline, and decoding of the answer.

It runs in the main thread of a process of its own. The name is resolved once and the connection made to that IP
(urllib3 receives the IP, and the name for SNI and for the certificate), so a second answer of the name server changes
nothing. No cookie, no proxy, no retry. The type, compression and encoding of the answer are checked, never guessed.
"""

import codecs
import re
import signal
import ssl
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from types import FrameType
from urllib.parse import urljoin

import certifi
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError, SSLError, TimeoutError

from mission.fetcher.policy import FeedRefused, Policy, Resolver, Target, connection_ip, parse_address, resolve_host

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


PIECE = 64 * 1024
ASKED = {
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class RawAnswer:
    """Answer of a server: `body` is None if nothing changed since `etag` and `modified`."""

    address: str
    body: bytes | None
    content_type: str
    etag: str
    modified: str


@contextmanager
def limit_duration(seconds: float) -> Iterator[None]:
    """Raise FeedRefused in any blocking call when time is up: slow headers never reach a timeout of the socket."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise FeedRefused("slow")

    former = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # repeats: the first may fall where exceptions are swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def get(
    address: str, *, policy: Policy, etag: str = "", modified: str = "", resolve: Resolver = resolve_host
) -> RawAnswer:
    """Fetch an address, check each redirect like the first address; raise FeedRefused."""
    headers = ASKED | {"User-Agent": policy.agent}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    with limit_duration(policy.total_seconds):
        for _hop in range(policy.redirects + 1):
            target = parse_address(address, policy)
            response = _asked(target, connection_ip(target, policy, resolve), headers, policy)
            try:
                if response.status not in REDIRECTS:
                    return _read(address, response, policy)
                following = urljoin(address, response.headers.get("Location", ""))
            finally:
                response.close()
            if target.scheme == "https" and not following.lower().startswith("https:"):
                raise FeedRefused("downgrade")
            address = following
    raise FeedRefused("redirects")


def _asked(target: Target, ip: str, headers: dict[str, str], policy: Policy) -> BaseHTTPResponse:
    """Return the response of this IP, its headers read, its body not yet."""
    pool: HTTPConnectionPool
    if target.scheme == "https":
        pool = HTTPSConnectionPool(
            ip,
            target.port,
            ssl_context=ssl.create_default_context(cafile=policy.authority or certifi.where()),
            server_hostname=target.host,
            assert_hostname=target.host,
        )
    else:
        pool = HTTPConnectionPool(ip, target.port)
    with _refusals():
        response = pool.urlopen(
            "GET",
            target.path,
            headers=headers | {"Host": target.authority},
            redirect=False,
            retries=False,
            timeout=Timeout(connect=policy.idle_seconds, read=policy.idle_seconds),
            preload_content=False,
            decode_content=False,
        )
    if sum(len(name) + len(value) for name, value in response.headers.items()) > policy.header_bytes:
        response.close()
        raise FeedRefused("header")
    return response


def _read(address: str, response: BaseHTTPResponse, policy: Policy) -> RawAnswer:
    """Return the answer; raise FeedRefused unless status, type and announced length are those of a feed."""
    head = response.headers
    content_type = head.get("Content-Type", "")
    etag, modified = (sendable(head.get(name, "")) for name in ("ETag", "Last-Modified"))
    if response.status == 304:
        return RawAnswer(address, None, content_type, etag, modified)
    if response.status != 200:
        raise FeedRefused("gone" if response.status in (404, 410) else "status")
    # An answer without a type is read: only another type than XML is refused.
    if content_type and not TYPE.match(_type_and_charset(content_type)[0]):
        raise FeedRefused("type")
    announced = head.get("Content-Length", "")
    if announced.isdigit() and int(announced[:20]) > policy.body_bytes:
        raise FeedRefused("large")
    with _refusals():
        pieces = response.stream(PIECE, decode_content=False)
        body = inflate(pieces, head.get("Content-Encoding", ""), policy.body_bytes)
    return RawAnswer(address, body, content_type, etag, modified)


@contextmanager
def _refusals() -> Iterator[None]:
    """Convert the exceptions of urllib3 to FeedRefused."""
    try:
        yield
    except SSLError:
        raise FeedRefused("certificate") from None
    except TimeoutError:
        raise FeedRefused("slow") from None
    except (HTTPError, OSError, ValueError):  # ValueError: urllib3 cannot process a header
        raise FeedRefused("broken") from None
