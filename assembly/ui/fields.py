"""The one gate for files: size and type are judged by the content, never by the name or by what the browser says."""

import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 4096
MAX_UNZIPPED = 200 * MEGABYTE
MAX_ZIP_ENTRIES = 5000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    WORD: ".docx",
    EXCEL: ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "text/csv": ".csv",
}


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed the gate: a plain name with the extension of its true type, and its bytes."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


class UploadField(forms.FileField):
    """A file of one of `kinds` ("pdf", "image", "office", "csv"); `clean()` gives a CheckedFile.

    Images are drawn anew (no hidden data, no place where they were taken). SVG, programs and archives are refused.
    """

    default_error_messages = {
        "required": _("Choisissez un fichier."),
        "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        "size": _("Ce fichier pèse %(size)s. Il doit peser au plus %(limit)s."),
        "kind": _("Ce fichier n’est pas d’un type accepté. Types acceptés : %(kinds)s."),
        "broken": _(
            "Ce fichier est abîmé ou protégé : nous ne pouvons pas le lire. Enregistrez-le à nouveau, puis réessayez."
        ),
        "pixels": _("Cette image est trop grande. Réduisez-la à moins de 40 millions de points."),
    }

    def __init__(self, *, kinds: Sequence[str] = ("pdf",), max_size: int = 20 * MEGABYTE, **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        self.max_size = max_size
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs["accept"] = ",".join(suffix for kind in self.kinds for suffix in KINDS[kind].suffixes)
        return attrs

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return self.checked(upload) if isinstance(upload, UploadedFile) else upload

    def checked(self, upload: UploadedFile) -> CheckedFile:
        size = upload.size or 0
        if size > self.max_size:
            sizes = {"size": filesizeformat(size), "limit": filesizeformat(self.max_size)}
            raise ValidationError(self.error_messages["size"], code="size", params=sizes)
        content = upload.read()
        for kind in self.kinds:
            found = KINDS[kind].recognise(content)
            if found:
                content_type, content = found
                stem = slugify(PurePath(upload.name or "").stem)[:80] or "fichier"
                return CheckedFile(stem + EXTENSIONS[content_type], content_type, content)
        names = ", ".join(str(KINDS[kind].words) for kind in self.kinds)
        raise ValidationError(self.error_messages["kind"], code="kind", params={"kinds": names})


type Recognised = tuple[str, bytes] | None


def refuse(code: str) -> ValidationError:
    return ValidationError(UploadField.default_error_messages[code], code=code)


def pdf(content: bytes) -> Recognised:
    """A PDF begins with its mark at once (a page that hides one further on is a trick) and has an end."""
    if not content.startswith(b"%PDF-1.") and not content.startswith(b"%PDF-2."):
        return None
    if b"%%EOF" not in content[-2048:]:
        raise refuse("broken")
    return "application/pdf", content


def image(content: bytes) -> Recognised:
    """PNG, JPEG and WebP, decoded and written again: what is not the picture does not survive."""
    if not (content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or content[:4] + content[8:12] == b"RIFFWEBP"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise refuse("pixels")
                return written_again(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise refuse("pixels") from bomb
    except (OSError, SyntaxError, ValueError) as broken:
        raise refuse("broken") from broken


def written_again(opened: Image.Image) -> Recognised:
    transparent = opened.has_transparency_data
    picture = ImageOps.exif_transpose(opened).convert("RGBA" if transparent else "RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    target = io.BytesIO()
    if opened.format == "JPEG" and not transparent:
        clean.save(target, "JPEG", quality=88, optimize=True)
        return "image/jpeg", target.getvalue()
    clean.save(target, "PNG", optimize=True)
    return "image/png", target.getvalue()


def office(content: bytes) -> Recognised:
    """Word, Excel and OpenDocument files without macros, told by what their archive holds."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
                raise refuse("broken")
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names):
                return None
            content_type = archive_type(archive, names)
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError) as broken:
        raise refuse("broken") from broken
    return (content_type, content) if content_type else None


def archive_type(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        return WORD if "word/document.xml" in names else EXCEL if "xl/workbook.xml" in names else None
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        declared = archive.read("mimetype").decode("ascii", "replace").strip()
        return declared if declared in EXTENSIONS else None
    return None


def table(content: bytes) -> Recognised:
    """Text in columns, given back as UTF-8: spreadsheets still write Windows-1252 here."""
    if b"\x00" in content or content.lstrip()[:1] == b"<":
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    return ("text/csv", text.encode()) if any(mark in first for mark in ";,\t") else None


@dataclass(frozen=True)
class Kind:
    words: Any
    suffixes: tuple[str, ...]
    recognise: Callable[[bytes], Recognised]


KINDS = {
    "pdf": Kind(_("PDF"), (".pdf",), pdf),
    "image": Kind(_("image (PNG, JPEG, WebP)"), (".png", ".jpg", ".jpeg", ".webp"), image),
    "office": Kind(_("document (DOCX, XLSX, ODT, ODS)"), (".docx", ".xlsx", ".odt", ".ods"), office),
    "csv": Kind(_("tableau CSV"), (".csv",), table),
}
