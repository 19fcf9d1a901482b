"""The antivirus through its real protocol: clean, dangerous, absent, silent or unwilling."""

import socket
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from assembly.files import antivirus
from assembly.files.antivirus import ScanResult
from assembly.files.fields import FilesField, UploadField
from assembly.identity.models import User
from tests.scanner import DANGER, Scanner


@pytest.fixture
def scanner(settings):
    made = Scanner()
    settings.CLAMD_ADDRESS = made.address
    yield made
    made.stop()


def note(content=b"une note", name="note.txt"):
    return SimpleUploadedFile(name, content)


def test_without_an_address_nothing_is_scanned():
    assert (antivirus.is_configured(), antivirus.verdict(b"x"), antivirus.responds()) == (False, "unscanned", False)


def test_the_scanner_says_clean_or_infected(scanner):
    assert antivirus.responds()
    assert antivirus.verdict(b"x" * 300_000) == ScanResult.CLEAN
    assert antivirus.verdict(b"x" * 300_000 + DANGER) == ScanResult.INFECTED


def test_a_scanner_of_this_machine_is_reached_by_its_socket(settings, tmp_path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()
    settings.CLAMD_ADDRESS = f"unix://{tmp_path}/s"

    def answer():
        line, _place = server.accept()
        with line:
            line.recv(100)
            line.sendall(b"PONG\0")

    thread = threading.Thread(target=answer)
    thread.start()
    assert antivirus.responds()
    thread.join()
    server.close()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"stream: nonsense"])
def test_what_is_no_verdict_keeps_the_file_waiting(scanner, answer):
    scanner.answer = answer
    assert antivirus.verdict(b"x") == ScanResult.WAITING


def test_a_scanner_that_is_down_keeps_the_file_waiting(scanner):
    scanner.stop()
    assert (antivirus.verdict(b"x"), antivirus.responds()) == (ScanResult.WAITING, False)


def test_a_scanner_that_says_nothing_keeps_the_file_waiting(settings, monkeypatch):
    monkeypatch.setattr(antivirus, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert antivirus.verdict(b"x") == ScanResult.WAITING


@pytest.mark.django_db(transaction=True)
def test_no_database_connection_is_held_while_the_scanner_thinks(pool_of_four, settings, monkeypatch):
    """Ten uploads for a scanner that says nothing would hold every connection of the process for twenty seconds."""
    monkeypatch.setattr(antivirus, "ANSWER_SECONDS", 0.2)
    User.objects.exists()
    assert connection.connection is not None
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        antivirus.verdict(b"x")
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_a_form_waits_a_short_time_for_the_scanner(settings):
    """Its transaction holds a connection: the file goes to quarantine, where a worker has time."""
    with socket.create_server(("127.0.0.1", 0)) as silent, transaction.atomic():
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        User.objects.exists()
        began = time.monotonic()
        assert antivirus.verdict(b"x") == ScanResult.WAITING
        assert time.monotonic() - began < 5
        assert connection.connection is not None  # what is not committed would be lost


def test_a_dangerous_file_is_refused_on_the_form_and_noted(scanner, caplog):
    with pytest.raises(ValidationError) as refusal:
        UploadField(kinds=("text",)).clean(note(b"note " + DANGER))
    assert refusal.value.code == "infected"
    assert [record.message for record in caplog.records if record.name == "assembly.security"] == [
        "infected file refused"
    ]


def test_a_clean_file_carries_its_verdict(scanner):
    assert UploadField(kinds=("text",)).clean(note()).scan == ScanResult.CLEAN


def test_one_dangerous_file_among_several_is_named(scanner):
    with pytest.raises(ValidationError) as refusal:
        FilesField(kinds=("text",)).clean([note(), note(DANGER, "Pièce 2.txt")])
    assert refusal.value.code == "infected"
    assert refusal.value.messages[0].startswith("« Pièce 2.txt » : L’antivirus")


def test_a_silent_scanner_is_asked_once_for_several_files(scanner):
    scanner.answer = b"no verdict"
    files = FilesField(kinds=("text",)).clean([note(b"a"), note(b"b"), note(b"c")])
    assert ([file.scan for file in files], scanner.asked) == (["waiting"] * 3, 1)
