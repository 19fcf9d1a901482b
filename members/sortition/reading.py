"""Reader of POOL.csv and QUOTAS.csv, and writer of the one form that is hashed.

`read_instance()` returns the input of the engine, or raises `InvalidInput` with a French sentence and a row number for
all that is wrong.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from members.sortition.instance import Instance, QuotaLine, Volunteer

ID, HOUSEHOLD = "id", "foyer"
QUOTA_COLUMNS = ("feature", "value", "min", "max")
VALID_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
FORMULA = ("=", "+", "-", "@")
WHOLE_NUMBER = re.compile(r"[0-9]{1,6}")
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class InputProblem:
    """Error in a file. `file`: pool or quotas. `row`: as a spreadsheet counts, the header is 1; None for the file."""

    file: str
    row: int | None
    column: str
    sentence: str

    def __str__(self) -> str:
        place = [f"{self.file}.csv"] + [f"ligne {self.row}"] * bool(self.row)
        return ", ".join(place + [f"colonne « {self.column} »"] * bool(self.column)) + f" : {self.sentence}"


class InvalidInput(ValueError):
    """The files cannot be used for a draw."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        self.problems = tuple(problems)[:MOST_PROBLEMS]
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Sheet:
    """Cells of one file, normalised, with its problems so far. `rows[0]` is row 2 of the file."""

    file: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    problems: list[InputProblem] = field(default_factory=list)

    def note(self, sentence: str, row: int | None = None, column: str = "") -> None:
        self.problems.append(InputProblem(self.file, row, column, sentence))

    def refuse_problems(self) -> None:
        if self.problems:
            raise InvalidInput(self.problems)

    def column(self, name: str) -> list[str]:
        at = self.header.index(name)
        return [row[at] for row in self.rows]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a file of the draw: UTF-8, NFC, LF, no byte order mark, one final newline."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return unicodedata.normalize("NFC", out.getvalue()).encode()


def read_sheet(file: str, content: bytes, columns: Sequence[str]) -> Sheet:
    """Read a file that must have these columns; raise InvalidInput."""
    sheet = Sheet(file)
    text = decode_utf8(sheet, content)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        sheet.note("ce fichier n’est pas un CSV : des guillemets y sont mal fermés.")
        sheet.refuse_problems()
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    cells = [[unicodedata.normalize("NFC", cell.strip()) for cell in line] for line in lines]
    sheet.header, sheet.rows = (cells[0], cells[1:]) if cells else ([], [])
    check_header(sheet, columns)
    for number, row in enumerate(sheet.rows, 2):
        check_row(sheet, number, row)
    sheet.refuse_problems()
    return sheet


def decode_utf8(sheet: Sheet, content: bytes) -> str:
    """Decode UTF-8 only: another encoding, guessed wrong, would change a value by which somebody is drawn."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        sheet.note("ce fichier est en UTF-16. Enregistrez-le en « CSV UTF-8 ».", 1)
        sheet.refuse_problems()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = len(re.split(rb"\r\n|\r|\n", content[: error.start]))
        sheet.note("ce fichier n’est pas en UTF-8 (un accent ne se lit pas). Enregistrez-le en « CSV UTF-8 ».", row)
        raise InvalidInput(sheet.problems) from None


def check_header(sheet: Sheet, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in sheet.header:
            sheet.note("cette colonne manque.", 1, name)
    doubled = sorted({name for name in sheet.header if sheet.header.count(name) > 1})
    for name in doubled:
        sheet.note("cette colonne est là deux fois." if name else "une colonne n’a pas de titre.", 1, name)
    if not sheet.rows:
        sheet.note("ce fichier n’a pas de ligne.")
    sheet.refuse_problems()


def check_row(sheet: Sheet, number: int, row: list[str]) -> None:
    if len(row) != len(sheet.header):
        sheet.note(f"{len(row)} cases pour {len(sheet.header)} colonnes.", number)
        row += [""] * (len(sheet.header) - len(row))
    for name, cell in zip(sheet.header, row, strict=False):
        if cell.startswith(FORMULA):
            sheet.note(f"« {cell[:40]} » est une formule : écrivez sa valeur.", number, name)
        elif any(unicodedata.category(character) == "Cc" for character in cell):
            sheet.note("cette case contient un caractère de contrôle (tabulation, retour à la ligne).", number, name)


def read_quotas(quotas: bytes, seats: int | None = None) -> tuple[QuotaLine, ...]:
    """Read the lines in the order of the file; with `seats`, refuse sums that exclude them. Raise InvalidInput."""
    sheet = read_sheet("quotas", quotas, QUOTA_COLUMNS)
    lines: list[QuotaLine] = []
    for number, row in enumerate(zip(*map(sheet.column, QUOTA_COLUMNS), strict=True), 2):
        feature, value, least, most = row
        if not feature or not value:
            sheet.note("une case est vide.", number, "value" if feature else "feature")
        elif not WHOLE_NUMBER.fullmatch(least) or not WHOLE_NUMBER.fullmatch(most):
            wrong = "max" if WHOLE_NUMBER.fullmatch(least) else "min"
            sheet.note("il faut un nombre entier de sièges.", number, wrong)
        elif int(least) > int(most):
            sheet.note(f"le minimum ({least}) dépasse le maximum ({most}).", number, "min")
        elif (feature, value) in {line.cell for line in lines}:
            sheet.note(f"« {value} » est déjà plus haut.", number, "value")
        else:
            lines.append(QuotaLine(feature, value, int(least), int(most)))
    if seats is not None and not sheet.problems:
        check_sums(sheet, lines, seats)
    sheet.refuse_problems()
    return tuple(lines)


def check_sums(sheet: Sheet, lines: Sequence[QuotaLine], seats: int) -> None:
    if seats < 1:
        sheet.note("il faut au moins un siège.")
    for feature in dict.fromkeys(line.feature for line in lines):
        least = sum(line.minimum for line in lines if line.feature == feature)
        most = sum(line.maximum for line in lines if line.feature == feature)
        if least > seats:
            sheet.note(f"les minimums de « {feature} » font {least}, pour {seats} sièges.", None, "min")
        if most < seats:
            sheet.note(f"les maximums de « {feature} » font {most}, pour {seats} sièges.", None, "max")


def read_pool(pool: bytes, features: Sequence[str] = ()) -> Sheet:
    """Read the pool: every id is there once and can be written in `lots.csv`. Raise InvalidInput."""
    sheet = read_sheet("pool", pool, [ID, *features])
    seen: dict[str, tuple[int, str]] = {}
    for number, one in enumerate(sheet.column(ID), 2):
        earlier = seen.setdefault(one.lstrip("0") if one.isdigit() else one, (number, one))
        if not one:
            sheet.note("il manque un identifiant.", number, ID)
        elif not VALID_ID.fullmatch(one):
            sheet.note(f"« {one[:80]} » : lettres sans accent, chiffres, « . », « _ » et « - » seulement.", number, ID)
        elif earlier[0] != number:
            but = "" if earlier[1] == one else " (aux zéros de tête près)"
            sheet.note(f"« {one} » est déjà ligne {earlier[0]}{but}.", number, ID)
    numbers = {one for one in sheet.column(ID) if one.isdigit()}
    if any(one.startswith("0") for one in numbers) and len({len(one) for one in numbers}) > 1:
        sheet.note("des zéros de tête ont été perdus : un tableur les ôte si la colonne n’est pas du texte.", None, ID)
    sheet.refuse_problems()
    return sheet


def read_instance(pool: bytes, quotas: bytes, seats: int) -> Instance:
    """Read the input of the engine; raise InvalidInput. A blank household is one of its own."""
    lines = tuple(sorted(read_quotas(quotas, seats)))
    features = tuple(sorted({line.feature for line in lines}))
    sheet = read_pool(pool, features)
    known = {line.cell for line in lines}
    for feature in features:
        for number, value in enumerate(sheet.column(feature), 2):
            if (feature, value) not in known:
                values = [other for name, other in sorted(known) if name == feature]
                sheet.note(unknown_value(value, values), number, feature)
    sheet.refuse_problems()
    ids = sheet.column(ID)
    households = sheet.column(HOUSEHOLD) if HOUSEHOLD in sheet.header else [""] * len(ids)
    valued = [tuple(row[sheet.header.index(feature)] for feature in features) for row in sheet.rows]
    # A household that is named like somebody's id is another one: the mark separates them.
    volunteers = [
        Volunteer(one, of, f"={home}" if home else one) for one, of, home in zip(ids, valued, households, strict=True)
    ]
    return Instance(features, lines, tuple(sorted(volunteers)), seats)


def unknown_value(value: str, known: Sequence[str]) -> str:
    """Return what is wrong with a value that has no quota, and what was probably meant."""
    if not value:
        return "cette case est vide."
    for other in known:
        if other.lstrip("0") == value.lstrip("0"):
            return f"« {value} » n’est pas dans les quotas ; un tableur a-t-il ôté un zéro de « {other} » ?"
        if other.casefold() == value.casefold():
            return f"« {value} » n’est pas dans les quotas ; il y a « {other} »."
    return f"« {value} » n’est pas dans les quotas."


def canonical_pool(pool: bytes) -> bytes:
    """Return the pool as it is frozen and hashed: rows sorted by id, columns as they came."""
    sheet = read_pool(pool)
    at = sheet.header.index(ID)
    sheet.rows.sort(key=lambda row: row[at])
    return csv_bytes(sheet.header, sheet.rows)


def canonical_quotas(quotas: bytes) -> bytes:
    """Return the quotas as they are published and hashed: rows and columns as they came."""
    read_quotas(quotas)
    sheet = read_sheet("quotas", quotas, QUOTA_COLUMNS)
    return csv_bytes(sheet.header, sheet.rows)
