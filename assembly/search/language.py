"""French text search: accents are ignored, words are compared by their stem."""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value
from django.db.models.expressions import CombinedExpression

CONFIG = "french_unaccent"
FOLLOWED_BY = re.compile(r" <(?:-|\d+)> ")
VERSION = 2  # A new number makes `reindex_search` write every entry again.


def title_vector(title: str, reference: str) -> SearchVector:
    return SearchVector(Value(title), Value(reference), weight="A", config=CONFIG)


def whole_vector(title: str, reference: str, body: str) -> CombinedExpression:
    """Return the vector of an entry: words of the title weigh more than words of the text."""
    return title_vector(title, reference) + SearchVector(Value(body), weight="C", config=CONFIG)


def search_query(query_text: str) -> SearchQuery:
    """Return the query: every word required, "a sentence" as it stands, -word left out, `or` for either."""
    return SearchQuery(french_quotes(query_text), search_type="websearch", config=CONFIG)


class Parsed(SearchQuery):
    """A query as PostgreSQL wrote it: stems between quotes, and the operators between them."""

    template = "(%(expressions)s)::tsquery"


def without_order(understood: str) -> str:
    """Return the same query without the order of its words; empty when it has no order, or excludes a sentence."""
    if "!(" in understood or not FOLLOWED_BY.search(understood):
        return ""
    return FOLLOWED_BY.sub(" & ", understood)


def french_quotes(query_text: str) -> str:
    return query_text.replace("«", '"').replace("»", '"')
