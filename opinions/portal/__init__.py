"""Opinions in the areas: entries of the menus, pending steps, files to hand over."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, todo
from assembly.institution.areas import open_area
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.handover import add_open_dossiers
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_member, is_team
from assembly.institution.todo import add_to_do
from consultations.queries.desk import gives_visa
from opinions.actions import opinions as actions
from opinions.enums import OpinionState, ServicesCheckState
from opinions.models import Opinion
from opinions.portal import amendments
from opinions.queries.checks import my_requests
from opinions.queries.waiting import for_team, to_sign, to_write

open_area(r"/instructions/preconisations/", DIRECTORATE_ROLES)
open_area(r"/espace/avis/\d+/visa/$", Role)  # the person who chaired the vote, a member or not
open_area(r"/espace/avis/.", TEAM_ROLES | {Role.FACILITATOR, Role.MEMBER})
open_area(r"/espace/(amendements|positions-minoritaires)/", {Role.MEMBER})

S = OpinionState
add_menu_entry(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Avis"),
    "opinions:list",
    TEAM_ROLES | {Role.FACILITATOR},
    order=34,
    icon="chat-left-text",
    under=("/bureau/amendements/",),
)
add_menu_entry(
    "member",
    "",
    gettext_lazy("Avis"),
    "opinions:my-list",
    [Role.MEMBER],
    order=32,
    icon="chat-left-text",
    bar_label=gettext_lazy("Avis"),
    under=("/espace/amendements/", "/espace/positions-minoritaires/"),
)
NEXT_ACTS = {
    S.OUTLINE: gettext_lazy("Confier les textes : %(title)s"),
    S.GROUP_VALIDATED: gettext_lazy("Faire lire l’avis par les directions : %(title)s"),
    S.SERVICES_CHECK: gettext_lazy("Réunir les textes : %(title)s"),
    S.CONSOLIDATED: gettext_lazy("Déposer l’avis : %(title)s"),
    S.ADOPTED: gettext_lazy("Remettre l’avis : %(title)s"),
    S.HANDED_OVER: gettext_lazy("Publier l’avis : %(title)s"),
}


def next_line(opinion: dict[str, Any]) -> todo.ToDo:
    title = NEXT_ACTS[OpinionState(opinion["state"])] % {"title": opinion["title"]}
    return todo.ToDo(title, reverse("opinions:opinion", args=[opinion["pk"]]), opinion["reference"])


def writing_line(section: dict[str, Any]) -> todo.ToDo:
    """Return the line of a text of the reader's group; the lead of the group gets the validation too."""
    url = reverse("opinions:my-section-text", args=[section["opinion"], section["pk"]])
    acts = [todo.LineButton(_("Ouvrir le texte"), url)]
    if section["is_lead"]:
        acts.append(todo.LineButton(_("Valider le texte"), reverse("opinions:section-validate", args=[section["pk"]])))
    title = _("Écrire avec votre groupe : %(title)s") % section
    return todo.ToDo(title, url, section["about"], acts=tuple(acts))


def visa_line(opinion: dict[str, Any]) -> todo.ToDo:
    """Return the line of an adopted opinion whose visa is due from this person, who chaired or reports."""
    title = _("Donner votre visa sur l’avis adopté : %(title)s") % opinion
    return todo.ToDo(title, reverse("opinions:my-visa", args=[opinion["pk"]]), opinion["reference"])


def to_note(user: Any, term: Term | int) -> Any:
    """Return the requests with recommendations to note; at the visa, only for those who may give it."""
    waits = ~Q(state=ServicesCheckState.SUBMITTED) | gives_visa(user)
    return my_requests(user).filter(waits, opinion__term=term, state__in=ServicesCheckState.tagged("open"))


def note_line(request: dict[str, Any]) -> todo.ToDo:
    """Return the line of a request, with the number of notes written, « 3 préconisations notées sur 10 »."""
    at_visa = request["state"] == ServicesCheckState.SUBMITTED
    title = _("À viser, notes sur l’avis : %(title)s") if at_visa else _("Préconisations à noter : %(title)s")
    detail = ngettext(
        "%(done)s préconisation notée sur %(total)s", "%(done)s préconisations notées sur %(total)s", request["done"]
    )
    return todo.ToDo(title % request, reverse("opinions:check", args=[request["pk"]]), detail % request)


TITLED = {name: name for name in ("pk", "title", "reference")}
SECTION = {name: name for name in ("pk", "title", "is_lead")} | {"opinion": "opinion_id", "about": "opinion__title"}
REQUEST = {name: name for name in ("pk", "state", "done", "total")} | {"title": "opinion__title"}
DESK = todo.PendingLists(
    todo.PendingRows(for_team, TITLED | {"state": "state"}, next_line, sort_field="title"), *amendments.DESK
)
MEMBER = todo.PendingLists(
    todo.PendingRows(to_write, SECTION, writing_line, due="opinion__referral__due_on", sort_field="title"),
    todo.PendingRows(to_sign, TITLED, visa_line, sort_field="title"),
    *amendments.MEMBER,
)
DIRECTORATE = todo.PendingLists(todo.PendingRows(to_note, REQUEST, note_line, due="due_on", sort_field="title"))


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the opinions whose next step is the team's, or whose amendments are to be checked."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return what a member has to do: texts to write, visas to give, amendments and positions."""
    return [MEMBER] if is_member(user, term) else []


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [DIRECTORATE]


def followed_by(user: User, term: Term) -> Any:
    """Return the opinions that `user` follows and that have not ended."""
    return Opinion.objects.filter(term=term, officer=user).exclude(state__in=S.tagged("ended")).order_by("pk")


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    """Hand over every opinion of an agent who leaves, and return how many."""
    rows = list(followed_by(user, term).select_related("term"))
    for opinion in rows:
        actions.edit(opinion, by=by, officer=to)
    return len(rows)


add_to_do("desk", desk_lines)
add_to_do("member", member_lines)
add_to_do("directorate", directorate_lines)
add_open_dossiers(handover.OpenDossiers("opinions", gettext_lazy("avis à suivre"), count_files, move_files))
