"""Columns of a file: the headers that people write, and what a cell may contain."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

RISKY = ("=", "+", "-", "@", "|", "%")
MIDNIGHT = re.compile(r"(?<=\d)[ T]0?0:00(?::00)?$")  # written by programs behind a day that has no hour


def folded_text(text: str) -> str:
    """Return lower case without accents, tokens separated by one space: the form in which names are compared."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(character for character in flat if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


class InvalidCell(Exception):
    """A cell is invalid; the message says why."""


def choice_of(known: dict[str, Any], text: str, refusal: str) -> str:
    try:
        return str(known[folded_text(text)])
    except KeyError:
        raise InvalidCell(refusal) from None


def text_cell(limit: int) -> Callable[[str], str]:
    def clean(text: str) -> str:
        if text.startswith(RISKY):
            raise InvalidCell(_("Cette case ressemble à une formule. Écrivez sa valeur."))
        if len(text) > limit:
            raise InvalidCell(_("Ce texte est trop long : %(n)s signes au plus.") % {"n": limit})
        return text

    return clean


@dataclass(frozen=True)
class ImportColumn:
    """Column of a file. `headers`: headers in the form of `folded_text`; `title`: header of the model file.
    `clean`: returns the value of a cell, or raises InvalidCell; without it a form judges the text. `required`: there
    is no file without it. `identifies`: with other such columns, identifies the existing row of a line."""

    key: str
    title: Any
    headers: tuple[str, ...]
    clean: Callable[[str], Any] | None = None
    required: bool = False
    identifies: bool = False

    def read(self, text: str, *, is_formula: bool) -> Any:
        """Return the value of a cell; raise InvalidCell."""
        if self.clean is None:
            return text
        if is_formula:
            raise InvalidCell(_("Cette case contient une formule. Remplacez-la par sa valeur."))
        if self.required and not text:
            raise InvalidCell(_("Cette case est vide."))
        return self.clean(text)


def read_header(
    header: list[str], columns: Sequence[ImportColumn]
) -> tuple[dict[int, ImportColumn], list[str], list[str]]:
    """Return columns by index; sentences that stop the import; sentences that only inform."""
    places: dict[int, ImportColumn] = {}
    by_word = {word: column for column in columns for word in column.headers}
    stops, notes = [], []
    for index, title in enumerate(header):
        column = by_word.get(folded_text(title))
        if column is None:
            if title:
                notes.append(_("La colonne « %(title)s » n’est pas lue.") % {"title": title[:40]})
        elif column in places.values():
            stops.append(_("La colonne « %(title)s » est là deux fois.") % {"title": column.title})
        else:
            places[index] = column
    for column in columns:
        if column.required and column not in places.values():
            stops.append(_("La colonne « %(title)s » manque.") % {"title": column.title})
    return places, stops, notes
