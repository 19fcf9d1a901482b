"""French text search: accents do not count, words meet by their stem."""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value
from django.db.models.expressions import CombinedExpression

CONFIG = "french_unaccent"
FOLLOWED_BY = re.compile(r" <(?:-|\d+)> ")
VERSION = 2  # another number makes every entry be written again by `reindex_search`


def title_vector(title: str, reference: str) -> SearchVector:
    return SearchVector(Value(title), Value(reference), weight="A", config=CONFIG)


def whole_vector(title: str, reference: str, body: str) -> CombinedExpression:
    """Words of the title weigh more than words of the text."""
    return title_vector(title, reference) + SearchVector(Value(body), weight="C", config=CONFIG)


def search_query(words: str) -> SearchQuery:
    """What somebody typed: every word is wanted, "a sentence" as it stands, -word left out, `or` for either."""
    return SearchQuery(french_quotes(words), search_type="websearch", config=CONFIG)


class Parsed(SearchQuery):
    """A question as PostgreSQL wrote it: stems between quotes, and what joins them."""

    template = "(%(expressions)s)::tsquery"


def loosened(understood: str) -> str:
    """The same question without the order of its words; empty when it asks for none, or leaves such words out."""
    if "!(" in understood or not FOLLOWED_BY.search(understood):
        return ""
    return FOLLOWED_BY.sub(" & ", understood)


def french_quotes(words: str) -> str:
    """French quotes are quotes."""
    return words.replace("«", '"').replace("»", '"')
