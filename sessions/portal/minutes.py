"""Registry entries of minutes: menu lines, to-do lines, minutes to hand over."""

from typing import Any

from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.handover import add_open_dossiers
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.text.french import format_date
from sessions.actions import minutes as actions
from sessions.enums import MinutesKind, MinutesState
from sessions.queries import minutes_waiting as waiting
from sessions.queries.action_items import late_actions, my_actions

add_menu_entry(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Actions à suivre"),
    "sittings:actions",
    TEAM_ROLES | {Role.FACILITATOR},
    order=34,
    icon="check2-square",
)
add_menu_entry(
    "member", "", gettext_lazy("Comptes rendus"), "sittings:minutes-list", [Role.MEMBER], order=30, icon="file-text"
)


def about(row: dict[str, Any]) -> str:
    """Return « Plénière du 3 mars »."""
    return _("%(title)s du %(day)s") % {
        "title": row["title"],
        "day": format_date(todo.day_of(row["starts_at"]), weekday=False),
    }


def tab(row: dict[str, Any]) -> str:
    return reverse("sittings:minutes", args=[row["sitting"]])


def begin_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(_("Commencer le compte rendu"), tab(sitting), about(sitting))


def writing_line(minutes: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(writing_sentence(minutes), tab(minutes), about(minutes))


def writing_sentence(minutes: dict[str, Any]) -> str:
    """Return the next step for minutes that were not circulated yet."""
    if minutes["state"] in MinutesState.tagged("ready"):
        return _("Faire relire le compte rendu")
    if not minutes["is_written"]:
        return _("Finir le compte rendu")
    if minutes["kind"] == MinutesKind.FORMAL:
        return _("Faire contrôler le procès-verbal")
    return _("Valider le compte rendu")


def seal_line(minutes: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(_("Recueillir les visas, puis sceller"), tab(minutes), about(minutes))


def correct_line(minutes: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Traiter %(n)s correction", "Traiter %(n)s corrections", minutes["asked"])
    return todo.ToDo(label % {"n": minutes["asked"]}, f"{tab(minutes)}#corrections", about(minutes))


def visa_line(minutes: dict[str, Any]) -> todo.ToDo:
    act = todo.LineButton(_("Donner mon visa"), reverse("sittings:minutes-visa", args=[minutes["pk"]]))
    return todo.ToDo(_("Donner votre visa"), minutes_address(minutes), about(minutes), acts=(act,))


def read_line(minutes: dict[str, Any]) -> todo.ToDo:
    label, url = _("Relire le compte rendu"), minutes_address(minutes)
    return todo.ToDo(label, url, about(minutes), acts=(todo.LineButton(label, url),))


def minutes_address(minutes: dict[str, Any]) -> str:
    return reverse("sittings:minutes-read", args=[minutes["pk"]])


def action_line(action: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(action["text"], reverse("sittings:minutes-list"), action["title"])


def late_line(late: dict[str, Any]) -> todo.ToDo:
    """Return one line for all actions whose day is past."""
    label = ngettext("%(n)s action en retard", "%(n)s actions en retard", late["n"]) % late
    return todo.ToDo(label, reverse("sittings:actions"))


def last_day_to_begin() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__minutes_days")


def last_day_to_correct() -> TruncDate:
    return TruncDate("corrections_until")


OVER = {"sitting": "pk", "title": "title", "starts_at": "starts_at"}
MINUTES = {"pk": "pk", "sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
WRITTEN = MINUTES | {name: name for name in ("state", "kind", "is_written")}
ACTION = {"text": "text", "title": "sitting__title"}
DESK = (
    todo.PendingRows(waiting.to_begin, OVER, begin_line, due=last_day_to_begin),
    todo.PendingRows(waiting.being_written, WRITTEN, writing_line, due="due_on"),
    todo.PendingRows(waiting.to_seal, MINUTES, seal_line),
    todo.PendingRows(waiting.minutes_to_sign, MINUTES, visa_line),
    todo.PendingRows(waiting.to_correct, MINUTES | {"asked": "asked"}, correct_line, due=last_day_to_correct),
    todo.PendingRows(late_actions, {"n": "n"}, late_line, due="late_since"),
)
MEMBER = (
    todo.PendingRows(waiting.to_read, MINUTES, read_line, due=last_day_to_correct),
    todo.PendingRows(waiting.minutes_to_sign, MINUTES, visa_line),
    todo.PendingRows(my_actions, ACTION, action_line, due="due_on", sort_field="text"),
)


def count_files(user: User, term: Term) -> int:
    return waiting.written_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    files = list(waiting.written_by(user, term).select_related("sitting"))
    for minutes in files:
        actions.hand_over(minutes, to, by=by)
    return len(files)


add_open_dossiers(handover.OpenDossiers("minutes", gettext_lazy("comptes rendus à finir"), count_files, move_files))
