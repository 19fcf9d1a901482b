"""Sort key of names in dictionary order, word by word: « Élan » after « Eaux », « L’Œuvre » beside « L'Oeuvre ».

Databases sort by code point (`C.UTF-8`), and not every PostgreSQL is built with ICU. The same rule is written twice:
here, and in the SQL function of the same name (`identity.0005`), which is immutable, so that an index may use it.

    rows.order_by("name__alphabetical")  # also in `Meta.ordering`, `Column(order=…)` and across relations
    models.Index("assembly", alphabetical_index("name"), name=…)
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import CharField, Func, TextField, Transform

MARKS = re.compile('[\u0300-\u036f«»“”"]')  # accents, once separated from their letter; quotation marks
WORD_SEPARATORS = re.compile("[’'‐–-]")
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})  # letters that NFKD does not decompose


def alphabetical(text: str) -> str:
    """Return the sort key of `text`: lower case without accents, one space between words."""
    bare = MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(LETTERS)
    return WORD_SEPARATORS.sub(" ", bare).lstrip(" ")


def sort_choices(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort the choices of a field by their labels."""
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))


class Alphabetical(Transform):
    """Transform `name__alphabetical`: the same sort key, computed by PostgreSQL."""

    lookup_name = function = "alphabetical"


CharField.register_lookup(Alphabetical)
TextField.register_lookup(Alphabetical)


def alphabetical_index(name: str) -> Func:
    """Return the expression of this key for an index.

    Migrations write it out as `Func`, because they import no code of the apps.
    """
    return Func(name, function=Alphabetical.function)
