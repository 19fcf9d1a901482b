"""Contributions of calls: widgets of the public home, public pages, search, messages, audit events."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import term_ids
from assembly.notifications.registry import add_messages
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.web.widgets import Widget, add_widget
from draws.calls.mails import NextCallNews
from draws.calls.queries import extensions_of, public_call
from draws.calls.rules import is_receiving, last_day_in, very_last_day
from draws.models import Call, Draw
from draws.pages import DESK
from draws.representation.data_sets import COMPOSITION_DATA, SEAT_DATA

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
    return Widget("draws/calls/_public_call.html", shown, order=1, position="top" if is_open else "foot")


def representation_link(user: Any, term: Term) -> Widget:
    """Return the link below the profile of members (`members.members`), which does not import this app."""
    return Widget("draws/representation/_link.html", {}, order=31, position="wide")


def pages() -> Iterator[Page]:
    """Yield the pages for the sitemap: who sits, representativeness, and the draws that were announced."""
    yield reverse("draws:public-who-sits"), None
    yield reverse("draws:public-representation"), None
    yield reverse("draws:public-list"), None
    changed = Greatest("announced_at", "drawn_at", "revealed_at", "voided_at")
    rows = Draw.objects.public().of_main_assembly().annotate(changed=changed).order_by("pk")
    for reference, moment in rows.values_list("reference", "changed"):
        yield reverse("draws:public", args=[reference]), moment


class Calls(SearchSource):
    """Index of the call of a term, for its team: candidates are never indexed."""

    kind, order = "call", 26
    name, label = _("Appel à candidatures"), _("Appels à candidatures")

    def objects(self) -> QuerySet[Call]:
        return Call.objects.select_related("term")

    def entries(self, subject: Call) -> Iterable[IndexEntry]:
        yield IndexEntry(
            title=gettext("Appel à candidatures, %(term)s") % {"term": subject.term.name},
            body=subject.decision,
            audience=DESK,
            dated_on=subject.opens_on,
            term_id=subject.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Call]]:
        return {DESK: Call.objects.filter(term__in=term_ids(user, TEAM_ROLES))}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("draws:call")


add_widget("public", call_widget)
add_widget("public", representation_link)
add_data_sets(COMPOSITION_DATA, SEAT_DATA)
add_pages("draws", pages)
add_search_source(Calls)
add_audit_events(
    {"call.prepared": _("a préparé l’appel à candidatures"), "call.changed": _("a changé l’appel à candidatures")}
)
add_messages(NextCallNews)
