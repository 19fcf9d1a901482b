"""Reading of deposited files: what a file shows about itself, and the files of an archive. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from assembly.documents.models import Upload
from assembly.documents.queries.extracts import text_of
from assembly.files import archives, pdf_probe
from assembly.files.fields import CheckedFile, check_file, key_of, read_whole, scan_file
from assembly.files.file_kinds import OPEN_DOCUMENT, WORD
from assembly.files.slow_work import Busy, run_ahead
from consultations.rules.briefing import ALL_KINDS, MAX_SIZE

PDF = "application/pdf"
TAGS = b"/MarkInfo"


@dataclass(frozen=True)
class DepositedFile:
    """One file of a deposit: accepted, or refused with the reason."""

    number: int
    name: str
    file: CheckedFile | None = None
    refusal: str = ""


def read_batch(files: Iterable[UploadedFile]) -> list[DepositedFile]:
    """Check each file alone, those of an archive one by one: a refused one does not stop the others.

    An archive that is dangerous as a whole (a zip bomb, a path that leaves it) gives one refused row.
    """
    files = list(files)
    return run_ahead(("batch", tuple(map(key_of, files))), lambda: checked_batch(files))


def checked_batch(files: Iterable[UploadedFile]) -> list[DepositedFile]:
    """Return the rows of `read_batch`; raise Busy when no reader process was free for one of the files."""
    rows: list[DepositedFile] = []
    for name, content, refusal in iter_files(files):
        number = len(rows) + 1
        shown = archives.printable_name(name)
        if refusal:
            rows.append(DepositedFile(number, shown, refusal=refusal))
            continue
        try:
            checked = scan_file(check_file(name, content, kinds=ALL_KINDS, max_size=MAX_SIZE))
        except Busy:
            raise
        except ValidationError as refused:
            rows.append(DepositedFile(number, shown, refusal=" ".join(refused.messages)))
        else:
            rows.append(DepositedFile(number, shown, file=checked))
    return rows


def iter_files(files: Iterable[UploadedFile]) -> Iterable[tuple[str, bytes, str]]:
    """Yield name, bytes and refusal of each file; archives are opened."""
    for file in files:
        name = file.name or ""
        content = read_whole(file)
        if not archives.is_plain_archive(content):
            yield name, content, ""
            continue
        try:
            entries = list(archives.entries_of(content))
        except ValidationError as refused:
            yield name, b"", " ".join(refused.messages)
        else:
            yield from ((entry.name, entry.content, "") for entry in entries)


def page_count(upload: Upload) -> int | None:
    """Count the pages of a PDF in the capped process; return None for other kinds, or if it cannot be counted."""
    if upload.blob.media_type != PDF:
        return None
    pages = pdf_probe.page_count(upload.blob.open())
    return pages if pages > 0 else None


def count_pages_ahead(uploads: Iterable[Upload]) -> None:
    """Count the pages of several files, once and one after the other, before the writes take their locks."""
    uploads = list(uploads)
    run_ahead(
        ("pages", tuple(upload.blob_id for upload in uploads)), lambda: [page_count(upload) for upload in uploads]
    )


def detect_checks(upload: Upload) -> dict[str, bool]:
    """Return the checks that are cheap: extracted text (once a worker has read the file), and tags of a PDF."""
    kind = upload.blob.media_type
    checks = {}
    if kind == WORD or kind.startswith((OPEN_DOCUMENT, "text/")) or text_of(upload):
        checks["text_layer"] = True
    if kind == PDF and TAGS in upload.blob.open():
        checks["headings"] = True
    return checks
