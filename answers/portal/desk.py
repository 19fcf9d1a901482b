"""Back office: the board in the menu, and what is pending for the team by opinion."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answers.queries import desk as queries
from answers.queries.progress import reports_due, reports_to_seal_again
from assembly.institution import todo
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team
from assembly.institution.todo import add_to_do

add_menu_entry(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Réponses"),
    "answers:desk",
    TEAM_ROLES,
    order=36,
    icon="check2-all",
)
add_menu_entry(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Suites données"),
    "answers:follow-ups",
    TEAM_ROLES,
    order=37,
    icon="check2-square",
)
OPINION = {name: name for name in ("pk", "reference", "title")}


def line_of(row: dict[str, Any], label: str, *, route: str = "answers:desk", **filters: str) -> todo.ToDo:
    address = f"{reverse(route)}?{urlencode({'avis': row['opinion'], **filters})}"
    return todo.ToDo(label % row, address, _("%(reference)s, %(title)s") % row)


def assign_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Confier %(n)s réponse à une direction", "Confier %(n)s réponses à des directions", row["n"])
    return line_of(row, label, etat="awaiting")


def late_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Relancer : %(n)s réponse en retard", "Relancer : %(n)s réponses en retard", row["n"])
    return line_of(row, label, delai="retard")


def publish_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Publier %(n)s réponse décidée", "Publier %(n)s réponses décidées", row["n"])
    return line_of(row, label, etat="decided")


def seal_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-table", args=[row["pk"]])
    return todo.ToDo(_("Sceller le tableau des réponses"), address, _("%(reference)s, %(title)s") % row)


def entrust_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Confier le suivi de %(n)s réponse", "Confier le suivi de %(n)s réponses", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="personne")


def late_update_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Relancer : %(n)s point d’étape en retard", "Relancer : %(n)s points d’étape en retard", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="retard")


def hearing_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Organiser %(n)s audition demandée", "Organiser %(n)s auditions demandées", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="audition")


def close_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Vérifier %(n)s suite dite réalisée", "Vérifier %(n)s suites dites réalisées", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="verifier")


def report_line(row: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(_("Faire le bilan des suites données"), reverse("answers:progress-reports"), row["name"])


def seal_again_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-progress-report", args=[row["pk"]])
    return todo.ToDo(_("Sceller de nouveau un bilan : un point en est retiré"), address, row["reference"])


ASKED_OF_TEAM = {
    "to_assign": assign_line,
    "to_remind": late_line,
    "to_entrust": entrust_line,
    "late_updates": late_update_line,
    "hearings_asked": hearing_line,
}
ASKED_OF_LEAD = ASKED_OF_TEAM | {"to_publish": publish_line, "said_done": close_line}
TEAM = todo.PendingGroups(queries.PENDING_BY_OPINION, ASKED_OF_TEAM)
LEAD = todo.PendingGroups(queries.PENDING_BY_OPINION, ASKED_OF_LEAD)
SEALS = todo.PendingLists(
    todo.PendingRows(queries.tables_to_seal, OPINION, seal_line),
    todo.PendingRows(reports_due, {"name": "name"}, report_line, due="report_due_on"),
    todo.PendingRows(reports_to_seal_again, {"pk": "pk", "reference": "reference"}, seal_again_line),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingGroups | todo.PendingLists]:
    """Return the pending lines: one per opinion and kind, however many answers are pending."""
    if is_lead(user, term):
        return [LEAD, SEALS]
    return [TEAM] if is_team(user, term) else []


add_to_do("desk", desk_lines)
