"""What members bring to the rooms: lines of the menus, and what waits."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.institution import known_people, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.workflows import TERM
from members import queries, rules
from members.enums import MandateState
from members.models import Contact, Mandate

READERS = TEAM_ROLES | {Role.FACILITATOR}
GROUP = gettext_lazy("Assemblée")
menu.add("desk", GROUP, gettext_lazy("Membres et sièges"), "members:member-list", READERS, order=20, icon="people")
menu.add(
    "desk", GROUP, gettext_lazy("Personnes sans compte"), "members:person-list", TEAM_ROLES, order=22, icon="person"
)
menu.add(
    "member", "", gettext_lazy("Mes informations"), "members:own-page", [Role.MEMBER], order=70, icon="person-vcard"
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Answers awaited, mandates to open, names to confirm: one line each, for the team."""
    if not rules.can_manage(user, term):
        return
    waiting = queries.desk_waiting(term)
    listed = reverse("members:member-list")
    if n := waiting["proposed"]:
        title = ngettext("%(n)s personne n’a pas encore répondu", "%(n)s personnes n’ont pas encore répondu", n)
        url = f"{listed}?etat={MandateState.PROPOSED}"
        yield todo.ToDo(title % {"n": n}, url, _("Mandats proposés"), due_on=waiting["deadline"])
    if n := waiting["accepted"]:
        title = ngettext("%(n)s mandat accepté est à ouvrir", "%(n)s mandats acceptés sont à ouvrir", n) % {"n": n}
        yield todo.ToDo(title, reverse("members:member-activate"))
    for asked in waiting["names"]:
        title = _("Confirmer le nom de %(first_name)s %(last_name)s") % asked
        yield todo.ToDo(title, reverse("members:member-page", args=[asked["pk"]]))


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Charter to accept, question on the image never answered."""
    member = queries.member_waiting(user, term) if rules.can_see_public_directory(user, term) else None
    if member is None:
        return
    if member.charter and not member.has_accepted:  # type: ignore[attr-defined]  # -- told by `member_waiting`
        url = reverse("members:own-charter")
        yield todo.ToDo(
            _("Lisez la charte, puis acceptez-la"),
            url,
            _("Deux minutes"),
            acts=(todo.LineButton(_("Lire la charte"), url),),
        )
    if not member.has_answered_image:  # type: ignore[attr-defined]  # -- see above
        url = reverse("members:own-image")
        yield todo.ToDo(
            _("Êtes-vous d’accord pour être en photo ?"),
            url,
            _("Trois questions, une par usage"),
            acts=(todo.LineButton(_("Répondre"), url),),
        )


def somebody_was_drawn(term: Term) -> None:
    """« Tirée au sort » means that seats were proposed to people of this term."""
    if not Mandate.objects.filter(term=term).exists():
        words = _("Enregistrez d’abord les personnes tirées au sort, par exemple par un import.")
        raise ValidationError(words, code="drawn")


def somebody_sits(term: Term) -> None:
    if not Mandate.objects.filter(term=term, state=MandateState.ACTIVE).exists():
        raise ValidationError(_("Ouvrez d’abord des mandats : personne ne siège encore."), code="seated")


TERM.guard("draw", somebody_was_drawn)
TERM.guard("start", somebody_sits)
todo.register("desk", desk_lines)
todo.register("member", member_lines)

known_people.register(lambda term: Mandate.objects.filter(term__assembly=term.assembly_id).values("member__person"))
known_people.register(lambda term: Contact.objects.filter(assembly=term.assembly_id).values("person"))
