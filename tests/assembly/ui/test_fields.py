import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assembly.ui import fields
from assembly.ui.fields import EXCEL, WORD, UploadField

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind="PNG", size=(40, 30), mode="RGB", **options):
    target = io.BytesIO()
    Image.new(mode, size, (255, 0, 0, 90) if mode == "RGBA" else "red" if mode == "RGB" else 0).save(
        target, kind, **options
    )
    return target.getvalue()


def archive(**entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def office(*names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, b"<x/>")
    return target.getvalue()


def check(content, name="fichier.pdf", kinds=("pdf", "image", "office", "csv"), **options):
    return UploadField(kinds=kinds, **options).clean(SimpleUploadedFile(name, content, "application/x-whatever"))


def code_of(content, **options):
    with pytest.raises(ValidationError) as refusal:
        check(content, **options)
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "content_type", "extension"),
    [
        (PDF, "application/pdf", ".pdf"),
        (picture("PNG"), "image/png", ".png"),
        (picture("JPEG"), "image/jpeg", ".jpg"),
        (picture("WEBP"), "image/png", ".png"),
        (office("[Content_Types].xml", "word/document.xml"), WORD, ".docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), EXCEL, ".xlsx"),
        (
            archive(mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
            ".odt",
        ),
        ("nom;âge\nÉlie;40\n".encode(), "text/csv", ".csv"),
    ],
)
def test_the_type_comes_from_the_content_and_names_the_file(content, content_type, extension):
    checked = check(content, name="../Ordre du jour.exe")
    assert (checked.content_type, checked.name) == (content_type, f"ordre-du-jour{extension}")


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>;",
        b"<html><script>alert(1)</script>;",
        b"MZ\x90\x00" + b"\x00" * 60,
        b"\x7fELF" + b"\x00" * 60,
        b"#!/bin/sh\nrm -rf /\n",
        b"GIF89a" + b"\x00" * 30,
        b"junk %PDF-1.7 %%EOF",
        office("evil.sh"),
        office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ],
)
def test_what_is_not_asked_for_is_refused(content):
    assert code_of(content) == "kind"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\nno end", b"PK\x03\x04broken", picture("PNG")[:60], b"\xff\xd8\xff\xe0rubbish"]
)
def test_a_broken_file_is_said_to_be_broken(content):
    assert code_of(content) == "broken"


def test_a_file_of_another_accepted_kind_is_not_accepted_here():
    assert code_of(picture(), kinds=("pdf",)) == "kind"


def test_size_is_judged_before_content():
    assert code_of(PDF, max_size=10) == "size"
    assert code_of(b"") == "empty"


def test_a_picture_loses_its_hidden_data_and_keeps_its_pixels():
    exif = Image.Exif()
    exif[0x010F] = "where it was taken"
    checked = check(picture("JPEG", exif=exif) + b"<script>tail</script>")
    with Image.open(io.BytesIO(checked.content)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (40, 30)
    assert b"where it was taken" not in checked.content
    assert b"<script>" not in checked.content


def test_transparency_survives():
    with Image.open(io.BytesIO(check(picture("PNG", mode="RGBA")).content)) as image:
        assert image.mode == "RGBA"


def test_a_picture_is_brought_down_to_a_reasonable_side():
    with Image.open(io.BytesIO(check(picture("PNG", size=(6000, 10))).content)) as image:
        assert image.size[0] == fields.MAX_SIDE


def test_a_picture_bomb_is_refused_without_being_decoded():
    assert code_of(picture("PNG", size=(8000, 6000), mode="L")) == "pixels"


def test_an_archive_bomb_is_refused():
    assert code_of(archive(**{"[Content_Types].xml": b"0" * (fields.MAX_UNZIPPED + 1)})) == "broken"


def test_a_windows_table_is_given_back_in_utf8():
    assert check("nom;prénom\n".encode("cp1252")).content.decode() == "nom;prénom\n"


def test_the_field_tells_the_browser_what_it_accepts():
    assert UploadField(kinds=("pdf", "csv")).widget.attrs["accept"] == ".pdf,.csv"


def test_an_optional_field_left_empty_gives_nothing():
    assert UploadField(required=False).clean(None) is None
