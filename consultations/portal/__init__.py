"""Entries of referrals in the areas: menus, to-do lists, referrals to pass on."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution import handover, todo
from assembly.institution.areas import OFFICES, open_area
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.handover import add_open_dossiers
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_team
from assembly.institution.todo import add_to_do
from consultations.actions import referrals as actions
from consultations.enums import ReferralState
from consultations.portal import briefing, self_referrals
from consultations.queries import waiting
from consultations.queries.referrals import followed_by
from consultations.rules.referrals import OFFICE

open_area(r"/bureau/(avis|auto-saisines)/", TEAM_ROLES)
# The office reads the letter before its visa.
open_area(r"/bureau/saisines/\d+/lettre/$", TEAM_ROLES | {Role.FACILITATOR, Role.PRESIDENT})
open_area(r"/instructions/fil/", DIRECTORATE_ROLES | TEAM_ROLES)  # both write in the thread and delete their messages
open_area(r"/instructions/(avis|delegations)/", DIRECTORATE_ROLES)
open_area(r"/espace/saisines/.", TEAM_ROLES | OFFICES | {Role.FACILITATOR, Role.MEMBER})
open_area(r"/espace/sujets/", {Role.MEMBER})

S = ReferralState
add_menu_entry(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Saisines"),
    "consultations:list",
    TEAM_ROLES | {Role.FACILITATOR},
    order=32,
    icon="question-circle",
)
add_menu_entry(
    "member", "", gettext_lazy("Saisines"), "consultations:my-list", [Role.MEMBER], order=30, icon="question-circle"
)
NEXT_STEPS = {
    S.ISSUED: gettext_lazy("Faire recevoir par l’assemblée : %(title)s"),
    S.ACCEPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
    S.ADOPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
}


def next_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, NEXT_STEPS[ReferralState(referral["state"])])


def late_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, _("L’avis de l’assemblée est en retard : %(title)s"))


def close_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, _("Clore la saisine : %(title)s"))


def line(referral: dict[str, Any], label: Any) -> todo.ToDo:
    url = reverse("consultations:referral", args=[referral["pk"]])
    return todo.ToDo(label % {"title": referral["title"]}, url, referral["reference"])


def issue_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:office-referral", args=[referral["pk"]])
    title = _("Émettre la saisine : %(title)s") % {"title": referral["title"]}
    return todo.ToDo(title, url, referral["reference"], acts=(todo.LineButton(_("Lire la lettre"), url),))


# The handover depends on the opinion itself. The day is that of the opinion while it is awaited and near or past.
DESK = todo.PendingLists(
    todo.PendingRows(waiting.to_move, self_referrals.FIELDS, next_line, due=waiting.late_day, sort_field="title"),
    todo.PendingRows(waiting.late_referrals, self_referrals.FIELDS, late_line, due="due_on", sort_field="title"),
    todo.PendingRows(waiting.to_close, self_referrals.FIELDS, close_line, sort_field="title"),
    todo.PendingRows(waiting.studied, self_referrals.STUDIED_FIELDS, self_referrals.study_line, sort_field="title"),
    *briefing.DESK,
)
OFFICE_LISTS = todo.PendingLists(
    todo.PendingRows(
        waiting.waiting_for_office, self_referrals.FIELDS, issue_line, due=waiting.work_ahead, sort_field="title"
    ),
    todo.PendingRows(waiting.admissible, self_referrals.FIELDS, self_referrals.view_line, sort_field="title"),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return what the team must do about each referral: its next step, its pack, its hearings."""
    return [DESK] if is_team(user, term) else []


def office_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the referrals that need the visa of the president's office, the subjects that need the council's view."""
    return [OFFICE_LISTS] if has_role(user, OFFICE, term=term) else []


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.pass_files(followed_by(user, term), to=to, by=by)


add_to_do("desk", desk_lines)
add_to_do("directorate", office_lines)
add_open_dossiers(handover.OpenDossiers("referrals", gettext_lazy("saisines à suivre"), count_files, move_files))
