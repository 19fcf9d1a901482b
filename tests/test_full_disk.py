"""A disk without room: a French sentence, status 507, and no part of a file stays. On a real file system of 2 MB."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assembly.documents import storage
from assembly.documents.models import Blob, Check
from assembly.local import addresses, processes
from assembly.local.gate import example_environment

SENTENCE = "Le disque du service est plein"
BOUNDARY = "frontier"


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of 2 MB, which needs root."""
    if os.getuid() != 0:
        pytest.skip("only root mounts a file system")
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this machine mounts nothing: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def full_disk(small_disk, settings):
    """Store documents there, with 100 kB left."""
    settings.DATA_DIR, settings.BLOB_DIR = small_disk, small_disk / "blobs"
    settings.BLOB_DIR.mkdir()
    (small_disk / "ballast").write_bytes(b"x" * (2 * 1024 * 1024 - 100_000))
    return small_disk


def files(place):
    return sorted(path.name for path in place.rglob("*") if path.is_file())


@pytest.mark.django_db
def test_a_file_to_check_finds_no_room(client, full_disk):
    client.raise_request_exception = False
    sent = SimpleUploadedFile("recu.pdf", b"%PDF-1.7\n" + b"x" * 500_000)
    answer = client.post(reverse("documents:verify"), {"file": sent})
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (507, True)
    assert files(full_disk) == ["ballast"]
    assert not Check.objects.exists()


@pytest.mark.django_db
def test_a_document_finds_no_room_and_nothing_half_written_stays(full_disk):
    with pytest.raises(OSError, match="No space left"):
        storage.write_blob(b"x" * 500_000)
    assert files(full_disk) == ["ballast"]
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_what_was_typed_beside_the_file_is_offered_again(signed_in, full_disk):
    """The browser cannot offer the file again, the words it can."""
    browser = signed_in("lead")
    browser.raise_request_exception = False
    answer = browser.post(
        reverse("documents:verify"),
        {"file": SimpleUploadedFile("recu.pdf", b"%PDF-1.7\n" + b"y" * 500_000), "note": "Reçu hier à la mairie"},
    )
    page = answer.content.decode()
    assert (answer.status_code, SENTENCE in page) == (507, True)
    assert "Reçu hier à la mairie" in page


@pytest.mark.django_db
def test_health_and_the_state_of_the_service_know_the_room_that_is_left(client, signed_in, full_disk):
    said = client.get(reverse("portal:health"))
    assert (said.status_code, said.json()["space"], said.json()["database"]) == (503, False, True)
    page = signed_in("admin").get(reverse("portal:service-state")).content.decode()
    assert "Agrandissez le volume des documents" in page


def test_a_large_request_whose_temporary_file_finds_no_room(small_disk, tmp_path):
    """Before any middleware: neither a bare « Internal Server Error » nor a broken connection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**example_environment(), "DATA_DIR": str(small_disk), "ASSEMBLY_LOCAL": "1"}
    command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", "--lifespan=off"]
    with (tmp_path / "web.log").open("wb") as log:
        web = processes.spawn([*command, f"--port={port}"], output=log, environ=environ, cwd=addresses.ROOT)

    def listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert processes.wait_until(listens, web, 60), (tmp_path / "web.log").read_text()
        body = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode()
        body += b"x" * 12_000_000 + f"\r\n--{BOUNDARY}--\r\n".encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/verifier/",
            data=body,
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)  # noqa: S310 -- our own address
        with refused.value as answer:
            assert (answer.code, SENTENCE in answer.read().decode()) == (507, True)
        assert files(small_disk) == []
    finally:
        processes.stop_process(web, signal.SIGTERM, 15)
