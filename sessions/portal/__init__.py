"""Registry entries of sittings: menu lines, to-do lines, guards of the term, sittings to hand over."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, todo
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.handover import add_open_dossiers
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.todo import add_to_do
from assembly.institution.workflows import TERM
from assembly.text.french import format_date, french_enumeration
from sessions.actions import sittings as actions
from sessions.enums import ExpenseState, SittingKind, SittingState
from sessions.models import Minutes, Sitting
from sessions.portal import minutes
from sessions.queries import absences, expenses
from sessions.queries import sittings as queries
from sessions.queries.sittings import followed_by

open_area(r"/bureau/(absences|frais|corrections|decisions|points|votes)/", TEAM_ROLES)
open_area(r"/espace/frais/", {Role.MEMBER})

READERS = TEAM_ROLES | {Role.FACILITATOR}
add_menu_entry(
    "desk", gettext_lazy("Travaux"), gettext_lazy("Séances"), "sittings:list", READERS, order=30, icon="calendar-event"
)
add_menu_entry(
    "member",
    "",
    gettext_lazy("Mes séances"),
    "sittings:my-list",
    [Role.MEMBER],
    order=20,
    icon="calendar-event",
    bar_label=gettext_lazy("Séances"),
)


add_menu_entry(
    "desk",
    gettext_lazy("Assemblée"),
    gettext_lazy("Absences répétées"),
    "sittings:absences",
    TEAM_ROLES,
    order=24,
    icon="person-exclamation",
)
add_menu_entry(
    "desk",
    gettext_lazy("Assemblée"),
    gettext_lazy("Remboursements"),
    "sittings:expenses",
    TEAM_ROLES,
    order=26,
    icon="receipt",
)


def absences_line(waiting: dict[str, Any]) -> todo.ToDo:
    """Return one line for all cases, with the names as an enumeration."""
    label = ngettext(
        "Décider de la suite : %(n)s membre a manqué plusieurs plénières",
        "Décider de la suite : %(n)s membres ont manqué plusieurs plénières",
        waiting["n"],
    )
    return todo.ToDo(label % waiting, reverse("sittings:absences"), french_enumeration(waiting["names"]))


def procedure_line(case: dict[str, Any]) -> todo.ToDo:
    name = f"{case['first_name']} {case['last_name']}"
    title = _("Décider après la procédure pour absences : %(name)s") % {"name": name}
    return todo.ToDo(title, reverse("sittings:absence-case", args=[case["pk"]]))


def check_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext(
        "Contrôler %(n)s demande de remboursement", "Contrôler %(n)s demandes de remboursement", waiting["n"]
    )
    return todo.ToDo(label % waiting, f"{reverse('sittings:expenses')}?etat={ExpenseState.SUBMITTED}")


def batch_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext(
        "Transmettre %(n)s remboursement aux finances", "Transmettre %(n)s remboursements aux finances", waiting["n"]
    )
    return todo.ToDo(label % waiting, reverse("sittings:expense-batch-make"))


def returned_line(claim: dict[str, Any]) -> todo.ToDo:
    url = reverse("sittings:my-expense", args=[claim["pk"]])
    return todo.ToDo(_("Compléter votre demande de remboursement"), url, claim["title"])


def convene_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        _("Convoquer : %(title)s") % sitting,
        reverse("sittings:sitting", args=[sitting["pk"]]),
        _("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
        acts=(todo.LineButton(_("Préparer la convocation"), reverse("sittings:notify", args=[sitting["pk"]])),),
    )


def papers_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        _("Joindre les documents : %(title)s") % sitting,
        reverse("sittings:papers", args=[sitting["pk"]]),
        _("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def never_opened_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        _("Dire si la séance s’est tenue : %(title)s") % sitting,
        reverse("sittings:hold", args=[sitting["pk"]]),
        _("Elle était prévue le %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def answer_line(convened: dict[str, Any]) -> todo.ToDo:
    """Return the line of a convocation, with buttons to answer it."""
    url = reverse("sittings:my-sitting", args=[convened["sitting"]])
    return todo.ToDo(
        _("Serez-vous là le %(day)s ?") % {"day": format_day(convened["starts_at"])},
        url,
        convened["title"],
        acts=(
            todo.LineButton(_("Je viens"), url, ("reply", "will_attend")),
            todo.LineButton(_("Je ne viens pas"), url, ("reply", "will_not")),
        ),
    )


def format_day(moment: str) -> str:
    return format_date(todo.day_of(moment))


def last_day_to_convene() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-")


def last_day_of_papers() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__papers_days", sign="-")


SITTING = {name: name for name in ("pk", "title", "starts_at")}
CONVENED = {"sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
CASE = {
    "pk": "pk",
    "first_name": "mandate__member__person__first_name",
    "last_name": "mandate__member__person__last_name",
}
DESK = todo.PendingLists(
    todo.PendingRows(queries.to_convene, SITTING, convene_line, due=last_day_to_convene, sort_field="title"),
    todo.PendingRows(queries.without_papers, SITTING, papers_line, due=last_day_of_papers, sort_field="title"),
    todo.PendingRows(absences.to_decide, {"n": "n", "names": "names"}, absences_line),
    todo.PendingRows(absences.procedures, CASE, procedure_line, due="answer_by"),
    todo.PendingRows(expenses.waiting_for_check, {"n": "n"}, check_line),
    todo.PendingRows(expenses.waiting_for_batch, {"n": "n"}, batch_line),
    todo.PendingRows(
        queries.never_opened, SITTING, never_opened_line, due=lambda: TruncDate("ends_at"), sort_field="title"
    ),
    *minutes.DESK,
)
MEMBER = todo.PendingLists(
    todo.PendingRows(queries.waiting_answers, CONVENED, answer_line, due=lambda: TruncDate("sitting__starts_at")),
    todo.PendingRows(expenses.to_complete, {"pk": "pk", "title": "invitee__sitting__title"}, returned_line),
    *minutes.MEMBER,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the notices to send, sittings that nobody opened or closed, open minutes, late actions."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the convocations without an answer, minutes to read or to sign, and the reader's own actions."""
    return [MEMBER]


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.hand_over(followed_by(user, term), to=to, by=by)


def check_first_plenary_held(term: Term) -> None:
    """Raise ValidationError unless the term has held its first plenary, which installs it."""
    if not Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=SittingState.tagged("held")).exists():
        raise ValidationError(_("Tenez d’abord la première séance plénière."), code="plenary")


def check_no_plenary_ahead(term: Term) -> None:
    """Raise ValidationError if a plenary is still to come; follow-up committees go on after the closing."""
    plenaries = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY)
    ahead = plenaries.filter(state__in=SittingState.tagged("upcoming", "running")).count()
    message = ngettext(
        "%(n)s séance plénière est encore à tenir, ou à annuler.",
        "%(n)s séances plénières sont encore à tenir, ou à annuler.",
        ahead,
    )
    if ahead:
        raise ValidationError(message % {"n": ahead}, code="plenary")


def check_minutes_sealed(term: Term) -> None:
    """Raise ValidationError if minutes of a plenary are not sealed: only finished texts go to the archives."""
    rows = Minutes.objects.filter(sitting__term=term, sitting__kind=SittingKind.PLENARY, signed_at=None).count()
    message = ngettext(
        "%(n)s compte rendu de plénière n’est pas scellé.",
        "%(n)s comptes rendus de plénière ne sont pas scellés.",
        rows,
    )
    if rows:
        raise ValidationError(message % {"n": rows}, code="minutes")


TERM.add_guard("install", check_first_plenary_held)
TERM.add_guard("close", check_no_plenary_ahead)
TERM.add_guard("archive", check_minutes_sealed)
add_to_do("desk", desk_lines)
add_to_do("member", member_lines)
add_open_dossiers(handover.OpenDossiers("sittings", gettext_lazy("séances à suivre"), count_files, move_files))
