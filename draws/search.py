"""Draws in the search: announced ones for anybody; for the team also those in preparation, and the call."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from draws.models import Call, Draw

DESK, PUBLIC = "desk", "public"


class Draws(SearchSource):
    """Index of the text of the public page: title, term, place. No name of anybody who was drawn."""

    kind, order = "draw", 25
    name, label = gettext_lazy("Tirage au sort"), gettext_lazy("Tirages au sort")

    def objects(self) -> QuerySet[Draw]:
        return Draw.objects.select_related("call__term", "within_term")

    def entries(self, subject: Draw) -> Iterable[IndexEntry]:
        moment = subject.drawn_at or subject.takes_place_at or subject.announced_at
        shared: dict[str, Any] = {
            "title": subject.title or _("Tirage au sort %(reference)s") % {"reference": subject.reference},
            "body": "\n".join(filter(None, [_("Tirage au sort"), subject.term.name, subject.place])),
            "reference": subject.reference,
            "dated_on": timezone.localdate(moment) if moment else None,
            "term_id": subject.term_id,
        }
        yield IndexEntry(audience=DESK, **shared)
        if subject.announced_at:
            yield IndexEntry(audience=PUBLIC, **shared)

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Draw]]:
        own = Draw.objects.visible_to(user)
        return {DESK: own, PUBLIC: Draw.objects.public().of_main_assembly().exclude(pk__in=own.values("pk"))}

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == PUBLIC:
            return reverse("draws:public", args=[entry.reference])
        return reverse("draws:draw", args=[entry.object_id])


class Calls(SearchSource):
    """Index of the call of a term, for its team: candidates are never indexed."""

    kind, order = "call", 26
    name, label = gettext_lazy("Appel à candidatures"), gettext_lazy("Appels à candidatures")

    def objects(self) -> QuerySet[Call]:
        return Call.objects.select_related("term")

    def entries(self, subject: Call) -> Iterable[IndexEntry]:
        yield IndexEntry(
            title=_("Appel à candidatures, %(term)s") % {"term": subject.term.name},
            body=subject.decision,
            audience=DESK,
            dated_on=subject.opens_on,
            term_id=subject.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Call]]:
        return {DESK: Call.objects.filter(term__in=term_ids(user, TEAM_ROLES))}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("draws:call")


add_search_source(Draws)
add_search_source(Calls)
