"""Contributions of draws: menus, to-do lines, mails, files, search, audit events."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_documents, add_upload_rules
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry, anywhere
from assembly.institution.models import Term
from assembly.institution.rules import can_enter_member_area, is_team
from assembly.institution.todo import add_to_do
from assembly.notifications.registry import add_messages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from draws.candidates import queries as candidates
from draws.draws.documents import DrawRecord, statement_of_a_draw
from draws.draws.mails import DrawEntryMessage, DrawnReminder
from draws.draws.queries import pending
from draws.draws.queries.pending import contested_draws, day_of_draw, next_acts
from draws.draws.rules import can_see_draws
from draws.models import Draw
from draws.pages import DESK, PUBLIC
from draws.succession.queries import draws_to_call_again

NAMED = {"pk": "pk", "reference": "reference"}
NEXT_ACTS = todo.PendingRows(next_acts, {**NAMED, "act": F("act")}, pending.act_line, due=day_of_draw)
CONTESTATIONS = todo.PendingRows(
    contested_draws, {**NAMED, "n": F("waiting")}, pending.contested_line, due=day_of_draw
)
CALLS = todo.PendingRows(
    draws_to_call_again, {**NAMED, "n": F("calls")}, pending.call_again_line, due=lambda: F("first_day")
)
# One statement lists every pending task of the call and the draw.
LINES = todo.PendingLists(candidates.EXAMINATIONS, NEXT_ACTS, CONTESTATIONS, CALLS)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LINES] if is_team(user, term) else []


class Draws(SearchSource):
    """Index of the text of the public page: title, term, place. No name of anybody who was drawn."""

    kind, order = "draw", 25
    name, label = _("Tirage au sort"), _("Tirages au sort")

    def objects(self) -> QuerySet[Draw]:
        return Draw.objects.select_related("call__term", "within_term")

    def entries(self, subject: Draw) -> Iterable[IndexEntry]:
        moment = subject.drawn_at or subject.takes_place_at or subject.announced_at
        shared: dict[str, Any] = {
            "title": subject.title or gettext("Tirage au sort %(reference)s") % {"reference": subject.reference},
            "body": "\n".join(filter(None, [gettext("Tirage au sort"), subject.term.name, subject.place])),
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


add_menu_entry(
    "desk", _("Assemblée"), _("Tirage au sort"), "draws:list", can_see_draws, order=18, icon="check2-square"
)
add_menu_entry(
    "member",
    "",
    _("Tirages au sort"),
    "draws:my-places",
    anywhere(can_enter_member_area),
    order=65,
    icon="check2-square",
)
add_to_do("desk", desk_lines)
add_messages(DrawEntryMessage, DrawnReminder)
add_documents(DrawRecord)
add_upload_rules(statement_of_a_draw)
add_search_source(Draws)
add_audit_events(
    {
        "draw.begun": _("a commencé un tirage au sort"),
        "draw.internal_begun": _("a commencé un tirage au sort parmi les membres"),
        "draw.computation_cancelled": _("a arrêté un calcul du tirage"),
        "draw.contested": _("a contesté ce que la liste figée dit de sa candidature"),
        "draw.contestation_answered": _("a répondu à une contestation de la liste figée"),
        "mandate.called": _("a noté un appel à la personne tirée au sort"),
        "draw.file_read": _("a téléchargé un fichier réservé du tirage"),
    }
)
