"""Kinds of files, recognised by content: each kind accepts the bytes, refuses them with a sentence, or passes."""

import csv
import io
import itertools
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assembly.files import child_process, pdf_probe

MEGABYTE = 1024 * 1024
MAX_SIDE = 2000
PICTURE_SECONDS = 30
PICTURE_BROKEN = 3  # exit code of `picture_child`, which imports its engine
MAX_PAGES = 2000
MAX_UNZIPPED = 200 * MEGABYTE
MAX_ZIP_ENTRIES = 5000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    WORD: ".docx",
    EXCEL: ".xlsx",
    POWERPOINT: ".pptx",
    f"{OPEN_DOCUMENT}text": ".odt",
    f"{OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{OPEN_DOCUMENT}presentation": ".odp",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
MAIN_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL, "ppt/presentation.xml": POWERPOINT}
PROGRAMS = (".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".scr", ".jar", ".hta", ".lnk")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")
TEXT_CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f") | {127}
SEEN_LINES = 5

REFUSALS = {
    "broken": _(
        "Ce fichier est abîmé ou protégé : nous ne pouvons pas le lire. Enregistrez-le à nouveau, puis réessayez."
    ),
    "locked": _("Ce fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis réessayez."),
    "pixels": _("Cette image est trop grande. Réduisez-la à moins de 32 millions de points."),
    "pages": _("Ce PDF compte plus de 2 000 pages. Coupez-le en plusieurs fichiers, puis réessayez."),
    "macros": _(
        "Ce document contient des macros ou un programme. Enregistrez-le sans macros (.docx, .xlsx, .pptx ou "
        "OpenDocument), puis réessayez."
    ),
    "old": _(
        "Ce document est dans un ancien format de Word, Excel ou PowerPoint. Enregistrez-le en .docx, .xlsx ou .pptx, "
        "puis réessayez."
    ),
}

type Recognised = tuple[str, bytes] | None


def refusal(code: str) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code)


def recognise_pdf(content: bytes) -> Recognised:
    """Recognise a PDF that has its signature at the start (one further on is a trick), an end, and can be opened."""
    if not content.startswith((b"%PDF-1.", b"%PDF-2.")):
        return None
    if b"%%EOF" not in content[-2048:]:
        raise refusal("broken")
    pages = pdf_probe.page_count(content)
    if pages < 0:
        raise refusal("locked" if pages == pdf_probe.LOCKED else "broken")
    if pages > MAX_PAGES:
        raise refusal("pages")
    return "application/pdf", content


def recognise_image(content: bytes) -> Recognised:
    """Recognise PNG, JPEG and WebP, and redraw them in a process of their own: metadata does not survive."""
    if not (content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or content[:4] + content[8:12] == b"RIFFWEBP"):
        return None
    return redraw_picture(content, MAX_SIDE, MAX_SIDE)


def redraw_picture(content: bytes, width: int, height: int, *, as_png: bool = False) -> tuple[str, bytes]:
    """Return the media type and the bytes of a redrawn picture, no larger than asked; raise ValidationError.

    It is decoded in a process of its own, whose memory is capped: 134 KB of PNG may take 300 MB.
    """
    size = [str(width), str(height), *(["png"] if as_png else [])]
    try:
        run = child_process.run_module("assembly.files.picture_child", *size, content=content, seconds=PICTURE_SECONDS)
    except subprocess.TimeoutExpired as slow:
        raise refusal("pixels") from slow
    if run.returncode == 0:
        media_type, _mark, drawn = run.stdout.partition(b"\n")
        return media_type.decode(), drawn
    raise refusal("broken" if run.returncode == PICTURE_BROKEN else "pixels")


def recognise_office(content: bytes) -> Recognised:
    """Recognise Word, Excel, PowerPoint and OpenDocument files without macros by the entries of their archive."""
    if content.startswith(OLD_OFFICE):
        raise refusal("locked" if OLE_LOCKED in content else "old")
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
                raise refusal("broken")
            names = {entry.filename for entry in entries}
            content_type = archive_type(archive, names)
            if content_type and has_program(archive, names):
                raise refusal("macros")
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError) as broken:
        raise refusal("broken") from broken
    return (content_type, content) if content_type else None


def recognise_word(content: bytes) -> Recognised:
    """Recognise a Word file among the office ones."""
    recognised = recognise_office(content)
    return recognised if recognised and recognised[0] == WORD else None


def archive_type(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        declared = archive.read("mimetype").decode("ascii", "replace").strip()
        return declared if declared.startswith(OPEN_DOCUMENT) and declared in EXTENSIONS else None
    return None


def has_program(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Return whether there are macros of Office or OpenDocument, controls, programs, or a remote template."""
    for name in (name.lower() for name in names):
        if name.endswith(("vbaproject.bin", *PROGRAMS)) or "/activex/" in name:
            return True
        is_library_list = name.endswith(("script-lb.xml", "script-lc.xml", "/"))
        if name.startswith(("basic/", "scripts/")) and not is_library_list:
            return True
    if "[Content_Types].xml" in names and b"macroEnabled" in archive.read("[Content_Types].xml"):
        return True
    links = "word/_rels/settings.xml.rels"
    return (
        links in names and b"attachedTemplate" in (read := archive.read(links)) and b"http" in external_targets(read)
    )


def external_targets(links: bytes) -> bytes:
    """Return the targets of a list of links, without the addresses that only name their kinds."""
    return links.replace(b"http://schemas.openxmlformats.org", b"").replace(b"http://purl.oclc.org", b"")


def decoded_text(content: bytes) -> str | None:
    """Decode the content in whatever encoding Windows wrote; return None for a binary, a page or a script."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoded = content.decode("utf-16", "replace")
    else:
        try:
            decoded = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            decoded = content.decode("cp1252", "replace")
    if decoded.lstrip()[:1] == "<" or decoded.startswith("#!") or TEXT_CONTROLS & set(map(ord, set(decoded))):
        return None
    return decoded


def recognise_csv(content: bytes) -> Recognised:
    """Recognise text in columns and return it as UTF-8: French spreadsheets still write Windows-1252."""
    decoded = decoded_text(content)
    if decoded is None or not any(in_columns(decoded, mark) for mark in ";\t,"):
        return None
    return "text/csv", decoded.encode()


def in_columns(decoded: str, mark: str) -> bool:
    """Return whether the first lines have the same number of cells, two at least.

    A single line with a comma is a sentence.
    """
    try:
        rows = list(itertools.islice(filter(None, csv.reader(io.StringIO(decoded), delimiter=mark)), SEEN_LINES))
    except csv.Error:
        return False
    widths = {len(row) for row in rows}
    return len(widths) == 1 and widths.pop() > 1 and (mark != "," or len(rows) > 1)


def recognise_text(content: bytes) -> Recognised:
    """Recognise plain text and return it as UTF-8."""
    decoded = decoded_text(content)
    return ("text/plain", decoded.encode()) if decoded and decoded.strip() else None


@dataclass(frozen=True)
class FileKind:
    label: Any
    suffixes: tuple[str, ...]
    recognise: Callable[[bytes], Recognised]


OFFICE_SUFFIXES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
KINDS = {
    "pdf": FileKind(_("PDF"), (".pdf",), recognise_pdf),
    "image": FileKind(_("image (PNG, JPEG, WebP)"), (".png", ".jpg", ".jpeg", ".webp"), recognise_image),
    "office": FileKind(_("document (DOCX, XLSX, PPTX, ODT, ODS, ODP)"), OFFICE_SUFFIXES, recognise_office),
    "word": FileKind(_("document Word (DOCX)"), (".docx",), recognise_word),
    "csv": FileKind(_("tableau CSV"), (".csv",), recognise_csv),
    "text": FileKind(_("texte"), (".txt",), recognise_text),
}
EVERYTHING = tuple(kind for kind in KINDS if kind != "word")  # an office file among others
