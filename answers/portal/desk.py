"""The bureau: the board in the menu, what waits for the team by opinion."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answers.queries import desk as queries
from answers.queries import follow_up_desk as follow_ups
from answers.queries.progress import reports_due, reports_to_seal_again
from assembly.institution import menu, todo
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team

menu.add(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Réponses"),
    "answers:desk",
    TEAM_ROLES,
    order=36,
    icon="check2-all",
)
menu.add(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Suites données"),
    "answers:follow-ups",
    TEAM_ROLES,
    order=37,
    icon="check2-square",
)
OPINION = {"pk": "pk", "reference": "reference", "title": "title", "n": "waiting"}


def line_of(found: dict[str, Any], words: str, *, route: str = "answers:desk", **filters: str) -> todo.ToDo:
    address = f"{reverse(route)}?{urlencode({'avis': found['pk'], **filters})}"
    return todo.ToDo(words % found, address, _("%(reference)s, %(title)s") % found)


def assign_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Confier %(n)s réponse à une direction", "Confier %(n)s réponses à des directions", found["n"])
    return line_of(found, words, etat="awaiting")


def late_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Relancer : %(n)s réponse en retard", "Relancer : %(n)s réponses en retard", found["n"])
    return line_of(found, words, delai="retard")


def publish_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Publier %(n)s réponse décidée", "Publier %(n)s réponses décidées", found["n"])
    return line_of(found, words, etat="decided")


def seal_line(found: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-table", args=[found["pk"]])
    return todo.ToDo(_("Sceller le tableau des réponses"), address, _("%(reference)s, %(title)s") % found)


def entrust_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Confier le suivi de %(n)s réponse", "Confier le suivi de %(n)s réponses", found["n"])
    return line_of(found, words, route="answers:follow-ups", point="personne")


def late_update_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Relancer : %(n)s point en retard", "Relancer : %(n)s points en retard", found["n"])
    return line_of(found, words, route="answers:follow-ups", point="retard")


def hearing_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Organiser %(n)s audition demandée", "Organiser %(n)s auditions demandées", found["n"])
    return line_of(found, words, route="answers:follow-ups", point="audition")


def close_line(found: dict[str, Any]) -> todo.ToDo:
    words = ngettext("Vérifier %(n)s suite dite réalisée", "Vérifier %(n)s suites dites réalisées", found["n"])
    return line_of(found, words, route="answers:follow-ups", point="verifier")


def report_line(found: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(_("Faire le bilan des suites données"), reverse("answers:progress-reports"), found["name"])


def seal_again_line(found: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-progress-report", args=[found["pk"]])
    return todo.ToDo(_("Sceller de nouveau un bilan : un point en est retiré"), address, found["reference"])


def first_due() -> Any:
    return F("first_due")


TEAM = todo.PendingLists(
    todo.PendingRows(queries.to_assign, OPINION, assign_line, due=first_due),
    todo.PendingRows(queries.to_remind, OPINION, late_line, due=first_due),
    todo.PendingRows(follow_ups.to_entrust, OPINION, entrust_line, due=first_due),
    todo.PendingRows(follow_ups.late_updates, OPINION, late_update_line, due=first_due),
    todo.PendingRows(follow_ups.hearings_asked, OPINION, hearing_line),
)
LEAD = todo.PendingLists(
    todo.PendingRows(queries.to_publish, OPINION, publish_line, due=first_due),
    todo.PendingRows(queries.tables_to_seal, {name: name for name in ("pk", "reference", "title")}, seal_line),
    todo.PendingRows(follow_ups.said_done, OPINION, close_line),
    todo.PendingRows(reports_due, {"name": "name"}, report_line, due="report_due_on"),
    todo.PendingRows(reports_to_seal_again, {"pk": "pk", "reference": "reference"}, seal_again_line),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """One line an opinion and a kind, however many answers wait."""
    return [*([TEAM] if is_team(user, term) else []), *([LEAD] if is_lead(user, term) else [])]


todo.register("desk", desk_lines)
