"""Menu entries and pending tasks of members in the areas of the site."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.institution import todo
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.known_people import add_known_people
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from assembly.institution.workflows import TERM
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import of_name
from members import queries, rules
from members.enums import MandateState
from members.models import Contact, Mandate

open_area(r"/bureau/personnes/", TEAM_ROLES)
open_area(r"/espace/(membres|moi)/", {Role.MEMBER})

READERS = TEAM_ROLES | {Role.FACILITATOR}
GROUP = gettext_lazy("Assemblée")
add_menu_entry(
    "desk", GROUP, gettext_lazy("Membres et sièges"), "members:member-list", READERS, order=20, icon="people"
)
add_menu_entry(
    "desk", GROUP, gettext_lazy("Personnes sans compte"), "members:person-list", TEAM_ROLES, order=22, icon="person"
)
add_menu_entry(
    "member", "", gettext_lazy("Mes informations"), "members:my-page", [Role.MEMBER], order=70, icon="person-vcard"
)


def name_line(row: dict[str, Any]) -> todo.ToDo:
    name = f"{row['first_name']} {row['last_name']}"
    title = _("Confirmer le nom %(of_name)s") % {"of_name": of_name(name)}
    return todo.ToDo(title, reverse("members:member-page", args=[row["pk"]]))


def proposed_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s personne n’a pas encore répondu", "%(n)s personnes n’ont pas encore répondu", waiting["n"])
    url = f"{reverse('members:member-list')}?etat={MandateState.PROPOSED}"
    return todo.ToDo(label % waiting, url, _("Mandats proposés"))


def accepted_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s mandat accepté est à ouvrir", "%(n)s mandats acceptés sont à ouvrir", waiting["n"])
    return todo.ToDo(label % waiting, reverse("members:member-activate"))


MEMBER = CompiledQuery(queries.member_waiting)
NAME = {"pk": "pk", "first_name": "member__person__first_name", "last_name": "member__person__last_name"}
DESK = todo.PendingLists(
    todo.PendingRows(queries.answers_awaited, {"n": "n"}, proposed_line, due="deadline"),
    todo.PendingRows(queries.ready_to_open, {"n": "n"}, accepted_line),
    todo.PendingRows(queries.names_to_confirm, NAME, name_line),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the pending tasks of the team: answers awaited, mandates to open (one line each), names to confirm."""
    return [DESK] if rules.can_manage(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Yield the pending tasks of a member: charter to accept, question on the image never answered."""
    if not rules.can_see_public_directory(user, term) or not (member := next(MEMBER(user.person_id, term.pk), None)):
        return
    if member.charter and not member.has_accepted:  # type: ignore[attr-defined]  # -- annotated by `member_waiting`
        url = reverse("members:my-charter")
        yield todo.ToDo(
            _("Lisez la charte, puis acceptez-la"),
            url,
            _("Deux minutes"),
            acts=(todo.LineButton(_("Lire la charte"), url),),
        )
    if not member.has_answered_image:  # type: ignore[attr-defined]  # -- see above
        url = reverse("members:my-image")
        yield todo.ToDo(
            _("Êtes-vous d’accord pour être en photo ?"),
            url,
            _("Trois questions, une par usage"),
            acts=(todo.LineButton(_("Répondre"), url),),
        )


def check_drawn(term: Term) -> None:
    """Check that seats were proposed to people of this term, which « tirée au sort » means."""
    if not Mandate.objects.filter(term=term).exists():
        message = _("Enregistrez d’abord les personnes tirées au sort, par exemple par un import.")
        raise ValidationError(message, code="drawn")


def check_seated(term: Term) -> None:
    if not Mandate.objects.filter(term=term, state=MandateState.ACTIVE).exists():
        raise ValidationError(_("Ouvrez d’abord des mandats : personne ne siège encore."), code="seated")


TERM.add_guard("draw", check_drawn)
TERM.add_guard("start", check_seated)
add_to_do("desk", desk_lines)
add_to_do("member", member_lines)

add_known_people(lambda term: Mandate.objects.filter(term__assembly=term.assembly_id).values("member__person"))
add_known_people(lambda term: Contact.objects.filter(assembly=term.assembly_id).values("person"))
