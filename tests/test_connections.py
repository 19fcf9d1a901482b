"""Whatever lasts holds no connection of the database: slow readers, files that are judged, neighbours that are silent.

The site has four connections here, as it has ten in production; each test counts those in use meanwhile.
"""

import ast
import contextlib
import random
import socket
import time
from pathlib import Path

import pytest
import requests
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from assembly.documents.models import ManifestEntry
from assembly.documents.models.storage import store_blob
from tests.factories.consultations import BriefingDocumentFactory, BriefingPackFactory, ReferralFactory
from tests.factories.documents import DocumentFactory, UploadFactory

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[1]
APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
# Where a response is sent as it is made; each view that makes one has a slow reader below.
STREAMS = {"assembly/documents/views/answers.py", "assembly/documents/views/publications.py"}
STREAM_NAMES = {"StreamingHttpResponse", "FileResponse", "ChunkedFileResponse"}
MOST = 4


def in_use() -> int:
    """Connections that threads of the site hold."""
    pool = connections["default"].pool
    if pool is None:
        return 0
    stats = pool.get_stats()
    return stats.get("pool_size", 0) - stats.get("pool_available", 0)


def assert_free(site: str, seconds: float = 1.5) -> None:
    """Assert that no connection stays in use for long, and that the site answers meanwhile."""
    connections["default"].close()
    end = time.monotonic() + 10
    while in_use() and time.monotonic() < end:
        time.sleep(0.05)
    assert in_use() == 0
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        asked = time.monotonic()
        assert requests.get(f"{site}/sante/", timeout=20).status_code in {200, 503}
        assert requests.get(f"{site}/glossaire/", timeout=20).status_code == 200
        assert time.monotonic() - asked < 4
        assert in_use() <= 1  # a probe of the health page may be at work
        time.sleep(0.1)


@contextlib.contextmanager
def slow_readers(site: str, path: str, cookie: str = "", count: int = MOST + 2):
    """Readers who asked for `path` and read its head alone."""
    host, port = site.removeprefix("http://").split(":")
    lines = []
    for _ in range(count):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(20)
        line.connect((host, int(port)))
        head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        lines.append(line)
    try:
        for line in lines:
            assert line.recv(12) == b"HTTP/1.1 200"
        yield lines
    finally:
        for line in lines:
            line.close()


def read_all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


def long_register(entries: int) -> None:
    """A register of some megabytes: one revision, many lines."""
    revision = DocumentFactory().revisions.get()
    ManifestEntry.objects.bulk_create(
        ManifestEntry(
            seq=number,
            document=revision.document,
            revision=revision,
            sha256=revision.blob_id,
            prev_hash=f"{number - 1:064}",
            entry_hash=f"{number:064}",
            canonical=f'"{number}{"x" * 4000}"',
            entered_at=timezone.now(),
        )
        for number in range(1, entries + 1)
    )


def test_every_stream_is_known_here():
    """A new way to send a response as it is made has a slow reader below."""
    sources = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
    }
    assert STREAMS == {
        name
        for name, tree in sources.items()
        if any(isinstance(node, ast.Name) and node.id in STREAM_NAMES for node in ast.walk(tree))
    }
    archives = {
        name
        for name, tree in sources.items()
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "zip_response" for node in ast.walk(tree)
        )
    }
    assert archives == {"consultations/views/member_briefing.py"}


def test_readers_of_the_register_who_stop_reading_hold_no_connection(pool_of_four, site):
    long_register(3000)
    with slow_readers(site, reverse("documents:manifest")) as lines:
        assert_free(site)
        rest = read_all(lines[0])
    assert rest.count(b'"entry"') == 3000


def big_upload(number: int):
    """Some megabytes that no compression makes smaller."""
    return UploadFactory(blob=store_blob(random.Random(number).randbytes(8_000_000), "text/plain"), name="note.txt")


def test_members_who_download_a_pack_slowly_hold_no_connection(pool_of_four, site, session_of, people):
    referral = ReferralFactory(term=people.term, working=True)
    pack = BriefingPackFactory(referral=referral, released=True)
    for position in range(3):
        BriefingDocumentFactory(pack=pack, upload=big_upload(position), position=position)
    name, value = session_of("officer")
    path = reverse("consultations:briefing-zip", args=[referral.pk])
    with slow_readers(site, path, f"{name}={value}") as lines:
        assert_free(site)
        assert len(read_all(lines[0])) > 24_000_000
