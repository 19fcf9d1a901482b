"""Reader of a file that somebody sent, CSV or XLSX, whatever program wrote it; nothing in it is trusted.

Pure Python. `read_sheets()` returns each sheet as texts with the line numbers that a spreadsheet shows, or raises
`UnreadableFile` with a sentence that says what to do. Which line is the header is not its business (`columns.py`).
"""

import csv
import io
import re
import time
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time as clock, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.files import child_process
from assembly.files.slow_work import digest_of, run_ahead
from assembly.files.spreadsheets import CHOICES, about_title

MOST_BYTES = 5 * 1024 * 1024
MOST_UNZIPPED = 16 * 1024 * 1024  # of the parts that are read whole: styles, texts
MOST_OF_SHEETS = 512 * 1024 * 1024  # sheets are read row by row, up to their last line with a text
MOST_SECONDS = 10
MORE_BYTES = 20_000  # for so many bytes of a workbook a second more: a worker reads what is long
MOST_SCANNED = 64 * 1024 * 1024  # of sheets in which formulas are looked for
MOST_PARTS = 300
MOST_SHEETS = 20
MOST_MERGED = 1000
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CELL = 10_000  # a longer cell is refused with its line
MOST_TEXT = 8_000_000  # characters of all cells
ABOVE_HEADER = 30  # lines that a title may take
EMPTY_ROWS = 1000  # a sheet ends before so many of them
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
NOT_SHOWN = re.compile(r"\[\$[^\]]*\]|\"[^\"]*\"|\\.")  # of a number format: languages, quoted and escaped signs
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ROOT = re.compile(rb"<[A-Za-z]")
PROLOGUE = 64 * 1024


class UnreadableFile(ValidationError):
    """The file cannot be read; the message says why and what to do."""


@dataclass
class SourceSheet:
    """Sheet of a file. `rows`: line number and cells, without empty rows.

    `formulas`: cells whose formula has no saved result, by line and column index. `headings`: lines that are one
    merged cell. `is_text`: of a CSV.
    """

    title: str
    rows: list[tuple[int, list[str]]]
    formulas: set[tuple[int, int]] = field(default_factory=set)
    headings: set[int] = field(default_factory=set)
    is_text: bool = False

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"formulas": sorted(self.formulas), "headings": sorted(self.headings)}

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "SourceSheet":
        formulas = {(line, index) for line, index in saved["formulas"]}
        rows = [(line, cells) for line, cells in saved["rows"]]
        return cls(**saved | {"rows": rows, "formulas": formulas, "headings": set(saved["headings"])})


@dataclass
class FileTable:
    """Lines of a sheet for a plan. `rows`: line number and cells; `formulas`: of `SourceSheet`; `notes`: what to know.

    `places`: the field that a column holds, by its index. `left_out`: line, cells and reason of what is no line of the
    list. `corrections`: texts that somebody typed instead, by line and field; `for_all`: those of the cells that any
    line lacks, by field.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    formulas: set[tuple[int, int]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    left_out: list[tuple[int, list[str], str]] = field(default_factory=list)
    corrections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    for_all: Mapping[str, str] = field(default_factory=dict)


type Sheets = tuple[list[SourceSheet], list[str]]


def read_sheets(content: bytes, most: int = MOST_ROWS) -> Sheets:
    """Return the sheets with rows, and notes; read without a connection of the database, two files at once."""
    return run_ahead(("table", digest_of(content), most), partial(read_in_turn, content, most))


def read_in_turn(content: bytes, most: int) -> Sheets:
    with child_process.slot():
        return parse_file(content, most)


def parse_file(content: bytes, most: int = MOST_ROWS) -> Sheets:
    """Read a CSV or an XLSX, distinguished by their bytes."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("Ce fichier est trop lourd. Il doit peser au plus 5 Mo."))
    if not content.strip():
        raise UnreadableFile(_("Ce fichier est vide."))
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content, most)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            _(
                "Ce fichier est un ancien classeur (.xls) ou un classeur protégé. "
                "Enregistrez-le en .xlsx, sans mot de passe."
            )
        )
    if content.lstrip()[:5].lower() in (b"<!doc", b"<html", b"<?xml", b"%pdf-"):
        raise UnreadableFile(_("Ce fichier n’est pas un tableau. Enregistrez-le en CSV ou en XLSX."))
    rows, notes = read_text(content, most)
    cut = [(line, [cell[: MOST_CELL + 1] for cell in cells]) for line, cells in rows]
    formulas = {(line, index) for line, cells in cut for index, cell in enumerate(cells) if cell.startswith("=")}
    return with_rows([SourceSheet("", cut, formulas, is_text=True)], notes)


def read_table(content: bytes, most: int = MOST_ROWS) -> FileTable:
    """Return the first sheet as a table below its first row."""
    (sheet, *_others), notes = read_sheets(content, most)
    (_line, cells), *rows = sheet.rows
    header = without_end(cells)
    if len(rows) > most:
        raise UnreadableFile(too_many_rows(most))
    for line, texts in rows:
        check_width(line, texts, header)
    lines = [(line, texts[: len(header)] + [""] * (len(header) - len(texts))) for line, texts in rows]
    return FileTable(header, lines, sheet.formulas, notes)


def without_end(header: list[str]) -> list[str]:
    """Return the header up to its last title."""
    return header[: max((index for index, title in enumerate(header, start=1) if title), default=0)]


def check_width(line: int, cells: list[str], header: list[str]) -> None:
    if any(cells[len(header) :]):
        raise UnreadableFile(
            _("La ligne %(line)s a plus de cases que l’en-tête : vérifiez les séparateurs.") % {"line": line}
        )


def with_rows(sheets: Iterable[SourceSheet], notes: list[str]) -> Sheets:
    """Return the sheets that have more than a header, without those of sentences; raise UnreadableFile without any."""
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise UnreadableFile(_("Ce fichier est vide."))
    if any(any(cells[MOST_COLUMNS:]) for sheet in filled for _line, cells in sheet.rows):
        raise UnreadableFile(_("Ce fichier a trop de colonnes."))
    longer = [sheet for sheet in filled if len(sheet.rows) > 1]
    if not longer:
        raise UnreadableFile(_("Ce fichier a un en-tête, mais aucune ligne."))
    longer = [sheet for sheet in longer if sheet.title not in (CHOICES, about_title())] or longer
    tables = [sheet for sheet in longer if any(sum(map(bool, cells)) > 1 for _line, cells in sheet.rows)]
    return tables or longer, notes


def read_text(content: bytes, most: int = MOST_ROWS) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Return rows and notes of a CSV in UTF-8, UTF-16 with its mark, or Windows-1252, as spreadsheets write here."""
    text, notes = decoded(content)
    if "\x00" in text:
        raise UnreadableFile(
            _(
                "Ce fichier contient des caractères nuls : il est abîmé, ou n’est pas un CSV. "
                "Enregistrez-le en « CSV UTF-8 »."
            )
        )
    first = list(islice((line for line in text.splitlines() if line.strip()), ABOVE_HEADER))
    delimiter = max(";,\t", key=lambda sign: sum(sign in line for line in first))
    if not any(delimiter in line for line in first):
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
            texts = [cell.strip() for cell in cells]
            if any(texts):
                rows.append((line, texts))
            line = reader.line_num + 1
            if len(rows) > most + ABOVE_HEADER:
                raise UnreadableFile(too_many_rows(most))
    except csv.Error as broken:
        raise UnreadableFile(
            _("La ligne %(line)s ne se lit pas : un guillemet n’est pas fermé, ou une case est immense.")
            % {"line": line}
        ) from broken
    return rows, notes


def too_many_rows(most: int) -> str:
    return _("Ce fichier a plus de %(n)s lignes. Coupez-le en plusieurs fichiers.") % {"n": most}


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


def read_workbook(content: bytes, most: int) -> Sheets:
    """Read the visible sheets of an XLSX. Sizes are checked before anything is unzipped."""
    import openpyxl  # noqa: PLC0415 -- it takes 0.2 s, spent only by a process that reads a workbook
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 -- see above

    broken = _("Ce classeur est abîmé ou protégé. Ouvrez-le, enregistrez-le à nouveau en .xlsx, puis réessayez.")
    try:
        check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it drops
            values, *formulas = (
                openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=shown, keep_links=False)
                for shown in ((True, False) if may_have_formulas(content) else (True,))
            )
            return WorkbookReader(content, most).read(values.worksheets, (formulas or [values])[0].worksheets)
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, InvalidFileException, OSError, SyntaxError, ArithmeticError, LookupError) as refused:
        raise UnreadableFile(broken) from refused
    except (ValueError, TypeError, AttributeError, RuntimeError, NotImplementedError) as refused:
        raise UnreadableFile(broken) from refused


def check_parts(content: bytes) -> None:
    """Refuse archives that unzip to too much, macros and entities."""
    too_large = _("Ce classeur est trop grand une fois ouvert. Gardez seulement la feuille à importer.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        sheets = [entry for entry in entries if entry.filename.startswith("xl/worksheets/")]
        whole = sum(entry.file_size for entry in entries) - sum(entry.file_size for entry in sheets)
        if len(entries) > MOST_PARTS or whole > MOST_UNZIPPED:
            raise UnreadableFile(too_large)
        if sum(entry.file_size for entry in sheets) > MOST_OF_SHEETS:
            raise UnreadableFile(too_large)
        names = {entry.filename for entry in entries}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UnreadableFile(
                _("Ce classeur contient des macros (.xlsm). Enregistrez-le en .xlsx, sans macro, puis réessayez.")
            )
        if "xl/workbook.xml" not in names:
            raise UnreadableFile(_("Ce fichier n’est pas un classeur .xlsx. Enregistrez-le en .xlsx, puis réessayez."))
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    start = part.read(PROLOGUE)
                root = ROOT.search(start)
                if root is None and len(start) == PROLOGUE:
                    raise UnreadableFile(too_large)
                if root is None or DOCTYPE.search(start, 0, root.start()):
                    raise UnreadableFile(
                        _("Ce classeur contient des définitions que nous refusons de lire. Enregistrez-le à nouveau.")
                    )


def may_have_formulas(content: bytes) -> bool:
    """Return whether the formulas of a workbook are to be read beside its values, which takes as long again."""
    scanned = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/"):
                continue
            with archive.open(entry) as part:
                end = b""
                while read := part.read(1 << 20):
                    scanned += len(read)
                    if scanned > MOST_SCANNED or FORMULA.search(end + read):
                        return True
                    end = read[-20:]
    return False


class WorkbookReader:
    """Reads the visible sheets of one workbook, up to what all of them may hold and take."""

    def __init__(self, content: bytes, most: int) -> None:
        self.content, self.most = content, most
        self.characters = 0
        self.deadline = time.monotonic() + MOST_SECONDS + len(content) / MORE_BYTES
        self.notes: list[str] = []

    def read(self, values: list[Any], formulas: list[Any]) -> Sheets:
        if not values:
            raise UnreadableFile(_("Ce classeur n’a aucune feuille de tableau."))
        hidden = [f"« {each.title} »" for each in values if each.sheet_state != "visible" and each.title != CHOICES]
        if hidden:
            self.notes.append(_("Feuilles masquées, non lues : %(names)s.") % {"names": ", ".join(hidden)})
        pairs = [pair for pair in zip(values, formulas, strict=True) if pair[0].sheet_state == "visible"]
        if len(pairs) > MOST_SHEETS:
            self.notes.append(_("Seules les %(n)s premières feuilles sont lues.") % {"n": MOST_SHEETS})
        sheets = [self.read_sheet(*pair) for pair in pairs[:MOST_SHEETS]]
        fitting = [sheet for sheet in sheets if len(sheet.rows) <= self.most + ABOVE_HEADER]
        if sheets and not fitting:
            raise UnreadableFile(too_many_rows(self.most))
        if left := [f"« {sheet.title} »" for sheet in sheets if sheet not in fitting]:
            text = _("Feuilles de plus de %(n)s lignes, non lues : %(names)s.")
            self.notes.append(text % {"n": self.most, "names": ", ".join(left)})
        return with_rows(fitting, self.notes)

    def read_sheet(self, values: Any, formulas: Any) -> SourceSheet:
        """Read the rows of one sheet; stop at the first of a thousand empty ones, or one row above the limit."""
        sheet = SourceSheet(values.title, [])
        last = 0
        for each in (values, formulas):
            each.reset_dimensions()  # some programs write wrong ones
        read = values.iter_rows(max_col=MOST_COLUMNS + 1)
        rows: Iterable[tuple[Any, Any]] = ((cells, cells) for cells in read)
        if formulas is not values:
            rows = zip(read, formulas.iter_rows(max_col=MOST_COLUMNS + 1), strict=False)
        for line, (cells, computed) in enumerate(rows, start=1):
            texts = ["" if cell.value is None else cell_text(cell.value, cell.number_format) for cell in cells]
            texts = [text[: MOST_CELL + 1] for text in texts]
            broken = {
                (line, index)
                for index, (cell, formula) in enumerate(zip(cells, computed, strict=False))
                if formula.data_type == "f" and (cell.value is None or cell.data_type == "e")
            }
            if any(texts) or broken:
                last = line
                sheet.rows.append((line, texts))
                sheet.formulas |= broken
            self.check_limits(texts)
            if line > last + EMPTY_ROWS and last:
                text = _("La feuille « %(name)s » a été lue jusqu’à la ligne %(n)s, que mille lignes vides suivent.")
                self.notes.append(text % {"name": sheet.title, "n": last})
            if line > last + EMPTY_ROWS or len(sheet.rows) > self.most + ABOVE_HEADER:
                return sheet  # the end of the part is not unzipped
        self.spread_merged(sheet, values)
        return sheet

    def check_limits(self, texts: list[str]) -> None:
        self.characters += sum(map(len, texts))
        if self.characters > MOST_TEXT:
            raise UnreadableFile(
                _("Ce classeur est trop grand une fois ouvert. Gardez seulement la feuille à importer.")
            )
        if time.monotonic() > self.deadline:
            raise UnreadableFile(_("Ce classeur est trop long à lire. Gardez seulement les lignes à importer."))

    def spread_merged(self, sheet: SourceSheet, values: Any) -> None:
        """Give each line of a merged cell its value, and note the lines that are one merged cell."""
        from openpyxl.utils import column_index_from_string  # noqa: PLC0415 -- see `read_workbook`

        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            part = values._worksheet_path  # noqa: SLF001 -- openpyxl drops merged cells where it reads row by row
            if archive.getinfo(part).file_size > MOST_UNZIPPED:
                return
            merged = [[each.decode() for each in match.groups()] for match in MERGED.finditer(archive.read(part))][
                :MOST_MERGED
            ]
        lines = dict(sheet.rows)
        for left, first, right, last in merged:
            index, width = column_index_from_string(left) - 1, column_index_from_string(right)
            cells = lines.get(int(first))
            if cells is None or index >= len(cells) or not cells[index]:
                continue
            if width > index + 1 and sum(map(bool, cells)) == 1:
                sheet.headings.add(int(first))
            for line, below in lines.items():
                if int(first) < line <= int(last) and not below[index]:
                    below[index] = cells[index]


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
            has_hours = value.time() != clock() or "h" in shown
            return f"{value:%d/%m/%Y} {clock_cell(value)}" if has_hours else f"{value:%d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
        case clock():
            return clock_cell(value)
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return str(value).replace("\x00", "").strip()


def number_cell(value: float) -> str:
    """Return fifteen digits, as a spreadsheet counts: 0.1 + 0.2 is « 0,3 »."""
    return f"{Decimal(f'{value:.15g}'):f}".replace(".", ",") if isinstance(value, float) else str(value)


def clock_cell(value: datetime | clock) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
