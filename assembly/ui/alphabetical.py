"""Names in the order of a dictionary, word by word: « Élan » after « Eaux », « L’Œuvre » beside « L'Oeuvre ».

Databases sort by code point (`C.UTF-8`), and no PostgreSQL is sure to have ICU. The key is made twice by one rule:
here, and by the SQL function of the same name (`identity.0005`), which is immutable, so that an index may hold it.

    rows.order_by("name__alphabetical")  # also in `Meta.ordering`, `Column(order=…)` and across relations
    models.Index("assembly", alphabetical_index("name"), name=…)
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import CharField, Func, TextField, Transform

MARKS = re.compile('[\u0300-\u036f«»“”"]')  # accents, once parted from their letter; quotation marks
BETWEEN_WORDS = re.compile("[’'‐–-]")
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})  # accents that no rule parts


def alphabetical(text: str) -> str:
    """The key of `text`: small letters without accents, a space between words."""
    bare = MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(LETTERS)
    return BETWEEN_WORDS.sub(" ", bare).lstrip(" ")


def by_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices of a field in the order of what is read."""
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))


class Alphabetical(Transform):
    """`name__alphabetical`: the same key, by PostgreSQL."""

    lookup_name = function = "alphabetical"


CharField.register_lookup(Alphabetical)
TextField.register_lookup(Alphabetical)


def alphabetical_index(name: str) -> Func:
    """As a part of an index. Migrations write it out as `Func`, for they import no code of ours."""
    return Func(name, function=Alphabetical.function)
