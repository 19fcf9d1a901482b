"""Several files as one ZIP: honest names, bytes unchanged, one file at a time in memory."""

import asyncio
import io
import random
import zipfile
from datetime import UTC, datetime

import pytest

from assembly.documents.models import store_blob
from assembly.documents.responses import PackedFile, packed_upload, zip_of, zip_response
from tests.factories.documents import UploadFactory
from tests.files import pdf

MOMENT = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)


def file(title, content=b"une note", media_type="text/plain", dated=MOMENT):
    return PackedFile(title, media_type, lambda: iter([content]), dated)


def opened(pieces):
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_names_are_ordered_plain_and_never_twice():
    titles = ["Budget de la voirie", "../../etc/passwd", "Budget de la voirie", "«\u202e»", "x" * 200]
    assert opened(zip_of(file(title) for title in titles)).namelist() == [
        "01-budget-de-la-voirie.txt",
        "02-etcpasswd.txt",
        "03-budget-de-la-voirie.txt",
        "04-document.txt",
        f"05-{'x' * 60}.txt",
    ]


def test_bytes_and_dates_are_those_of_the_files():
    content = pdf("Budget")
    archive = opened(
        zip_of([file("Budget", content, "application/pdf"), file("Ancien", dated=datetime(1970, 1, 1, tzinfo=UTC))])
    )
    assert archive.testzip() is None
    assert archive.read("01-budget.pdf") == content
    first, second = archive.infolist()
    assert (first.date_time, first.compress_type) == ((2026, 3, 28, 10, 0, 0), zipfile.ZIP_STORED)
    assert (second.date_time[0], second.compress_type) == (1980, zipfile.ZIP_DEFLATED)


def test_a_file_is_read_only_when_its_turn_comes():
    read = []

    def source(name):
        return PackedFile(name, "application/pdf", lambda: iter([read.append(name) or b"x" * 1000]), MOMENT)

    pieces = zip_of([source("un"), source("deux")])
    assert read == []
    first = next(pieces)
    assert (read, len(first) > 1000) == (["un"], True)
    rest = b"".join(pieces)
    assert read == ["un", "deux"]
    assert opened([first, rest]).testzip() is None


def test_an_empty_pack_is_an_empty_archive():
    assert opened(zip_of([])).namelist() == []


@pytest.mark.django_db
def test_a_large_file_is_never_in_memory_whole():
    content = random.Random(0).randbytes(5_000_000)
    upload = UploadFactory(blob=store_blob(content, "application/pdf"))
    pieces = list(zip_of([packed_upload(upload, "Budget")]))
    assert max(map(len, pieces)) < 600_000
    assert opened(pieces).read("01-budget.pdf") == content


@pytest.mark.django_db
def test_a_deposited_file_keeps_its_title():
    upload = UploadFactory(blob=store_blob(pdf("Budget"), "application/pdf"), name="Budget 2026.pdf")
    archive = opened(zip_of([packed_upload(upload), packed_upload(upload, "Le budget, en clair")]))
    assert archive.namelist() == ["01-budget-2026.pdf", "02-le-budget-en-clair.pdf"]
    assert archive.read("01-budget-2026.pdf") == pdf("Budget")


def test_the_answer_is_saved_by_the_reader_and_streams_under_both_servers():
    response = zip_response([file("un"), file("deux")], name="Dossier n° 1.zip")
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''Dossier%20n%C2%B0%201.zip"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert opened(response).namelist() == ["01-un.txt", "02-deux.txt"]

    async def gather():
        return [piece async for piece in zip_response([file("un"), file("deux")], name="a.zip")]

    pieces = asyncio.run(gather())
    assert (len(pieces), opened(pieces).namelist()) == (3, ["01-un.txt", "02-deux.txt"])
