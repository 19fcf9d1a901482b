"""What sittings bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.workflows import TERM
from assembly.ui.words import date_words
from sessions.actions import sittings as actions
from sessions.enums import SittingKind
from sessions.models import Minutes, Sitting
from sessions.models.sitting import HELD, RUNNING, UPCOMING
from sessions.portal import minutes
from sessions.queries import sittings as queries
from sessions.queries.sittings import followed_by

READERS = TEAM_ROLES | {Role.FACILITATOR}
menu.add(
    "desk", gettext_lazy("Travaux"), gettext_lazy("Séances"), "sittings:list", READERS, order=30, icon="calendar-event"
)
menu.add(
    "member",
    "",
    gettext_lazy("Mes séances"),
    "sittings:own-list",
    [Role.MEMBER],
    order=20,
    icon="calendar-event",
    place=gettext_lazy("Séances"),
)


def convene_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        _("Convoquer : %(title)s") % sitting,
        reverse("sittings:sitting", args=[sitting["pk"]]),
        _("Séance du %(day)s") % {"day": day_in_words(sitting["starts_at"])},
        acts=(todo.LineButton(_("Préparer la convocation"), reverse("sittings:notify", args=[sitting["pk"]])),),
    )


def never_opened_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        _("Dire si la séance s’est tenue : %(title)s") % sitting,
        reverse("sittings:roll", args=[sitting["pk"]]),
        _("Elle était prévue le %(day)s") % {"day": day_in_words(sitting["starts_at"])},
    )


def answer_line(convened: dict[str, Any]) -> todo.ToDo:
    """A convocation may be answered from the line."""
    url = reverse("sittings:own-sitting", args=[convened["sitting"]])
    return todo.ToDo(
        _("Serez-vous là le %(day)s ?") % {"day": day_in_words(convened["starts_at"])},
        url,
        convened["title"],
        acts=(
            todo.LineButton(_("Je viens"), url, ("reply", "will_attend")),
            todo.LineButton(_("Je ne viens pas"), url, ("reply", "will_not")),
        ),
    )


def day_in_words(moment: str) -> str:
    return date_words(todo.day_of(moment))


def last_day_to_convene() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-")


SITTING = {name: name for name in ("pk", "title", "starts_at")}
CONVENED = {"sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
DESK = todo.PendingLists(
    todo.PendingRows(queries.to_convene, SITTING, convene_line, due=last_day_to_convene),
    todo.PendingRows(queries.never_opened, SITTING, never_opened_line, due=lambda: TruncDate("ends_at")),
    *minutes.DESK,
)
MEMBER = todo.PendingLists(
    todo.PendingRows(queries.waiting_answers, CONVENED, answer_line, due=lambda: TruncDate("sitting__starts_at")),
    *minutes.MEMBER,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Convocations that must leave, sittings that nobody opened or closed, minutes under way, late actions."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Convocations without answer, minutes to read again or to sign, what one promised to do."""
    return [MEMBER]


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.hand_over(followed_by(user, term), to=to, by=by)


def first_plenary_held(term: Term) -> None:
    """A term is installed by its first plenary."""
    if not Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=HELD).exists():
        raise ValidationError(_("Tenez d’abord la première séance plénière."), code="plenary")


def no_plenary_ahead(term: Term) -> None:
    """Follow-up committees go on after the closing; plenaries do not."""
    ahead = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=[*UPCOMING, *RUNNING]).count()
    words = ngettext(
        "%(n)s séance plénière est encore à tenir, ou à annuler.",
        "%(n)s séances plénières sont encore à tenir, ou à annuler.",
        ahead,
    )
    if ahead:
        raise ValidationError(words % {"n": ahead}, code="plenary")


def minutes_sealed(term: Term) -> None:
    """What goes to the archives is finished: no minutes of a plenary wait for their seal."""
    rows = Minutes.objects.filter(sitting__term=term, sitting__kind=SittingKind.PLENARY, signed_at=None).count()
    words = ngettext(
        "%(n)s compte rendu de plénière n’est pas scellé.",
        "%(n)s comptes rendus de plénière ne sont pas scellés.",
        rows,
    )
    if rows:
        raise ValidationError(words % {"n": rows}, code="minutes")


TERM.guard("install", first_plenary_held)
TERM.guard("close", no_plenary_ahead)
TERM.guard("archive", minutes_sealed)
todo.register("desk", desk_lines)
todo.register("member", member_lines)
handover.register(handover.OpenFiles("sittings", gettext_lazy("séances à suivre"), count_files, move_files))
