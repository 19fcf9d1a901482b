"""The gate of files: what the house takes, what it refuses, what it keeps."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assembly.audit.models import Entry
from assembly.documents.actions import uploads
from assembly.documents.models import Blob, Upload
from assembly.files.fields import CheckedFile
from tests.files import pdf

pytestmark = pytest.mark.django_db
PDF = pdf("Une pièce.")


def given(name, content):
    return SimpleUploadedFile(name, content)


def picture(size=(3000, 1000), **options):
    output = io.BytesIO()
    Image.new("RGB", size, "white").save(output, options.pop("format", "PNG"), **options)
    return output.getvalue()


def archive(**files):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return output.getvalue()


def word(**more):
    return archive(**{"[Content_Types]_xml": "<Types/>", "word__document_xml": "<document/>", **more})


def test_a_file_is_kept_by_its_hash_under_its_own_name(people):
    upload = uploads.accept_upload(given("../../etc/Pièce n° 1\x00.pdf", PDF), by=people["officer"], purpose="paper")
    assert (upload.name, upload.blob.media_type, upload.blob.size) == ("Pièce n° 1.pdf", "application/pdf", len(PDF))
    assert upload.blob.open() == PDF
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["upload.accepted"]


def test_the_same_bytes_are_kept_once(people):
    first = uploads.accept_upload(given("a.pdf", PDF), by=people["officer"])
    second = uploads.accept_upload(given("b.pdf", PDF), by=people["lead"])
    assert (first.blob, Blob.objects.count(), Upload.objects.count()) == (second.blob, 1, 2)


def test_a_file_already_checked_by_a_form_is_taken(people):
    upload = uploads.accept_upload(CheckedFile("a.pdf", "application/pdf", PDF, "Pièce n° 1"), by=people["officer"])
    assert (upload.blob.open(), upload.name) == (PDF, "Pièce n° 1.pdf")


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_pictures_are_drawn_anew_within_limits(people, format_):
    hidden = picture(format=format_) + b"<script>alert(1)</script>"
    upload = uploads.accept_upload(given("photo.gif", hidden), by=people["officer"])
    content = upload.blob.open()
    assert b"script" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert max(kept.size) == 2000
        assert kept.format in {"PNG", "JPEG"}


HOSTILE = {
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "program": lambda: b"MZ\x90\x00" + b"\x00" * 200,
    "elf": lambda: b"\x7fELF" + b"\x00" * 200,
    "shell": lambda: b"#!/bin/sh\nrm -rf /\n",
    "pdf hidden in html": lambda: b"<html>" + PDF,
    "pdf cut": lambda: PDF[:-6],
    "macro": lambda: word(**{"word__vbaProject.bin": "x"}),
    "zip of a program": lambda: archive(**{"a.exe": "MZ"}),
    "plain zip": lambda: archive(**{"a.txt": "x"}),
    "zip bomb": lambda: word(**{"word__media": b"0" * (201 * 1024 * 1024)}),
    "huge picture": lambda: picture((9000, 9000)),
    "gif": lambda: picture((10, 10), format="GIF"),
    "truncated picture": lambda: picture()[:100],
    "empty": lambda: b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(people, name):
    with pytest.raises(ValidationError) as refusal:
        uploads.accept_upload(given("compte-rendu.pdf", HOSTILE[name]()), by=people["officer"])
    assert refusal.value.messages[0].endswith(".")
    assert (Upload.objects.count(), Blob.objects.count()) == (0, 0)


def test_more_than_25_megabytes_is_refused(people):
    with pytest.raises(ValidationError, match="25"):
        uploads.accept_upload(given("a.pdf", PDF.replace(b"obj", b"x" * 26 * 1024 * 1024, 1)), by=people["officer"])


def test_office_files_and_tables_are_taken(people):
    assert uploads.accept_upload(given("a.docx", word()), by=people["officer"]).blob.media_type.endswith("document")
    assert (
        uploads.accept_upload(given("a.csv", b"nom;canton\nA;B\n"), by=people["officer"]).blob.media_type == "text/csv"
    )
    assert uploads.accept_upload(given("a.pdf", b"Bonjour."), by=people["officer"]).name == "a.txt"
