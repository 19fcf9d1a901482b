"""Refusal of text that PostgreSQL cannot store (NUL, lone surrogates), in one place."""

import json
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, QueryDict

from assembly.web import errors

type View = Callable[[HttpRequest], HttpResponse]

UTF_8 = {"utf-8", "utf8", "us-ascii"}


class UnreadableMiddleware:
    """Middleware that answers 400 before any code queries with such a text.

    The address, its query, cookies and headers are checked at once; a form after its CSRF check, since it is offered
    again. Another charset than UTF-8 is refused too: it would decode to lone surrogates, or not at all.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() not in UTF_8:
            return errors.bad_request(request)
        sent = [request.path, *request.headers.values(), *request.COOKIES.values(), *names_and_values(request.GET)]
        return errors.bad_request(request) if any(map(is_unreadable, sent)) else self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        names = [file.name or "" for field in request.FILES for file in request.FILES.getlist(field)]
        sent = [*names_and_values(request.POST), *request.FILES, *names]
        if request.content_type == "application/json" and not is_storable_json(request.body):
            return errors.bad_request(request)
        return errors.unstorable_text(request) if any(map(is_unreadable, sent)) else None


def names_and_values(fields: QueryDict) -> Iterator[str]:
    """Yield every name and every value."""
    for name, values in fields.lists():
        yield name
        yield from map(str, values)


def is_storable_json(body: bytes) -> bool:
    """Return whether the strings within hold neither NUL nor lone surrogates; invalid JSON is left to the view."""
    try:
        written = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return True
    except RecursionError:
        return False
    return "\\u0000" not in written and not is_unreadable(written)


def is_unreadable(text: str) -> bool:
    return "\x00" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text))
