"""Term of a page: that of its object, else the one that address or form names, else the chosen one.

The switcher chooses a term for the whole browser. A page of another term adds that one to the addresses of its links
(`?mandature=3`) and to each of its forms (`{% csrf_token %}` writes it), so that two terms stay apart in two tabs, and
a form writes in the term in which it was shown.
"""

import re
from collections import deque
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db.models import ForeignKey, Model
from django.http import HttpRequest

from assembly.identity.models import Person, User
from assembly.institution.models import Assembly, Directorate, Term
from assembly.text.untrusted_input import whole_number
from assembly.web.idempotency import SAFE_METHODS, TERM_FIELD

CHOSEN = "term"  # in the session
NOT_OBJECTS = (Assembly, Directorate, Person, User)
LONGEST, MOST_WAYS = 5, 12  # keys between an object and its term; paths that are tried
LINK = re.compile(r'(\s(?:href|action|formaction|hx-get|hx-post)=")(/(?:bureau|espace|instructions)/[^"]*)"')
SEARCH = re.compile(r'<form\b[^>]*\smethod="get"[^>]*>')
OF_AN_OBJECT = re.compile(r"/\d+/")


def chosen_term(request: HttpRequest, terms: list[Term]) -> Term:
    """Return the term of the switcher, else the first of `terms`."""
    chosen = request.session.get(CHOSEN)
    return next((term for term in terms if term.pk == chosen), terms[0])


def named_key(request: HttpRequest) -> int | None:
    """Return the key of a term in the form or in the address, if there is one; -1 for a text that is no key."""
    sent = {} if request.method in SAFE_METHODS else request.POST
    name = sent.get(TERM_FIELD) or request.GET.get(TERM_FIELD)
    return None if name is None else whole_number(name)


def show_term(request: HttpRequest, term: Term, terms: list[Term]) -> None:
    """Set `term` as the term of this page, for a reader who works in several ones (`terms`).

    `page_term`: the term in the header. `form_term`: the one that `{% csrf_token %}` writes. `link_term`: the one that
    `TermMiddleware` adds. The last two are None for a term in which the reader does not work and may only read
    objects.
    """
    if len(terms) > 1:
        works_in = term if term in terms else None
        links = None if term == chosen_term(request, terms) else works_in
        request.__dict__.update(page_term=term, form_term=works_in, link_term=links)


def term_of_context(context: Mapping[str, Any], terms: list[Term]) -> Term | None:
    """Return the term of the object that a page shows: the `term` of the context, else that of a first row."""
    if isinstance(term := context.get("term"), Term):
        return term
    rows = (value for value in context.values() if isinstance(value, Model) and not isinstance(value, NOT_OBJECTS))
    keys = (key for key in map(term_key_of, rows) if key is not None)
    if (key := next(keys, None)) is None:
        return None
    return next((term for term in terms if term.pk == key), None) or Term.objects.filter(pk=key).first()


def term_key_of(row: Model) -> int | None:
    """Return the key of the term of a row, by the foreign keys of its model."""
    if isinstance(row, Term):
        return row.pk
    ways = ways_to_term(type(row))
    if not ways or row.pk is None:
        return None
    if ways[0] == ("term",):
        return row.term_id  # type: ignore[attr-defined]  # -- the key that the path names
    rows = type(row)._base_manager.filter(pk=row.pk)
    values = rows.values_list(*(f"{'__'.join(way)}_id" for way in ways)).first() or ()
    return next((key for key in values if key is not None), None)


@cache
def ways_to_term(model: type[Model]) -> list[tuple[str, ...]]:
    """Return the foreign keys from a model to its term, shortest paths first; one path only where it is never null."""
    waiting: deque[tuple[tuple[str, ...], tuple[type[Model], ...], bool]] = deque([((), (model,), True)])
    ways: list[tuple[str, ...]] = []
    while waiting and len(ways) < MOST_WAYS:
        way, models, is_sure = waiting.popleft()
        keys = [field for field in models[-1]._meta.concrete_fields if isinstance(field, ForeignKey)]
        for field in keys:
            target, always = field.related_model, is_sure and not field.null
            if target is Term and always:
                return [(*way, field.name)]
            if target is Term:
                ways.append((*way, field.name))
            elif target not in models and not issubclass(target, NOT_OBJECTS) and len(way) < LONGEST:
                waiting.append(((*way, field.name), (*models, target), always))
    return ways


def with_term(url: str, term: Term) -> str:
    """Add the term to an address of the back office, the members or the directorates.

    Any other address, and that of an object, is returned as it is.
    """
    parts = urlsplit(url)
    is_outside = parts.netloc or not parts.path.startswith(("/bureau/", "/espace/", "/instructions/"))
    if is_outside or OF_AN_OBJECT.search(parts.path) or f"{TERM_FIELD}=" in parts.query:
        return url
    query = "&".join(filter(None, [parts.query, urlencode({TERM_FIELD: term.pk})]))
    return urlunsplit(parts._replace(query=query))


def without_term(url: str) -> str:
    """Return the address without its term."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != TERM_FIELD]
    return urlunsplit(parts._replace(query=urlencode(query)))


def add_term_to_links(html: str, term: Term) -> str:
    """Add the term to the links and the search forms of a page."""

    def link(match: re.Match[str]) -> str:
        return f'{match[1]}{with_term(match[2].replace("&amp;", "&"), term).replace("&", "&amp;")}"'

    hidden = f'<input type="hidden" name="{TERM_FIELD}" value="{term.pk}">'
    return SEARCH.sub(lambda match: match[0] + hidden, LINK.sub(link, html))
