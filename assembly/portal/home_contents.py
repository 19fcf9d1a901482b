"""What the home pages of the areas show: of the members and the directorates, and the first screen of the desk."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from assembly.calendar.grid import CalendarLine, DayColumn, columns_by_day, first_of_days
from assembly.calendar.models import Period
from assembly.calendar.registry import items_between
from assembly.calendar.rules import can_see_calendar
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.pages import with_term
from assembly.institution.todo import ALL, Backlog, ToDo, first_screen, todo_for
from assembly.portal.registry import page_widgets
from assembly.tasks.rules import can_use_tasks
from assembly.tasks.waiting import waiting_for

SHOWN = 20  # lines of each part
WEEK_LINES = 2  # of each day


def area_content(user: User, area: str, term: Term | None, others: list[Term], *, whole: bool) -> dict[str, Any]:
    """Return the context; only `SHOWN` lines of each part are shown, with a link to the rest.

    So a busy term stays readable. `elsewhere`: the pending lines of each other live term, with its name, except those
    of any term.
    """
    most = ALL if whole else SHOWN
    waiting = todo_for(user, area, term, most) if term else Backlog([], [], 0, 0)
    shown = page_widgets(area, user, term) if term else {}
    seen = {line.url for line in todo_for(user, area, term, ALL).lines} if term and others else set()
    elsewhere = [lines_elsewhere(seen, other, todo_for(user, area, other, most)) for other in others]
    return {
        "waiting": waiting,
        "term": term,
        "elsewhere": [other for other in elsewhere if other.late or other.coming],
        "today": timezone.localdate(),
        "widgets": shown,
        "person": user.person,
    }


def desk_content(user: User, area: str, term: Term | None, others: list[Term], *, whole: bool) -> dict[str, Any]:
    """Return the context of the first screen of the desk: what to do, what is expected of others, the week, trays.

    `whole`: every line, for readers who have no page of tasks (`has_list`). `elsewhere`: of each other live term, how
    many lines wait that no line here repeats, and the address that shows them.
    """
    today = timezone.localdate()
    if term is None:
        return {"term": None, "today": today, "screen": None}
    lines = waiting_for(user, term)
    seen = {line.url for line in lines.backlog.lines}
    elsewhere = [lines_elsewhere(seen, other, todo_for(user, area, other)) for other in others]
    desk = reverse("portal:desk-home")
    return {
        "term": term,
        "today": today,
        "lines": lines,
        "waiting": lines.backlog,
        "whole": whole,
        "has_list": can_use_tasks(user, term),
        "screen": first_screen(lines.backlog.lines, today),
        "elsewhere": [
            (other.term, len(other.late) + len(other.coming), with_term(desk, other.term))
            for other in elsewhere
            if other.late or other.coming
        ],
        "week": week_of(user, term, today) if can_see_calendar(user, term) else [],
        "widgets": page_widgets(area, user, term),
    }


def week_of(user: User, term: Term, today: date) -> list[tuple[DayColumn, list[CalendarLine], int]]:
    """Return the days of this week, from Monday on, each with its first lines and how many more there are."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    items = [item for item in items_between(user, term, days[0], days[-1]) if not item.is_off]
    page = reverse("calendar:page")
    columns = columns_by_day(days, today, lambda day: f"{page}?{urlencode({'periode': Period.DAY, 'du': day})}")
    return first_of_days(items, columns, WEEK_LINES)


@dataclass(frozen=True)
class OtherTerm:
    """Pending lines in another live term than that of the page."""

    term: Term
    late: list[ToDo]
    coming: list[ToDo]


def lines_elsewhere(seen: set[str], term: Term, waiting: Backlog) -> OtherTerm:
    """Return the lines that no other term shows, with this term in their addresses."""

    def lines(part: list[ToDo]) -> list[ToDo]:
        return [replace(line, url=with_term(line.url, term)) for line in part if line.url not in seen]

    return OtherTerm(term, lines(waiting.late), lines(waiting.coming))
