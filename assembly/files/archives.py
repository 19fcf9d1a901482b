"""Extraction of uploaded ZIP archives: no entry is extracted unless the whole archive passes the checks."""

import io
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assembly.files.file_kinds import MEGABYTE, archive_type

MAX_ARCHIVE = 50 * MEGABYTE
MAX_ENTRIES = 100
MAX_TOTAL = 150 * MEGABYTE
MAX_RATIO = 100
SMALL = MEGABYTE
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LOCKED_FLAG = 0x1
UNIX = 3
SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
SHOWN = 80

REFUSALS = {
    "archive_broken": _("Cette archive est abîmée : nous ne pouvons pas l’ouvrir. Refaites-la, puis réessayez."),
    "archive_locked": _(
        "Cette archive est protégée par un mot de passe. Refaites-la sans mot de passe, puis réessayez."
    ),
    "archive_empty": _("Cette archive ne contient aucun fichier."),
    "archive_many": _("Cette archive contient trop de fichiers. Déposez-en 100 au plus à la fois."),
    "archive_heavy": _("Une fois ouverte, cette archive est trop lourde. Coupez-la en plusieurs archives."),
    "archive_path": _("L’archive contient un nom de fichier interdit : « %(entry)s ». Renommez-le, puis réessayez."),
    "archive_link": _("L’archive contient un lien au lieu d’un fichier : « %(entry)s ». Retirez-le, puis réessayez."),
    "archive_twice": _(
        "L’archive contient deux fois le fichier « %(entry)s ». Renommez l’un des deux, puis réessayez."
    ),
    "archive_nested": _("« %(entry)s » est une archive dans l’archive. Déposez-la à part."),
}


@dataclass(frozen=True)
class ArchiveEntry:
    """File of an archive: its path as a text, its bytes."""

    name: str
    content: bytes


def refusal(code: str, name: str = "") -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params={"entry": printable_name(name)})


def printable_name(name: str) -> str:
    """Return a name that fits into a sentence: no control character, no change of direction, 80 characters at most."""
    return "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")[-SHOWN:]


def is_archive(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_plain_archive(content: bytes) -> bool:
    """Return whether the bytes are a ZIP that is not an office file."""
    if not is_archive(content):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive_type(archive, set(archive.namelist())) is None
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError):
        return True


def entries_of(content: bytes) -> Iterator[ArchiveEntry]:
    """Yield the files of an archive; all entries are checked before the first is extracted; raise ValidationError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for path, entry in checked_entries(archive):
                yield extract_entry(archive, path, entry)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, UnicodeError) as broken:
        raise refusal("archive_broken") from broken


def checked_entries(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Return the path and the description of each file after the whole archive has passed the checks."""
    everything = archive.infolist()
    if len(everything) > MAX_ENTRIES * 4:
        raise refusal("archive_many")
    if len({entry.header_offset for entry in everything}) < len(everything):  # zipfile detects other overlaps itself
        raise refusal("archive_broken")
    files: dict[str, tuple[str, zipfile.ZipInfo]] = {}
    for entry in everything:
        path = checked_path(entry)
        if entry.is_dir() or is_system_file(path):
            continue
        key = unicodedata.normalize("NFC", path).casefold()
        if key in files:
            raise refusal("archive_twice", path)
        files[key] = path, entry
    if not files:
        raise refusal("archive_empty")
    if len(files) > MAX_ENTRIES:
        raise refusal("archive_many")
    if sum(entry.file_size for _path, entry in files.values()) > MAX_TOTAL:
        raise refusal("archive_heavy")
    return list(files.values())


def checked_path(zip_info: zipfile.ZipInfo) -> str:
    """Return the path of an entry that stays inside the archive, is a plain file, unencrypted and no ZIP bomb.

    Raise ValidationError for any other entry.
    """
    path = zip_info.orig_filename.replace("\\", "/")
    parts = PurePosixPath(path).parts
    if "\0" in path or path.startswith("/") or ":" in path or ".." in parts or not parts:
        raise refusal("archive_path", path)
    kind = stat.S_IFMT(zip_info.external_attr >> 16) if zip_info.create_system == UNIX else 0
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refusal("archive_link", path)
    if zip_info.flag_bits & LOCKED_FLAG:
        raise refusal("archive_locked")
    if zip_info.compress_type not in METHODS:
        raise refusal("archive_broken")
    if zip_info.file_size > SMALL and zip_info.file_size > MAX_RATIO * zip_info.compress_size:
        raise refusal("archive_heavy")
    return path


def is_system_file(path: str) -> bool:
    """Return whether an operating system added this entry by itself."""
    parts = PurePosixPath(path).parts
    return parts[0] == "__MACOSX" or parts[-1].casefold() in SYSTEM_FILES


def extract_entry(archive: zipfile.ZipFile, path: str, zip_info: zipfile.ZipInfo) -> ArchiveEntry:
    content = archive.read(zip_info)
    if is_plain_archive(content):
        raise refusal("archive_nested", path)
    return ArchiveEntry(path, content)
