"""What minutes bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.ui.words import date_words
from sessions.actions import minutes as actions
from sessions.enums import MinutesState
from sessions.models import Minutes, Sitting
from sessions.queries import minutes_waiting as waiting
from sessions.queries.action_items import late_actions, own_actions

menu.add(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Actions à suivre"),
    "sittings:actions",
    TEAM_ROLES | {Role.FACILITATOR},
    order=34,
)
menu.add("member", "", gettext_lazy("Comptes rendus"), "sittings:minutes-list", [Role.MEMBER], order=30)


def titled(sitting: Sitting) -> str:
    return _("%(title)s du %(day)s") % {"title": sitting.title, "day": date_words(sitting.starts_at, weekday=False)}


def tab(sitting_id: int) -> str:
    return reverse("sittings:minutes", args=[sitting_id])


def desk_lines(sitting: Sitting, user: Any, term: Term) -> Iterable[todo.ToDo]:
    """What the minutes of one sitting ask of the team: to begin, to write, to correct, to seal."""
    minutes = getattr(sitting, "minutes", None)
    if minutes is None:
        due = timezone.localdate(sitting.starts_at) + timedelta(days=term.minutes_days)
        yield todo.ToDo(_("Commencer le compte rendu"), tab(sitting.pk), titled(sitting), due_on=due)
        return
    if minutes.state in waiting.WRITING:
        is_ready = minutes.state == MinutesState.VALIDATED
        words = _("Circuler le compte rendu") if is_ready else _("Finir le compte rendu")
        yield todo.ToDo(words, tab(sitting.pk), titled(sitting), due_on=minutes.due_on)
    elif minutes.state == MinutesState.APPROVED:
        yield todo.ToDo(_("Recueillir les visas, puis sceller"), tab(sitting.pk), titled(sitting))
        if user.person_id in (sitting.chair_id, sitting.secretary_id) and not annotated(sitting, "has_visa"):
            yield visa_line(minutes, sitting)
    elif count := annotated(sitting, "asked"):
        words = ngettext("Traiter %(n)s correction", "Traiter %(n)s corrections", count) % {"n": count}
        day = timezone.localdate(minutes.corrections_until)
        yield todo.ToDo(words, f"{tab(sitting.pk)}#corrections", titled(sitting), due_on=day)


def annotated(sitting: Sitting, name: str) -> Any:
    """What `waiting.for_desk` counted."""
    return getattr(sitting, name)


def late_line(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Actions whose day is past, all in one line."""
    late = late_actions(user, term.pk, timezone.localdate()).count()
    if late:
        words = ngettext("%(n)s action en retard", "%(n)s actions en retard", late) % {"n": late}
        yield todo.ToDo(words, reverse("sittings:actions"))


def visa_line(minutes: Minutes, sitting: Sitting) -> todo.ToDo:
    url = reverse("sittings:minutes-visa", args=[minutes.pk])
    act = todo.Act(_("Donner mon visa"), url)
    return todo.ToDo(_("Donner votre visa"), read(minutes), titled(sitting), acts=(act,))


def read(minutes: Minutes) -> str:
    return reverse("sittings:minutes-read", args=[minutes.pk])


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Minutes to read again, a visa to give, what one promised to do."""
    for minutes in waiting.for_person(user, term, timezone.now()):
        if minutes.state == MinutesState.APPROVED:
            yield visa_line(minutes, minutes.sitting)
            continue
        yield todo.ToDo(
            _("Relire le compte rendu"),
            read(minutes),
            titled(minutes.sitting),
            due_on=timezone.localdate(minutes.corrections_until),
            acts=(todo.Act(_("Relire le compte rendu"), read(minutes)),),
        )
    for action in own_actions(user.person_id, term.pk):
        yield todo.ToDo(action.text, reverse("sittings:minutes-list"), action.sitting.title, due_on=action.due_on)


def count_files(user: User, term: Term) -> int:
    return waiting.written_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    files = list(waiting.written_by(user, term).select_related("sitting"))
    for minutes in files:
        actions.hand_over(minutes, to, by=by)
    return len(files)


todo.register("member", member_lines)
handover.register(handover.Files("minutes", gettext_lazy("comptes rendus à finir"), count_files, move_files))
