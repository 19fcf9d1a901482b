"""Widgets of the call on the public home: the link to the form while it is open, then the notice that it is closed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.models import Term
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from draws.models import Draw
from draws.queries.calls import extensions_of, public_call
from draws.rules.calls import is_receiving, last_day_in, very_last_day

SHOWN_FOR = timedelta(days=60)


def call_widget(user: Any, term: Term) -> Widget | None:
    """Return the widget of the call; None before it opens and long after it closed."""
    call, today = public_call(), timezone.localdate()
    if call is None or today < call.opens_on:
        return None
    extensions = extensions_of(call)
    is_open = is_receiving(call, extensions, today)
    if not is_open and very_last_day(call, extensions) < today - SHOWN_FOR:
        return None
    shown = {"call": call, "is_open": is_open, "until": last_day_in(call, extensions, None)}
    return Widget("draws/_public_call.html", shown, order=1)


def representation_link(user: Any, term: Term) -> Widget:
    """Return the link below the profile of members (`members.widgets.composition`), which does not import this app."""
    return Widget("draws/_representation_link.html", {}, order=31, position="wide")


def pages() -> Iterator[Page]:
    """Yield the pages for the sitemap: representativeness, and every draw that was announced."""
    yield reverse("draws:public-representation"), None
    changed = Greatest("announced_at", "drawn_at", "revealed_at", "voided_at")
    rows = Draw.objects.public().of_main_assembly().annotate(changed=changed).order_by("pk")
    for reference, moment in rows.values_list("reference", "changed"):
        yield reverse("draws:public", args=[reference]), moment


add_pages("draws", pages)
add_widget("public", call_widget)
add_widget("public", representation_link)
