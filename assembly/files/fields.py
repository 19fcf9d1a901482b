"""Form fields for files: size and type are checked by content, never by the name or by what the browser declares."""

import hashlib
import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from assembly.files import antivirus, archives
from assembly.files.antivirus import ScanResult
from assembly.files.file_kinds import EXTENSIONS, KINDS, MEGABYTE
from assembly.files.slow_work import run_ahead

security = logging.getLogger("assembly.security")

TITLE_LENGTH = 190
REFUSALS: dict[str, Any] = {
    "required": _("Choisissez un fichier."),
    "empty": _("Ce fichier est vide. Choisissez-en un autre."),
    "size": _("Ce fichier pèse %(size)s. Il doit peser au plus %(limit)s."),
    "kind": _("Ce fichier n’est pas d’un type accepté. Types acceptés : %(kinds)s."),
    "infected": _(
        "L’antivirus a trouvé un programme dangereux dans ce fichier : il n’est pas gardé. "
        "Prévenez la personne qui vous l’a transmis."
    ),
    "many": _("Vous déposez %(count)s fichiers. Déposez-en %(limit)s au plus à la fois."),
    "entry": _("« %(entry)s » : %(reason)s"),
}


@dataclass(frozen=True)
class CheckedFile:
    """File that passed the checks: a plain name with the extension of its true type, its bytes, its title in words.

    `scan` is the antivirus's verdict: UNSCANNED without one, WAITING while it does not answer.
    """

    name: str
    content_type: str
    content: bytes
    title: str = ""
    scan: ScanResult = ScanResult.UNSCANNED

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def full_name(self) -> str:
        """Return the title with the extension of the true type: « report.exe » cannot come back as such."""
        return f"{self.title}{EXTENSIONS[self.content_type]}" if self.title else self.name


def refusal(code: str, **params: object) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params=params)


def title_of(name: str) -> str:
    """Return the name that the person typed as words only: no folder, no extension, no invisible character."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    stem, dot, suffix = seen.rpartition(".")
    return (stem if dot and stem and len(suffix) <= 5 else seen).strip(" .")[-TITLE_LENGTH:]


def check_file(name: str, content: bytes, *, kinds: Sequence[str], max_size: int) -> CheckedFile:
    """Check one file, except by the antivirus; raise ValidationError with the sentence to show."""
    if not content:
        raise refusal("empty")
    if len(content) > max_size:
        raise refusal("size", size=filesizeformat(len(content)), limit=filesizeformat(max_size))
    for kind in kinds:
        if recognised := KINDS[kind].recognise(content):
            content_type, content = recognised
            title = title_of(name)
            return CheckedFile(
                (slugify(title)[:80] or "fichier") + EXTENSIONS[content_type], content_type, content, title
            )
    raise refusal("kind", kinds=", ".join(str(KINDS[kind].label) for kind in kinds))


def scan_file(file: CheckedFile) -> CheckedFile:
    """Return the file with the antivirus's verdict; raise ValidationError for an infected one."""
    verdict = antivirus.verdict(file.content)
    if verdict == ScanResult.INFECTED:
        security.warning("infected file refused", extra={"facts": {"type": file.content_type, "size": file.size}})
        raise refusal("infected")
    return replace(file, scan=verdict)


def scan_files(files: Iterable[CheckedFile]) -> list[CheckedFile]:
    """Return each file with its verdict; once the antivirus fails to answer, the rest is marked WAITING."""
    done: list[CheckedFile] = []
    for file in files:
        if done and done[-1].scan == ScanResult.WAITING:
            done.append(replace(file, scan=ScanResult.WAITING))
            continue
        try:
            done.append(scan_file(file))
        except ValidationError as error:
            raise with_file_name(file.full_name, error) from error
    return done


def with_file_name(name: str, error: ValidationError) -> ValidationError:
    """Return a refusal that names its file."""
    return ValidationError(
        REFUSALS["entry"],
        code=error.error_list[0].code,
        params={"entry": archives.printable_name(name), "reason": " ".join(error.messages)},
    )


def accepted_suffixes(kinds: Sequence[str]) -> str:
    return ",".join(suffix for kind in kinds for suffix in KINDS[kind].suffixes)


class UploadField(forms.FileField):
    """Field for a file of one of `kinds`; `clean()` gives a CheckedFile.

    Kinds: "pdf", "image", "office", "word", "csv", "text". Images are redrawn (no hidden data, no location of the
    camera). SVG, programs, macros and archives are refused; where an antivirus is configured it decides last.
    """

    widget = forms.FileInput  # the default widget also reads a box « file-clear », and would give False for a file
    default_error_messages = REFUSALS

    def __init__(self, *, kinds: Sequence[str] = ("pdf",), max_size: int = 20 * MEGABYTE, **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        self.max_size = max_size
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": accepted_suffixes(self.kinds)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return self.check_upload(upload) if isinstance(upload, UploadedFile) else upload

    def check_upload(self, upload: UploadedFile) -> CheckedFile:
        size = upload.size or 0
        if size > self.max_size:
            raise refusal("size", size=filesizeformat(size), limit=filesizeformat(self.max_size))
        return run_ahead(
            ("file", key_of(upload), self.kinds, self.max_size),
            lambda: scan_file(
                check_file(upload.name or "", read_whole(upload), kinds=self.kinds, max_size=self.max_size)
            ),
        )


def read_whole(upload: UploadedFile) -> bytes:
    """Return the bytes of a file, read before or not."""
    upload.seek(0)
    content: bytes = upload.read()
    return content


def key_of(upload: UploadedFile) -> tuple[str, str]:
    """Return the key of a file in the slow work of a request."""
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return upload.name or "", digest.hexdigest()


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(UploadField):
    """Field for several files, some of which may be ZIP archives of files; `clean()` gives a list of CheckedFile.

    All or nothing: when one is refused, every refused one is named and none is accepted.
    """

    widget = ManyFilesInput

    def __init__(self, *, max_files: int = archives.MAX_ENTRIES, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return attrs | {"accept": f"{attrs['accept']},.zip", "multiple": True}

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        uploads = [item for item in (data if isinstance(data, list | tuple) else [data]) if item]
        if not uploads:
            if self.required:
                raise refusal("required")
            return []
        for upload in uploads:
            self.check_size(upload)
        key = ("files", tuple(map(key_of, uploads)), self.kinds, self.max_size, self.max_files)
        return run_ahead(key, lambda: self.check_uploads(uploads))

    def check_uploads(self, uploads: Sequence[UploadedFile]) -> list[CheckedFile]:
        """Check each file and each entry of an archive; raise ValidationError that names every refused one."""
        files: list[CheckedFile] = []
        refused: list[ValidationError] = []
        for upload in uploads:
            try:
                files.extend(self.open_upload(upload))
            except ValidationError as error:
                refused.extend(
                    error.error_list if len(error.error_list) > 1 else [with_file_name(upload.name or "", error)]
                )
        if refused:
            raise ValidationError(refused)
        if len(files) > self.max_files:
            raise refusal("many", count=len(files), limit=self.max_files)
        return scan_files(files)

    def check_size(self, upload: UploadedFile) -> None:
        """Raise ValidationError for an upload heavier than any file or archive may be, before any is opened."""
        if (upload.size or 0) > max(self.max_size, archives.MAX_ARCHIVE):
            error = refusal("size", size=filesizeformat(upload.size or 0), limit=filesizeformat(self.max_size))
            raise with_file_name(upload.name or "", error)

    def open_upload(self, upload: UploadedFile) -> list[CheckedFile]:
        """Return the file itself, or those of an archive."""
        content = read_whole(upload)
        if archives.is_plain_archive(content):
            return open_archive(content, kinds=self.kinds, max_size=self.max_size)
        return [check_file(upload.name or "", content, kinds=self.kinds, max_size=self.max_size)]


def open_archive(content: bytes, *, kinds: Sequence[str], max_size: int) -> list[CheckedFile]:
    """Check each file of a ZIP like any other; raise ValidationError that names every refused one."""
    if len(content) > archives.MAX_ARCHIVE:
        raise refusal("size", size=filesizeformat(len(content)), limit=filesizeformat(archives.MAX_ARCHIVE))
    files: list[CheckedFile] = []
    refused: list[ValidationError] = []
    for entry in archives.entries_of(content):
        try:
            files.append(check_file(entry.name, entry.content, kinds=kinds, max_size=max_size))
        except ValidationError as error:
            refused.append(with_file_name(entry.name, error))
    if refused:
        raise ValidationError(refused)
    return files
