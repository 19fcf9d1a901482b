"""Reader of a table that somebody sent, CSV or XLSX, whatever program wrote it; nothing in it is trusted.

Pure Python. `read_table()` returns rows of texts with the line number that a spreadsheet shows, or raises
`UnreadableFile` with a sentence that says what to do.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.files import child_process
from assembly.files.slow_work import digest_of, run_ahead

MOST_BYTES = 5 * 1024 * 1024
MOST_UNZIPPED = 16 * 1024 * 1024
MOST_PARTS = 300
MOST_ROWS = 500
MOST_COLUMNS = 60
MOST_CELL = 1000
FORMULA = ("=", "@", "\t", "\r")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z0-9:]{2,20})\"")
NOT_SHOWN = re.compile(r"\[\$[^\]]*\]|\"[^\"]*\"|\\.")  # of a number format: languages, quoted and escaped signs
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class UnreadableFile(ValidationError):
    """The file cannot be read; the message says why and what to do."""


@dataclass
class FileTable:
    """Table of a file. `rows`: (line number, cells); `formulas`: computed cells, by (line, column index)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    formulas: set[tuple[int, int]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def read_table(content: bytes, most: int = MOST_ROWS) -> FileTable:
    """Return the table of a file, read without a connection of the database (`slow_work`), two files at once."""
    return run_ahead(("table", digest_of(content), most), partial(read_in_turn, content, most))


def read_in_turn(content: bytes, most: int) -> FileTable:
    with child_process.slot():
        return parse_table(content, most)


def parse_table(content: bytes, most: int = MOST_ROWS) -> FileTable:
    """Read a CSV or an XLSX, distinguished by their bytes."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("Ce fichier est trop lourd. Il doit peser au plus 5 Mo."))
    if not content.strip():
        raise UnreadableFile(_("Ce fichier est vide."))
    if content.startswith(b"PK\x03\x04"):
        return build_table(*read_workbook(content, most))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            _(
                "Ce fichier est un ancien classeur (.xls) ou un classeur protégé. "
                "Enregistrez-le en .xlsx, sans mot de passe."
            )
        )
    if content.lstrip()[:5].lower() in (b"<!doc", b"<html", b"<?xml", b"%pdf-"):
        raise UnreadableFile(_("Ce fichier n’est pas un tableau. Enregistrez-le en CSV ou en XLSX."))
    return build_table(*read_text(content, most))


type RawTable = tuple[list[tuple[int, list[str]]], set[tuple[int, int]], list[str]]


def read_text(content: bytes, most: int = MOST_ROWS) -> RawTable:
    """Read a CSV in UTF-8, UTF-16 with its mark, or Windows-1252, which spreadsheets still write here."""
    text, notes = decoded(content)
    if "\x00" in text:
        raise UnreadableFile(
            _(
                "Ce fichier contient des caractères nuls : il est abîmé, ou n’est pas un CSV. "
                "Enregistrez-le en « CSV UTF-8 »."
            )
        )
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    if first.count(delimiter) == 0:
        raise UnreadableFile(
            _(
                "La première ligne n’a qu’une colonne. "
                "Séparez les colonnes par des points-virgules, ou envoyez un XLSX."
            )
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        line = 1
        for cells in reader:
            rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
            check_row_count(rows, most)
    except csv.Error as broken:
        raise UnreadableFile(
            _("La ligne %(line)s ne se lit pas : un guillemet n’est pas fermé, ou une case est immense.")
            % {"line": line}
        ) from broken
    return rows, set(), notes


def decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), [_("Fichier lu en UTF-16.")]
        except UnicodeDecodeError as broken:
            raise UnreadableFile(_("Ce fichier UTF-16 est abîmé. Enregistrez-le en « CSV UTF-8 ».")) from broken
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), [_("Fichier lu en Windows-1252 : vérifiez les accents ci-dessous.")]
    except UnicodeDecodeError as broken:
        raise UnreadableFile(
            _("L’encodage de ce fichier n’est pas reconnu. Enregistrez-le en « CSV UTF-8 ».")
        ) from broken


def read_workbook(content: bytes, most: int = MOST_ROWS) -> RawTable:
    """Read the first sheet of an XLSX. Sizes are checked before anything is unzipped."""
    import openpyxl  # noqa: PLC0415 -- it takes 0.2 s, spent only by a process that reads a workbook
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 -- see above

    broken = _("Ce classeur est abîmé ou protégé. Ouvrez-le, enregistrez-le à nouveau en .xlsx, puis réessayez.")
    try:
        check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it drops
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            if not book.worksheets:
                raise UnreadableFile(_("Ce classeur n’a aucune feuille de tableau."))
            sheet = book.worksheets[0]
            rows, formulas = read_rows(sheet, most)
            notes = [_("Seule la première feuille, « %(name)s », est lue.") % {"name": sheet.title}]
            return rows, formulas, notes if len(book.worksheets) > 1 else []
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, InvalidFileException, OSError, SyntaxError, ArithmeticError, LookupError) as refused:
        raise UnreadableFile(broken) from refused
    except (ValueError, TypeError, AttributeError, RuntimeError, NotImplementedError) as refused:
        raise UnreadableFile(broken) from refused


def check_parts(content: bytes) -> None:
    """Refuse archives that unzip to too much, macros, entities and merged cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
            raise UnreadableFile(
                _("Ce classeur est trop grand une fois ouvert. Gardez seulement la feuille à importer.")
            )
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise UnreadableFile(_("Ce fichier n’est pas un classeur .xlsx."))
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UnreadableFile(_("Ce classeur contient des macros. Enregistrez-le en .xlsx sans macro."))
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                check_part(entry.filename, archive.read(entry))


def check_part(name: str, part: bytes) -> None:
    if DOCTYPE.search(part):
        raise UnreadableFile(
            _("Ce classeur contient des définitions que nous refusons de lire. Enregistrez-le à nouveau.")
        )
    merged = MERGED.search(part) if name.startswith("xl/worksheets/") else None
    if merged:
        place = merged[1].decode()
        raise UnreadableFile(
            _("Des cellules sont fusionnées (%(place)s). Défusionnez-les, puis réessayez.") % {"place": place}
        )


def read_rows(sheet: Any, most: int) -> tuple[list[tuple[int, list[str]]], set[tuple[int, int]]]:
    rows: list[tuple[int, list[str]]] = []
    formulas = set()
    for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        texts = [cell_text(cell.value, cell.number_format or "") for cell in cells]
        formulas |= {(line, index) for index, cell in enumerate(cells) if cell.data_type == "f"}
        if any(texts):
            rows.append((line, texts))
        check_row_count(rows, most)
        if line > 20 * most:
            raise UnreadableFile(
                _("Ce classeur a des milliers de lignes vides. Gardez seulement les lignes à importer.")
            )
    return rows, formulas


def cell_text(value: Any, number_format: str = "") -> str:
    """Return the cell as it is shown: numbers with a comma, days in figures, hours where it has some."""
    shown = NOT_SHOWN.sub("", number_format).casefold()
    match value:
        case None:
            return ""
        case bool():
            return _("oui") if value else _("non")
        case int() | float() if "%" in shown:
            return f"{number_cell(value * 100)} %"
        case int() | float():
            return number_cell(value)
        case datetime():
            value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
            has_hours = value.time() != time() or "h" in shown
            return f"{value:%d/%m/%Y} {clock_cell(value)}" if has_hours else f"{value:%d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
        case time():
            return clock_cell(value)
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return str(value).strip()


def number_cell(value: float) -> str:
    """Return fifteen digits, as a spreadsheet counts: 0.1 + 0.2 is « 0,3 »."""
    return f"{Decimal(f'{value:.15g}'):f}".replace(".", ",") if isinstance(value, float) else str(value)


def clock_cell(value: datetime | time) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def check_row_count(rows: Sequence[Any], most: int) -> None:
    if len(rows) > most + 1:
        raise UnreadableFile(_("Ce fichier a plus de %(n)s lignes. Coupez-le en plusieurs fichiers.") % {"n": most})


def build_table(rows: list[tuple[int, list[str]]], formulas: set[tuple[int, int]], notes: list[str]) -> FileTable:
    """Split header and rows; drop empty lines and refuse those that do not fit the header."""
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise UnreadableFile(_("Ce fichier est vide."))
    header = rows[0][1]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(_("Ce fichier a trop de colonnes."))
    if len(rows) == 1:
        raise UnreadableFile(_("Ce fichier a un en-tête, mais aucune ligne."))
    body = []
    for line, cells in rows[1:]:
        if any(len(cell) > MOST_CELL for cell in cells):
            raise UnreadableFile(_("Une case de la ligne %(line)s est beaucoup trop longue.") % {"line": line})
        if any(cells[len(header) :]):
            raise UnreadableFile(
                _("La ligne %(line)s a plus de cases que l’en-tête : vérifiez les séparateurs.") % {"line": line}
            )
        padded = cells[: len(header)] + [""] * (len(header) - len(cells))
        body.append((line, padded))
        formulas |= {(line, index) for index, cell in enumerate(padded) if cell.startswith(FORMULA)}
    return FileTable(header, body, formulas, notes)
