"""Menu entry of the candidates in the back office, and the pending examinations."""

from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext

from assembly.institution import todo
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from draws.enums import CandidateState
from draws.models import Call, Candidate

add_menu_entry(
    "desk",
    gettext_lazy("Assemblée"),
    gettext_lazy("Candidatures"),
    "draws:candidates",
    TEAM_ROLES,
    order=19,
    icon="person-check",
)


def to_examine(user: Any, term: Term | int) -> QuerySet[Any]:
    """Return the call of the term, with the number of candidatures that this person may still examine."""
    waiting = Candidate.objects.filter(call=OuterRef("pk"), state=CandidateState.SUBMITTED).exclude(verdict_by=user.pk)
    counted = waiting.order_by().values("call").annotate(n=Count("pk")).values("n")
    return Call.objects.visible_to(user).filter(term=term).annotate(waiting=Subquery(counted)).filter(waiting__gt=0)


def examine_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Examiner %(n)s candidature", "Examiner %(n)s candidatures", row["n"]) % row
    address = f"{reverse('draws:candidates')}?{urlencode({'etat': CandidateState.SUBMITTED.value})}"
    return todo.ToDo(label, address, gettext_lazy("Deux personnes donnent leur avis"))


EXAMINATIONS = todo.PendingRows(to_examine, {"n": F("waiting")}, examine_line, due="draw_on")
