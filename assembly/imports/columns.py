"""Which line of a sheet is its header, and which column holds which field: by label, synonym, content, earlier choice.

Nothing here is final: the page of the columns shows every guess, and what somebody chose there comes first next time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.files.spreadsheets import NOTE
from assembly.imports.cells import InvalidCell, folded_text
from assembly.imports.plan import ImportColumn
from assembly.imports.synonyms import are_synonyms, header_tokens
from assembly.imports.tables import (
    ABOVE_HEADER,
    FileTable,
    SourceSheet,
    UnreadableFile,
    check_width,
    too_many_rows,
    without_end,
)

SAMPLES = 3
CHECKED = 20  # values of a column that are compared with the content of a field
NONSENSE = ("§ zq §", "Zyx Wv")  # whatever reads one of them reads nearly any text
FIGURES = re.compile(r"[-−+\d\s.,%€]*")


class Match(IntEnum):
    """How well a header fits a field."""

    NONE = 0
    CONTENT = 1
    PART = 2
    SYNONYM = 3
    LABEL = 4
    EXACT = 5
    CHOSEN = 6


@dataclass
class SheetColumn:
    """Column of a sheet. `key`: the field it holds, empty for none; `match`: how that is known."""

    index: int
    title: str
    values: list[str]
    key: str = ""
    match: Match = Match.NONE

    @property
    def label(self) -> str:
        """Return the header, else the letters that a spreadsheet shows."""
        first, last = divmod(self.index, 26)
        letters = (chr(64 + first) if first else "") + chr(65 + last)
        return self.title or _("Colonne %(letters)s, sans titre") % {"letters": letters}

    @property
    def samples(self) -> list[str]:
        return self.values[:SAMPLES]

    @property
    def header_key(self) -> str:
        """Return the form in which a choice is remembered."""
        return folded_text(self.title)[:120]


@dataclass
class SheetColumns:
    """Columns of a sheet below its header. `position`: index of the header in its rows."""

    sheet: SourceSheet
    position: int
    columns: list[SheetColumn] = field(default_factory=list)

    @property
    def header_line(self) -> int:
        return self.sheet.rows[self.position][0]

    def chosen(self) -> dict[int, str]:
        return {column.index: column.key for column in self.columns if column.key}

    def twice(self) -> set[str]:
        """Return the fields that two columns hold."""
        keys = [column.key for column in self.columns if column.key]
        return {key for key in keys if keys.count(key) > 1}

    def is_sure(self, columns: Sequence[ImportColumn]) -> bool:
        """Return whether nobody has to be asked: every header is a label of a field, or was chosen before."""
        has_all = {column.key for column in columns if column.required} <= set(self.chosen().values())
        return has_all and not self.twice() and all(one.match >= Match.EXACT for one in self.columns)


@lru_cache(maxsize=2048)
def label_parts(title: str, headers: tuple[str, ...]) -> tuple[set[str], tuple[str, ...], list[tuple[str, ...]]]:
    """Return the labels of a field as they are compared, and their words."""
    return {folded_text(title), *headers}, header_tokens(title), [header_tokens(header) for header in headers]


def header_match(title: str, column: ImportColumn) -> Match:
    return best_match(title, [column])


def best_match(title: str, columns: Sequence[ImportColumn]) -> Match:
    """Return how well a header fits the field that it fits best."""
    folded, tokens = folded_text(title), header_tokens(title)
    return max((match_of(folded, tokens, column) for column in columns), default=Match.NONE)


def match_of(folded: str, tokens: tuple[str, ...], column: ImportColumn) -> Match:
    labels, known, others = label_parts(str(column.title), column.headers)
    if folded in labels:
        return Match.EXACT
    if not tokens:
        return Match.NONE
    if tokens == known:
        return Match.LABEL
    if are_synonyms(tokens, known) or any(are_synonyms(tokens, other) for other in others):
        return Match.SYNONYM
    return Match.PART if set(tokens) < set(known) or set(known) < set(tokens) else Match.NONE


def header_position(sheet: SourceSheet, columns: Sequence[ImportColumn]) -> int:
    """Return the row whose cells fit most fields; without any, the fullest of the first rows."""

    def fit(position: int) -> tuple[int, int, int]:
        cells = [cell for cell in sheet.rows[position][1] if cell]
        best = [best_match(cell, columns) for cell in cells]
        return sum(best) if len(cells) > 1 else 0, len(cells), -position

    return max(range(max(1, min(ABOVE_HEADER, len(sheet.rows) - 1))), key=fit)


def accepts(column: ImportColumn, text: str) -> bool:
    try:
        column.check(text)
    except (InvalidCell, ValidationError):
        return False
    return True


def reads_anything(column: ImportColumn) -> bool:
    return any(accepts(column, text) for text in NONSENSE)


def share_accepted(column: ImportColumn, values: Sequence[str]) -> float:
    """Return the share of values that the field reads; 0 for a field that reads any text."""
    if not values or reads_anything(column):
        return 0
    return sum(accepts(column, value) for value in values) / len(values)


def guess_columns(
    sheet: SourceSheet, columns: Sequence[ImportColumn], remembered: Mapping[str, str], line: int | None = None
) -> SheetColumns:
    """Return the columns of a sheet, with the field that each probably holds. `line`: of its header, if known."""
    lines = [number for number, _cells in sheet.rows]
    position = lines.index(line) if line in lines else header_position(sheet, columns)
    guess = SheetColumns(sheet, position)
    header = sheet.rows[position][1]
    below = [cells for _line, cells in sheet.rows[position + 1 :]]
    width = max(len(header), *map(len, below)) if below else len(header)
    for index in range(width):
        title = header[index] if index < len(header) else ""
        values = list(dict.fromkeys(cells[index] for cells in below if index < len(cells) and cells[index]))
        if title or values:
            guess.columns.append(SheetColumn(index, title, values[:CHECKED]))
    assign_by_header(guess, columns, remembered)
    assign_by_content(guess, columns)
    return guess


def assign_by_header(guess: SheetColumns, columns: Sequence[ImportColumn], remembered: Mapping[str, str]) -> None:
    """Give each column the field that its header fits best, best fits first; two equal fits are both shown."""
    known = {column.key: column for column in columns}
    fits: list[tuple[Match, SheetColumn, str]] = []
    for one in guess.columns:
        choice = remembered.get(one.header_key)
        if one.title and choice is not None and (choice in known or not choice):
            one.key, one.match = choice, Match.CHOSEN
            continue
        for column in columns if one.title else []:
            match = header_match(one.title, column)
            if match and fits_content(match, column, one.values):
                fits.append((match, one, column.key))
    taken = {one.key: one.match for one in guess.columns if one.key}
    for match, one, key in sorted(fits, key=lambda fit: -fit[0]):
        if not one.match and taken.get(key, match) == match:
            one.key, one.match, taken[key] = key, match, match
    for key in guess.twice():  # a column without a value is no rival
        for one in [one for one in guess.columns if one.key == key and not one.values]:
            if key in guess.twice():
                one.key, one.match = "", Match.EXACT


def fits_content(match: Match, column: ImportColumn, values: Sequence[str]) -> bool:
    """Return whether the content does not contradict the header; of a label only where the field is strict."""
    if not values or (match >= Match.LABEL and not column.strict) or reads_anything(column):
        return True
    return share_accepted(column, values) >= 0.5


def assign_by_content(guess: SheetColumns, columns: Sequence[ImportColumn]) -> None:
    """Give a column the one field that is still free and reads nearly all of its values."""
    taken = set(guess.chosen().values())
    free = [column for column in columns if column.key not in taken and not column.strict]
    fitting = {
        one.index: [column.key for column in free if share_accepted(column, one.values) >= 0.8]
        for one in guess.columns
        if not one.match
    }
    for one in guess.columns:
        keys = fitting.get(one.index, [])
        if len(keys) == 1 and sum(keys == others for others in fitting.values()) == 1:
            one.key, one.match = keys[0], Match.CONTENT


def table_of(columns: SheetColumns, most: int) -> FileTable:
    """Return the lines below the header that are lines of the list, and say which are not, and why."""
    sheet, position = columns.sheet, columns.position
    header = without_end(sheet.rows[position][1])
    table = FileTable(header, [], sheet.formulas, places=columns.chosen())
    if position:
        table.notes.append(
            _("L’en-tête est à la ligne %(line)s : rien n’est lu au-dessus.") % {"line": columns.header_line}
        )
    is_below_total = False
    for line, cells in sheet.rows[position + 1 :]:
        texts = [cell for cell in cells if cell]
        if sheet.is_text:
            check_width(line, cells, header)
        if len(texts) == 1 and texts[0].startswith(NOTE.strip()):
            continue
        if repeats(header, cells):
            table.notes.append(_("La ligne %(line)s répète l’en-tête : elle n’est pas lue.") % {"line": line})
        elif is_total(texts):
            is_below_total = True
            table.left_out.append((line, cells, _("C’est une ligne de total.")))
        elif line in sheet.headings or (is_below_total and len(texts) == 1 < len(header)):
            table.left_out.append((line, cells, _("C’est un titre ou une remarque, pas une ligne de la liste.")))
        else:
            table.rows.append((line, cells + [""] * (len(header) - len(cells))))
    if len(table.rows) > most:
        raise UnreadableFile(too_many_rows(most))
    return table


def repeats(header: list[str], cells: list[str]) -> bool:
    same = sum(
        1 for title, cell in zip(header, cells, strict=False) if cell and folded_text(cell) == folded_text(title)
    )
    return same > 1 and 2 * same > sum(map(bool, cells))


def is_total(texts: list[str]) -> bool:
    """Return whether a line begins with « Total » and otherwise holds figures."""
    first = folded_text(texts[0]).removeprefix("sous ") if texts else ""
    return first.split(" ")[0] in {"total", "totaux"} and all(FIGURES.fullmatch(text) for text in texts[1:])
