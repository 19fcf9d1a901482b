"""What sittings bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
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
from sessions.enums import SittingKind, SittingState
from sessions.models import Minutes, Sitting
from sessions.models.sitting import ANSWERABLE, HELD, RUNNING, UPCOMING
from sessions.portal import minutes
from sessions.queries.minutes_waiting import for_desk
from sessions.queries.sittings import followed_by, waiting_answers

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


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Convocations that must leave, sittings that nobody opened or closed, minutes under way, late actions."""
    if not is_team(user, term):
        return
    for sitting in for_desk(user, term, timezone.now()):
        if sitting.state == SittingState.PLANNED:
            yield convene_line(sitting, term)
        elif sitting.state in ANSWERABLE:
            yield never_opened_line(sitting)
        else:
            yield from minutes.desk_lines(sitting, user, term)
    yield from minutes.late_line(user, term)


def convene_line(sitting: Sitting, term: Term) -> todo.ToDo:
    return todo.ToDo(
        _("Convoquer : %(title)s") % {"title": sitting.title},
        reverse("sittings:sitting", args=[sitting.pk]),
        _("Séance du %(day)s") % {"day": date_words(sitting.starts_at)},
        due_on=timezone.localdate(sitting.starts_at) - timedelta(days=term.notice_days),
        acts=(todo.LineButton(_("Préparer la convocation"), reverse("sittings:notify", args=[sitting.pk])),),
    )


def never_opened_line(sitting: Sitting) -> todo.ToDo:
    return todo.ToDo(
        _("Dire si la séance s’est tenue : %(title)s") % {"title": sitting.title},
        reverse("sittings:roll", args=[sitting.pk]),
        _("Elle était prévue le %(day)s") % {"day": date_words(sitting.starts_at)},
        due_on=timezone.localdate(sitting.ends_at),
    )


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingRows]:
    """Convocations without answer."""
    sitting = {"sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
    yield todo.PendingRows(waiting_answers(user, term), sitting, answer_line)


def answer_line(convened: dict[str, Any]) -> todo.ToDo:
    """A convocation may be answered from the line."""
    url, day = reverse("sittings:own-sitting", args=[convened["sitting"]]), todo.day_of(convened["starts_at"])
    return todo.ToDo(
        _("Serez-vous là le %(day)s ?") % {"day": date_words(day)},
        url,
        convened["title"],
        due_on=day,
        acts=(
            todo.LineButton(_("Je viens"), f"{url}?reponse=will_attend"),
            todo.LineButton(_("Je ne viens pas"), f"{url}?reponse=will_not"),
        ),
    )


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
