"""Contributions of all features: to-do lists in one query each, logistics and names erased, receivers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarAct, add_calendar_act, add_calendar_source
from assembly.documents.actions.renditions import delete_renditions_about
from assembly.identity.personal_data import at_erasure, retention
from assembly.identity.signals import standing_ended
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.queries import terms_past
from assembly.institution.rules import is_team
from assembly.institution.todo import add_to_do
from assembly.text.french import format_date
from assembly.web.widgets import Widget, add_widget
from sessions.attendance import actions as attendance, contributions as absences
from sessions.attendance.queries.presence import quorum_needed
from sessions.decisions import contributions as decisions
from sessions.expenses import contributions as expenses
from sessions.minutes import contributions as minutes
from sessions.models import AgendaItem, Invitee, Minutes, Sitting, SittingState
from sessions.pages import abilities, status_of
from sessions.sittings.actions import convening
from sessions.sittings.models import LOGISTICS
from sessions.sittings.queries import calendar, sittings as queries
from sessions.sittings.queries.sittings import SittingFigures, dossier, figures
from sessions.sittings.rules import can_see_desk, can_start


def convene_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Convoquer : %(title)s") % sitting,
        reverse("sittings:sitting", args=[sitting["pk"]]),
        gettext("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
        acts=(todo.LineButton(gettext("Convoquer"), reverse("sittings:notify", args=[sitting["pk"]])),),
    )


def papers_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Joindre les documents : %(title)s") % sitting,
        reverse("sittings:papers", args=[sitting["pk"]]),
        gettext("Séance du %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def never_opened_line(sitting: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(
        gettext("Dire si la séance s’est tenue : %(title)s") % sitting,
        reverse("sittings:hold", args=[sitting["pk"]]),
        gettext("Elle était prévue le %(day)s") % {"day": format_day(sitting["starts_at"])},
    )


def answer_line(convened: dict[str, Any]) -> todo.ToDo:
    """Return the line of a convocation, with buttons to answer it."""
    url = reverse("sittings:my-sitting", args=[convened["sitting"]])
    return todo.ToDo(
        gettext("Serez-vous là le %(day)s ?") % {"day": format_day(convened["starts_at"])},
        url,
        convened["title"],
        acts=(
            todo.LineButton(gettext("Je viens"), url, ("reply", "will_attend")),
            todo.LineButton(gettext("Je ne viens pas"), url, ("reply", "will_not")),
        ),
    )


def format_day(moment: str) -> str:
    return format_date(todo.day_of(moment))


def last_day_of_papers() -> todo.DaysFrom:
    return todo.DaysFrom(TruncDate("starts_at"), "term__papers_days", sign="-")


SITTING = {name: name for name in ("pk", "title", "starts_at")}
CONVENED = {"sitting": "sitting_id", "title": "sitting__title", "starts_at": "sitting__starts_at"}
DESK = todo.PendingLists(
    todo.PendingRows(queries.to_convene, SITTING, convene_line, due=calendar.last_day_to_convene, sort_field="title"),
    todo.PendingRows(queries.without_papers, SITTING, papers_line, due=last_day_of_papers, sort_field="title"),
    *absences.DESK,
    *expenses.DESK,
    todo.PendingRows(
        queries.never_opened, SITTING, never_opened_line, due=lambda: TruncDate("ends_at"), sort_field="title"
    ),
    *minutes.DESK,
    decisions.LATE,
)
MEMBER = todo.PendingLists(
    todo.PendingRows(queries.waiting_answers, CONVENED, answer_line, due=lambda: TruncDate("sitting__starts_at")),
    expenses.TO_COMPLETE,
    *minutes.MEMBER,
    decisions.MINE,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the notices to send, sittings that nobody opened or closed, open minutes, late actions."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """List the convocations without an answer, minutes to read or to sign, and the reader's own actions."""
    return [MEMBER]


@dataclass(frozen=True)
class NextFact:
    """What the card of the next sitting says of one thing that it needs."""

    label: str
    value: str
    note: str = ""
    is_ready: bool = True


def attendance_facts(numbers: SittingFigures, quorum: int | None) -> Iterator[NextFact]:
    """Yield the answers to the convocation, and the quorum measured on the members who announced themselves."""
    if numbers.expected:
        come = ngettext("%(n)s vient sur %(all)s", "%(n)s viennent sur %(all)s", numbers.coming)
        come %= {"n": numbers.coming, "all": numbers.expected}
        silent = gettext("%(n)s sans réponse") % {"n": numbers.silent} if numbers.silent else ""
        yield NextFact(gettext("Réponses"), come, silent, is_ready=not numbers.silent)
    if numbers.expected and quorum is not None:
        missing = quorum - numbers.coming_members
        label = ngettext("%(n)s membre manque", "%(n)s membres manquent", missing) % {"n": missing}
        announced = ngettext("%(n)s annoncé, %(all)s requis", "%(n)s annoncés, %(all)s requis", numbers.coming_members)
        announced %= {"n": numbers.coming_members, "all": quorum}
        is_reached = missing <= 0
        yield NextFact(gettext("Quorum"), gettext("atteint") if is_reached else label, announced, is_ready=is_reached)


def logistics_facts(sitting: Sitting) -> Iterator[NextFact]:
    """Yield the documents and the place of a sitting that `dossier` returned."""
    papers: int = sitting.papers_count  # type: ignore[attr-defined]  # -- counted by `dossier`
    joined = ngettext("%(n)s joint", "%(n)s joints", papers) % {"n": papers} if papers else gettext("aucun")
    yield NextFact(gettext("Documents"), joined, "" if papers else gettext("à joindre"), is_ready=bool(papers))
    place = sitting.place_name
    yield NextFact(gettext("Lieu"), place or gettext("à choisir"), is_ready=bool(place))


def next_sitting(user: Any, term: Term) -> Widget | None:
    """Return the next sitting of the term, or the one of today: who comes, quorum, documents, and its one act.

    One that was left open on a former day is a line of « À faire ».
    """
    now = timezone.now()
    rows = dossier(user).filter(Q(ends_at__gte=now) | Q(starts_at__date=timezone.localdate(now)), term=term)
    sitting = rows.filter(state__in=SittingState.tagged("upcoming", "running")).order_by("starts_at", "pk").first()
    if sitting is None or not can_see_desk(user, sitting):
        return None
    numbers = figures(sitting)
    seats = [("pour", numbers.coming), ("abst", numbers.unsure), ("contre", numbers.not_coming)]
    context = {
        "sitting": sitting,
        "numbers": numbers,
        "seats": seats,
        "facts": [*attendance_facts(numbers, quorum_needed(sitting)), *logistics_facts(sitting)],
        "status": status_of(sitting, numbers, abilities(user, sitting), 0, now),
    }
    return Widget("sessions/sittings/_next.html", context, order=10, position="top")


add_calendar_source(CalendarKind.SITTING, calendar.sittings_in_calendar)
add_calendar_source(CalendarKind.DEADLINE, calendar.convocations_in_calendar)
add_calendar_act(CalendarAct(_("Créer une séance"), calendar.new_sitting_url, can_start, order=40))
add_to_do("desk", desk_lines)
add_to_do("member", member_lines)
add_widget("desk", next_sitting)


def erase_working_files(person: Any, by: Any) -> None:
    """Delete the certificates, sheets and drafts that name the person; they can be requested again."""
    invited = Invitee.objects.filter(person=person)
    sittings = list(invited.values_list("sitting", flat=True))
    delete_renditions_about(
        {
            "sittings.Invitee": invited.values_list("pk", flat=True),
            "sittings.Sitting": sittings,
            "sittings.Minutes": Minutes.objects.filter(sitting__in=sittings).values_list("pk", flat=True),
        }
    )


def erase_plain_names(person: Any, by: Any) -> None:
    """Erase the name of a speaker where it is stored as text beside the key."""
    AgendaItem.objects.filter(speaker_person=person).update(speaker="")


def old_logistics(now: datetime) -> QuerySet[Invitee]:
    """Return the invitees with meals, children, transport or needs in terms past their retention period."""
    filled = Q()
    for name, empty in LOGISTICS.items():
        filled |= ~Q(**{name: empty})
    return Invitee.objects.filter(filled, sitting__term__in=terms_past(now, "logistics_retention_months"))


def erase_logistics(invitee: Any) -> None:
    Invitee.objects.filter(pk=invitee.pk).update(**LOGISTICS)


at_erasure("sittings.names", erase_plain_names)
at_erasure("sittings.files", erase_working_files)
retention(
    "sittings.logistics",
    _("Logistique des séances d’anciennes mandatures"),
    find=old_logistics,
    apply=erase_logistics,
)


@receiver(standing_ended)
def withdraw_invitations(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Withdraw the invitations that the person would not receive any more, and their links."""
    convening.withdraw_invitations(person, by=by)


@receiver(standing_ended)
def lift_cases(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Lift the open absence cases of a mandate that ended."""
    attendance.lift_cases(person)
