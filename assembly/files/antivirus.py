"""Client of clamd (its INSTREAM command), at the CLAMD_ADDRESS `tcp://host:3310` or `unix:///path`.

Without a scanner files are stored and shown as unscanned. While the scanner does not answer they stay in quarantine.
"""

import logging
import socket
import struct
from contextlib import suppress
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from assembly.files.slow_work import digest_of, is_in_request, release_connections, run_ahead

log = logging.getLogger("assembly.documents")

CONNECT_SECONDS = 2
ANSWER_SECONDS = 20
WAITED_SECONDS = 3  # during a request: a file that takes longer stays in quarantine for a worker
PIECE = 64 * 1024
ANSWER_BYTES = 4096
USUAL_PORT = 3310
SIZE = struct.Struct(">I")


class ScanResult(StrEnum):
    """Result of the scan of some bytes."""

    UNSCANNED = "unscanned"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


class ScannerAway(Exception):
    """Raised when the scanner does not answer, or answers without a verdict."""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def connect(patience: float) -> socket.socket:
    """Open a connection to the scanner with a timeout of `patience` seconds for each answer; raise OSError."""
    address = urlsplit(settings.CLAMD_ADDRESS)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        line.connect(address.path)
    else:
        place = (address.hostname or "localhost", address.port or USUAL_PORT)
        line = socket.create_connection(place, CONNECT_SECONDS)
    line.settimeout(patience)
    return line


def answer_of(line: socket.socket) -> str:
    """Read the scanner's answer up to its end."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER_BYTES:
        piece = line.recv(ANSWER_BYTES)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def ask(content: bytes, patience: float) -> str:
    """Stream the bytes to the scanner and return its answer; raise ScannerAway."""
    try:
        with connect(patience) as line:
            with suppress(BrokenPipeError, ConnectionResetError):  # its reason comes before it closes
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    line.sendall(SIZE.pack(len(piece)) + piece)
                line.sendall(SIZE.pack(0))
            return answer_of(line)
    except (OSError, ValueError) as error:
        raise ScannerAway(type(error).__name__) from error


def responds() -> bool:
    """Return whether the scanner answers now."""
    try:
        with connect(ANSWER_SECONDS) as line:
            line.sendall(b"zPING\0")
            return answer_of(line) == "PONG"
    except (OSError, ValueError):
        return False


def verdict(content: bytes) -> ScanResult:
    """Return the scan result of these bytes; never raise: an absent scanner gives UNSCANNED, a silent one WAITING."""
    if not is_configured():
        return ScanResult.UNSCANNED
    return run_ahead(("antivirus", digest_of(content)), partial(asked_verdict, content))


def asked_verdict(content: bytes) -> ScanResult:
    """Scan the bytes now; the timeout is short in a request, or where a transaction holds a connection."""
    is_free = release_connections() and not is_in_request()
    patience = ANSWER_SECONDS if is_free else WAITED_SECONDS
    try:
        answer = ask(content, patience)
    except ScannerAway as away:
        log.warning("the antivirus does not answer: %s", away)
        return ScanResult.WAITING
    if answer.endswith(" FOUND"):
        return ScanResult.INFECTED
    if answer == "stream: OK":
        return ScanResult.CLEAN
    log.error("the antivirus refuses to say: %s", answer)
    return ScanResult.WAITING
