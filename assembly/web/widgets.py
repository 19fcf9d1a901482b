"""Registry of the widgets: what a higher package shows on a page of a lower one, added in its `contributions`.

A page names the place: `{% load widgets %}{% widgets_about "desk-sitting" sitting %}`. Home pages, whose widgets are
cached, are in `assembly.portal.registry`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Widget:
    """Widget of a page: a template of the app, its context (variable `widget`), and its position.

    `position` is `top`, `main`, `sidebar` (narrow), `band` or `wide` (the full width) or `foot` of a home page; on the
    page of one object also the name of one of its parts (`widgets_by_part`); `order` counts within it.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    position: str = "main"


type RenderedWidget = tuple[int, str, SafeString]
type Provider = Callable[[Any, Any], Widget | list[Widget] | None]
_providers: dict[str, list[Provider]] = {}


def add_widget(page: str, provider: Provider) -> None:
    """Add a widget to `public`, `desk`, `member`, `directorate`, or to a page of a package below.

    provider(user, term) returns a Widget, several that come from one query, or None when it has nothing to show; on
    public pages `user` is None. On other pages their object replaces the term (`public-referral`, `mandate`).
    `dossier`: the object of any dossier of the team; `person`: a `Person`; `history`: an object whose history is
    longer than its page shows; `list`: a `ShownList`.
    """
    _providers.setdefault(page, []).append(provider)


def providers_of(page: str) -> list[Provider]:
    return _providers.get(page, [])


def object_widgets(
    page: str, user: Any, subject: Any, page_context: Mapping[str, Any] | None = None
) -> list[SafeString]:
    """Render the widgets of higher packages on the page of one object, in order; read at each request.

    `page_context`: what their templates read of the page beside their own context.
    """
    rows = [widget for each in providers_of(page) for widget in render_widgets(each(user, subject), page_context)]
    return [html for _order, _position, html in sorted(rows, key=itemgetter(0))]


def widgets_by_part(page: str, user: Any, subject: Any) -> dict[str, SafeString]:
    """Render the widgets of higher packages on each part of one object, by the name of the part; of a list, by key."""
    by_part: dict[str, SafeString] = {}
    for each in providers_of(page):
        for _order, part, html in render_widgets(each(user, subject)):
            by_part[part] = by_part.get(part, SafeString()) + html
    return by_part


def render_widgets(
    widgets: Widget | list[Widget] | None, page_context: Mapping[str, Any] | None = None
) -> list[RenderedWidget]:
    """Return order, position and HTML of what one provider returned."""
    shown = [widgets] if isinstance(widgets, Widget) else widgets or []
    context = dict(page_context or {})
    return [
        (widget.order, widget.position, render_to_string(widget.template, context | {"widget": widget.context}))
        for widget in shown
    ]
