"""What is sent to the site: how much, how slowly, and where its bytes wait."""

import os
import socket
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from assembly.config import bodies
from assembly.web.request_bodies import FILES_BYTES, FORM_BYTES, limit_of

pytestmark = pytest.mark.django_db(transaction=True)

BOUNDARY = "frontier"
MEGABYTE = 1024 * 1024


class Sender:
    """A request whose body comes piece by piece."""

    def __init__(self, site: str, path: str, size: int, cookie: str = "", kind: str = "") -> None:
        host, port = site.removeprefix("http://").split(":")
        self.line = socket.create_connection((host, int(port)), 30)
        head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nContent-Length: {size}\r\n"
        kind = kind or f"multipart/form-data; boundary={BOUNDARY}"
        self.line.sendall(f"{head}Content-Type: {kind}\r\n\r\n".encode())

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def send(self, piece: bytes) -> None:
        self.line.sendall(piece)

    def answer(self) -> bytes:
        """Read until the server hangs up, or for as long as it says nothing."""
        return b"".join(iter(lambda: self.line.recv(65536), b""))


def form_with_file(size: int) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return head.encode() + b"x" * size + f"\r\n--{BOUNDARY}--\r\n".encode()


def temporary_files() -> Counter[str]:
    """Count by folder the files without a name that this process holds open."""
    links = []
    for number in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            continue
    return Counter(str(Path(link).parent) for link in links if link.endswith("(deleted)") and "/#" in link)


def test_a_body_that_falls_silent_is_ended(site, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 1)
    with Sender(site, reverse("documents:verify"), 500) as sender:
        sender.send(b"half")
        started = time.monotonic()
        assert sender.answer().startswith(b"HTTP/1.1 408")
    assert 0.8 < time.monotonic() - started < 8


def test_a_slow_body_that_goes_on_is_read_to_its_end(site, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 2)
    body = form_with_file(600)
    started = time.monotonic()
    with Sender(site, reverse("documents:verify"), len(body)) as sender:
        for start in range(0, len(body), 100):
            sender.send(body[start : start + 100])
            time.sleep(0.4)
        assert time.monotonic() - started > 2.5
        assert sender.line.recv(12) == b"HTTP/1.1 403"  # the key against forgery is missing: a view was asked


def test_a_view_that_takes_no_file_takes_little(site):
    """Announced or not, what is too much is never kept."""
    path = reverse("account_request_login_code")
    kind = "application/x-www-form-urlencoded"
    for size, status in ((FORM_BYTES + 1, b"413"), (FORM_BYTES - 1, b"403")):
        with Sender(site, path, size, kind=kind) as sender:
            sender.send(b"x" * size)
            assert sender.line.recv(12) == b"HTTP/1.1 " + status


def test_a_body_without_an_announced_length_is_counted(site):
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as line:
        path = reverse("account_request_login_code")
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(3):
            line.sendall(b"%x\r\n" % MEGABYTE + b"x" * MEGABYTE + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert line.recv(12) == b"HTTP/1.1 413"


def test_a_large_body_waits_on_the_disk_of_the_documents(site):
    """`/tmp` of a container is memory."""
    body = form_with_file(3 * MEGABYTE)
    assert Path(settings.FILE_UPLOAD_TEMP_DIR).is_relative_to(settings.DATA_DIR)
    before = temporary_files()  # pytest has some of its own
    with Sender(site, reverse("documents:verify"), len(body)) as sender:
        sender.send(body[: 2 * MEGABYTE])
        end = time.monotonic() + 10
        while temporary_files() == before and time.monotonic() < end:
            time.sleep(0.05)
        assert temporary_files() - before == {str(settings.FILE_UPLOAD_TEMP_DIR): 1}
        sender.send(body[2 * MEGABYTE :])
        assert sender.line.recv(12) == b"HTTP/1.1 403"


def test_only_addresses_with_a_file_field_take_much():
    public_id = uuid.uuid4()
    assert limit_of(reverse("documents:verify")) == FILES_BYTES
    assert limit_of(reverse("members:import-start")) == FILES_BYTES
    assert limit_of(reverse("collab:exchange", args=[public_id])) == 5 * MEGABYTE
    for path in (reverse("account_login"), reverse("portal:home"), "/nulle-part/", "/sante/"):
        assert limit_of(path) == FORM_BYTES
