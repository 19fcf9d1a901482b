"""Sheet of quotas as people write it, « canton et genre;Auterive, femmes;1;1 », and as the engine hashes it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from assembly.imports.columns import folded_text
from draws.draws.queries.draw import FEATURE_LABELS, value_label
from members.sortition.instance import QuotaLine
from members.sortition.reading import QUOTA_COLUMNS, csv_bytes

COLUMNS = (_("critère"), _("valeur"), _("minimum"), _("maximum"))
KNOWN_COLUMNS = {"critere": "feature", "valeur": "value", "minimum": "min", "maximum": "max"}
KNOWN_COLUMNS |= {"au moins": "min", "au plus": "max", "min": "min", "max": "max"}
FEATURES = {folded_text(label): name for name, label in FEATURE_LABELS.items()}
GENDERS = {"f": "F", "femme": "F", "femmes": "F", "h": "H", "m": "H", "homme": "H", "hommes": "H"}
AGES = re.compile(r"(?:de )?(\d{1,3})(?: ?- ?| a )(\d{1,3})(?: ans)?|(\d{1,3}) ?(?:\+|ans et plus)")


def sheet_rows(lines: Iterable[QuotaLine], names: Mapping[str, str]) -> Iterator[list[object]]:
    """Yield the rows of the table for a spreadsheet, which `engine_quotas` reads again."""
    for line in lines:
        feature = FEATURE_LABELS.get(line.feature, line.feature)
        yield [feature, value_label(line.feature, line.value, names), line.minimum, line.maximum]


def engine_quotas(content: bytes, names: Mapping[str, str]) -> bytes:
    """Return the same lines under the engine’s columns and codes; a file that has them already is unchanged."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content  # the engine refuses it with its own message
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [KNOWN_COLUMNS.get(folded_text(cell), cell) for cell in rows[0]] if rows else []
    if "feature" not in header or set(QUOTA_COLUMNS) <= set(rows[0]):
        return content
    codes = {folded_text(label): code for code, label in names.items()}
    return csv_bytes(header, [engine_cells(header, row, codes) for row in rows[1:] if any(row)])


def engine_cells(header: list[str], row: list[str], codes: Mapping[str, str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    by_column = dict(zip(header, cells, strict=False))
    feature = FEATURES.get(folded_text(by_column.get("feature", "")), by_column.get("feature", ""))
    values = {"feature": feature, "value": engine_value(feature, by_column.get("value", ""), codes)}
    return [values.get(name, cell) for name, cell in zip(header, cells, strict=False)] + cells[len(header) :]


def engine_value(feature: str, text: str, codes: Mapping[str, str]) -> str:
    """Return the code of a value; an unknown one is returned as it is, so that the engine refuses it by name."""
    if feature == "canton_sexe":
        canton, _mark, gender = text.rpartition("," if "," in text else "-")
        letter = GENDERS.get(folded_text(gender))
        return f"{codes.get(folded_text(canton), canton.strip())}-{letter}" if letter else text
    if feature == "sexe":
        return GENDERS.get(folded_text(text), text)
    if feature == "age" and (match := AGES.fullmatch(text.casefold().replace("à", "a").replace("\u00a0", " "))):
        return f"{match[3]}+" if match[3] else f"{match[1]}-{match[2]}"
    return codes.get(folded_text(text), text)
