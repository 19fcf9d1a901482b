"""What mail brings to the rooms: the line of the menus, what waits, the latest distributions."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from assembly.institution import menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.notifications import queries
from assembly.notifications.enums import DeliveryState as S
from assembly.notifications.enums import Way

TO_CHECK = ngettext_lazy("%(n)s message est à vérifier", "%(n)s messages sont à vérifier", "n")
FAILED = ngettext_lazy("%(n)s message n’est pas parti", "%(n)s messages ne sont pas partis", "n")
TO_PRINT = ngettext_lazy("Imprimer %(n)s lettre", "Imprimer %(n)s lettres", "n")
TO_HAND_OVER = ngettext_lazy("Remettre %(n)s lettre imprimée", "Remettre %(n)s lettres imprimées", "n")

menu.add(
    "desk",
    gettext_lazy("Au quotidien"),
    gettext_lazy("Envois"),
    "notifications:distribution-list",
    TEAM_ROLES | {Role.ADMIN},
    order=60,
    icon="envelope",
)
menu.add(
    "member", "", gettext_lazy("Mes messages"), "notifications:message-list", [Role.MEMBER], order=80, icon="envelope"
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """People to call, messages to check, letters for the printer: one line for each distribution and reason."""
    if not is_team(user, term):
        return
    waiting = queries.waiting_for_team(term)
    for row in waiting.calls:
        title = _("Appeler %(name)s : son courriel est revenu") % {"name": row["name"]}
        detail = " · ".join(part for part in (row["title"], row["phone"].replace(" ", "\u00a0")) if part)
        yield todo.ToDo(title, page_of(row["distribution"], "a-traiter"), detail)
    yield from lines(waiting.of(S.TO_CHECK), "a-traiter", TO_CHECK)
    yield from lines(waiting.of(S.FAILED), "a-traiter", FAILED)
    yield from lines(waiting.of(S.QUEUED, Way.PAPER), "lettres", TO_PRINT)
    yield from lines(waiting.of(S.PRINTED), "lettres", TO_HAND_OVER)


def lines(rows: Iterable[dict[str, Any]], tab: str, words: Any) -> Iterable[todo.ToDo]:
    for row in rows:
        yield todo.ToDo(words % {"n": row["n"]}, page_of(row["distribution"], tab), row["title"])


def page_of(pk: int, tab: str) -> str:
    return f"{reverse('notifications:distribution-page', args=[pk])}?etat={tab}"


todo.register("desk", desk_lines)
