import io
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assembly.files import file_kinds
from assembly.files.fields import UploadField, title_of
from assembly.files.file_kinds import EXCEL, OPEN_DOCUMENT, POWERPOINT, WORD
from tests import files
from tests.files import long_pdf, pdf

PDF = pdf("Ordre du jour")


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


def check(content, name="fichier.pdf", kinds=("pdf", "image", "office", "csv", "text"), **options):
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
        (office("[Content_Types].xml", "ppt/presentation.xml"), POWERPOINT, ".pptx"),
        (archive(mimetype=f"{OPEN_DOCUMENT}presentation"), f"{OPEN_DOCUMENT}presentation", ".odp"),
        (
            archive(mimetype=f"{OPEN_DOCUMENT}text", **{"Basic__Standard__script-lb.xml": "<x/>"}),
            f"{OPEN_DOCUMENT}text",
            ".odt",
        ),
        ("nom;âge\nÉlie;40\n".encode(), "text/csv", ".csv"),
        (b"Bonjour, voici la note.\nElle a deux lignes.\n", "text/plain", ".txt"),
        ("Élus, agents, membres : une seule ligne.".encode(), "text/plain", ".txt"),
        ("Une note\nde Windows".encode("utf-16"), "text/plain", ".txt"),
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
        b"\x00junk %PDF-1.7 %%EOF",
        b"note\x00binaire",
        b"\x1b]0;terminal\x07",
        b"   \n",
        office("evil.sh"),
        archive(mimetype="application/x-sharedlib"),
        archive(mimetype="text/csv"),
    ],
)
def test_what_is_not_asked_for_is_refused(content):
    assert code_of(content) == "kind"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nno end",
        b"%PDF-1.7\nnothing inside\n%%EOF",
        b"PK\x03\x04broken",
        picture("PNG")[:60],
        b"\xff\xd8\xff\xe0rubbish",
    ],
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
        assert image.size[0] == file_kinds.MAX_SIDE


def test_a_picture_bomb_is_refused_without_being_decoded():
    assert code_of(picture("PNG", size=(8000, 6000), mode="L")) == "pixels"
    assert code_of(picture("JPEG", size=(12000, 8000), mode="L")) == "pixels"


def test_a_large_photograph_is_made_smaller_rather_than_refused():
    with Image.open(io.BytesIO(check(picture("JPEG", size=(8200, 6100))).content)) as image:
        assert image.size == (2000, 1488)


def test_a_picture_with_a_palette_keeps_its_colours():
    target = io.BytesIO()
    Image.new("RGB", (3000, 20), "red").convert("P").save(target, "PNG")
    with Image.open(io.BytesIO(check(target.getvalue()).content)) as image:
        assert (image.size[0], image.getpixel((5, 5))) == (2000, (255, 0, 0))


MACROS = {
    "word": {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>", "word/vbaProject.bin": "x"},
    "named otherwise": {"[Content_Types].xml": "<Types>…macroEnabled.main+xml</Types>", "word/document.xml": "<x/>"},
    "control": {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>", "xl/activeX/activeX1.bin": "x"},
    "open document": {"mimetype": f"{OPEN_DOCUMENT}text", "Basic/Standard/Module1.xml": "<x/>"},
    "script": {"mimetype": f"{OPEN_DOCUMENT}text", "Scripts/python/a.py": "x"},
    "program inside": {"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>", "ppt/embeddings/a.EXE": "MZ"},
    "template from outside": {
        "[Content_Types].xml": "<x/>",
        "word/document.xml": "<x/>",
        "word/_rels/settings.xml.rels": '<r Type="http://schemas.openxmlformats.org/x/attachedTemplate" '
        'Target="https://evil.example/t.dotm" TargetMode="External"/>',
    },
}


@pytest.mark.parametrize("name", MACROS)
def test_an_office_file_with_macros_is_refused_with_what_to_do(name):
    assert code_of(files.archive(MACROS[name])) == "macros"


def test_a_template_of_the_house_is_no_danger():
    links = '<r Type="http://schemas.openxmlformats.org/x/attachedTemplate" Target="file:///C:/modele.dotx"/>'
    content = files.archive({**MACROS["template from outside"], "word/_rels/settings.xml.rels": links})
    assert check(content).content_type == WORD


def test_old_and_locked_office_files_are_named_as_such():
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert code_of(old) == "old"
    assert code_of(old + "EncryptedPackage".encode("utf-16-le")) == "locked"


def test_a_locked_pdf_is_named_as_such():
    assert code_of(pdf("Secret", password="sésame")) == "locked"


def test_a_pdf_of_ten_thousand_pages_is_refused_in_a_second():
    content = long_pdf(10_000)
    started = time.monotonic()
    assert code_of(content) == "pages"
    assert time.monotonic() - started < 5  # a second by itself; other tests run beside this one


@pytest.mark.long
def test_a_pdf_whose_tables_swell_is_refused_within_its_memory():
    bomb = zlib.compress(b"0" * (700 * 1024 * 1024), 9)
    head = b"%PDF-1.5\n1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length "
    content = head + b"%d>>\nstream\n" % len(bomb) + bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    assert code_of(content) == "broken"


def test_an_archive_bomb_is_refused():
    assert code_of(archive(**{"[Content_Types].xml": b"0" * (file_kinds.MAX_UNZIPPED + 1)})) == "broken"


def test_a_windows_table_is_given_back_in_utf8():
    assert check("nom;prénom\n".encode("cp1252")).content.decode() == "nom;prénom\n"


def test_the_field_tells_the_browser_what_it_accepts():
    assert UploadField(kinds=("pdf", "csv")).widget.attrs["accept"] == ".pdf,.csv"


def test_an_optional_field_left_empty_gives_nothing():
    assert UploadField(required=False).clean(None) is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.pdf", "passwd"),
        ("C:\\Users\\x\\Pièce n° 1.pdf", "Pièce n° 1"),
        ("rapport\u202efdp.exe", "rapportfdp"),
        ("budget\r\nSet-Cookie: a.pdf", "budgetSet-Cookie: a"),
        (".htaccess", "htaccess"),
        ("Version 2. Avis de la commission", "Version 2. Avis de la commission"),
        ("a" * 300 + ".pdf", "a" * 190),
        ("", ""),
    ],
)
def test_names_are_words_only(name, title):
    assert title_of(name) == title


def test_a_file_comes_back_with_the_extension_of_its_true_type():
    checked = check(PDF, name="rapport.exe")
    assert (checked.name, checked.full_name) == ("rapport.pdf", "rapport.pdf")


def test_a_small_file_of_many_points_costs_this_process_nothing():
    """PNG of 32 million points and some kilobytes: 300 MB where it is decoded, which is a process with a cap."""
    target = io.BytesIO()
    Image.new("RGBA", (5600, 5700)).save(target, "PNG")
    assert len(target.getvalue()) < 400_000
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from now on
    before = peak_kilobytes()
    checked = UploadField(kinds=("image",)).clean(SimpleUploadedFile("plan.png", target.getvalue()))
    assert peak_kilobytes() - before < 40_000
    with Image.open(io.BytesIO(checked.content)) as image:
        assert max(image.size) == 2000


def peak_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
