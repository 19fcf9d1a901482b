"""What mail brings to the rooms: the line of the menus, what waits, the latest distributions."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.institution import menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.notifications import queries

menu.add(
    "desk",
    gettext_lazy("Au quotidien"),
    gettext_lazy("Envois"),
    "notifications:distribution-list",
    TEAM_ROLES | {Role.ADMIN},
    order=60,
)
menu.add("member", "", gettext_lazy("Mes messages"), "notifications:message-list", [Role.MEMBER], order=80)


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """People to call, messages to check, letters for the printer: one line for each distribution and reason."""
    if not is_team(user, term):
        return
    for row in queries.people_to_call(term)[:20]:
        title = _("Appeler %(name)s : son courriel est revenu") % {"name": row.recipient_name}
        phone = row.person.phone if row.person else ""
        detail = " · ".join(part for part in (row.distribution.title, phone) if part)
        yield todo.ToDo(title, page_of(row.distribution_id, "a-traiter"), detail)
    waiting = queries.distributions_to_look_at(term)
    for distribution, n in waiting["to_check"]:
        title = ngettext("%(n)s message est à vérifier", "%(n)s messages sont à vérifier", n) % {"n": n}
        yield todo.ToDo(title, page_of(distribution.pk, "a-traiter"), distribution.title)
    for distribution, n in waiting["failed"]:
        title = ngettext("%(n)s message n’est pas parti", "%(n)s messages ne sont pas partis", n) % {"n": n}
        yield todo.ToDo(title, page_of(distribution.pk, "a-traiter"), distribution.title)
    for distribution, n in waiting["to_print"]:
        title = ngettext("Imprimer %(n)s lettre", "Imprimer %(n)s lettres", n) % {"n": n}
        yield todo.ToDo(title, page_of(distribution.pk, "lettres"), distribution.title)
    for distribution, n in waiting["to_hand_over"]:
        title = ngettext("Remettre %(n)s lettre imprimée", "Remettre %(n)s lettres imprimées", n) % {"n": n}
        yield todo.ToDo(title, page_of(distribution.pk, "lettres"), distribution.title)


def page_of(pk: int, tab: str) -> str:
    return f"{reverse('notifications:distribution-page', args=[pk])}?etat={tab}"


todo.register("desk", desk_lines)
