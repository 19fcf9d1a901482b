"""What minutes bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.institution import handover, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
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
    icon="check2-square",
)
menu.add(
    "member", "", gettext_lazy("Comptes rendus"), "sittings:minutes-list", [Role.MEMBER], order=30, icon="file-text"
)


def titled(sitting: Sitting) -> str:
    return dated(sitting.title, sitting.starts_at)


def dated(title: str, day: date | datetime | None) -> str:
    return _("%(title)s du %(day)s") % {"title": title, "day": date_words(day, weekday=False)}


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
        if words := writing_words(sitting, minutes, user):
            yield todo.ToDo(words, tab(sitting.pk), titled(sitting), due_on=minutes.due_on)
    elif minutes.state == MinutesState.APPROVED:
        yield todo.ToDo(_("Recueillir les visas, puis sceller"), tab(sitting.pk), titled(sitting))
        if user.person_id in (sitting.chair_id, sitting.secretary_id) and not annotated(sitting, "has_visa"):
            yield visa_line(minutes.pk, titled(sitting))
    elif count := annotated(sitting, "asked"):
        words = ngettext("Traiter %(n)s correction", "Traiter %(n)s corrections", count) % {"n": count}
        day = timezone.localdate(minutes.corrections_until)
        yield todo.ToDo(words, f"{tab(sitting.pk)}#corrections", titled(sitting), due_on=day)


def writing_words(sitting: Sitting, minutes: Minutes, user: Any) -> str:
    """What minutes that have not left ask of this reader; nothing when the step is somebody else's."""
    if minutes.state in (MinutesState.INTERNAL_CHECK, MinutesState.VALIDATED):
        return _("Circuler le compte rendu")
    if not (annotated(sitting, "is_written") and sitting.is_held):
        return _("Finir le compte rendu")
    if minutes.is_formal:
        return _("Soumettre le procès-verbal à relecture")
    return _("Valider le compte rendu") if is_lead(user, sitting.term_id) else ""


def annotated(sitting: Sitting, name: str) -> Any:
    """What `waiting.for_desk` counted."""
    return getattr(sitting, name)


def late_line(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Actions whose day is past, all in one line."""
    late = late_actions(user, term.pk, timezone.localdate()).count()
    if late:
        words = ngettext("%(n)s action en retard", "%(n)s actions en retard", late) % {"n": late}
        yield todo.ToDo(words, reverse("sittings:actions"))


def visa_line(minutes: int, about: str) -> todo.ToDo:
    act = todo.LineButton(_("Donner mon visa"), reverse("sittings:minutes-visa", args=[minutes]))
    return todo.ToDo(_("Donner votre visa"), minutes_address(minutes), about, acts=(act,))


def minutes_address(minutes: int) -> str:
    return reverse("sittings:minutes-read", args=[minutes])


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingRows]:
    """Minutes to read again, a visa to give, what one promised to do."""
    minutes = {"pk": "pk", "state": "state", "corrections_until": "corrections_until"}
    minutes |= {"title": "sitting__title", "starts_at": "sitting__starts_at"}
    yield todo.PendingRows(waiting.for_person(user, term, timezone.now()), minutes, own_line)
    action = {"text": "text", "due_on": "due_on", "title": "sitting__title"}
    yield todo.PendingRows(own_actions(user.person_id, term.pk), action, action_line)


def own_line(minutes: dict[str, Any]) -> todo.ToDo:
    """Minutes of a sitting that one attended, until the delay ends; or the visa of whoever chaired or held the pen."""
    about, url = dated(minutes["title"], todo.day_of(minutes["starts_at"])), minutes_address(minutes["pk"])
    if minutes["state"] == MinutesState.APPROVED:
        return visa_line(minutes["pk"], about)
    words = _("Relire le compte rendu")
    return todo.ToDo(words, url, about, todo.day_of(minutes["corrections_until"]), (todo.LineButton(words, url),))


def action_line(action: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        action["text"], reverse("sittings:minutes-list"), action["title"], due_on=todo.day_of(action["due_on"])
    )


def count_files(user: User, term: Term) -> int:
    return waiting.written_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    files = list(waiting.written_by(user, term).select_related("sitting"))
    for minutes in files:
        actions.hand_over(minutes, to, by=by)
    return len(files)


todo.register("member", member_lines)
handover.register(handover.OpenFiles("minutes", gettext_lazy("comptes rendus à finir"), count_files, move_files))
