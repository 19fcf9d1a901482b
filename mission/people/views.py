"""View of « Plan de charge »: load against capacity, by person, by month and by subject."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.identity.personal_data import months_later
from mission.people import queries, rules
from mission.people.register import PEOPLE, MonthField
from mission.registers.pages import term_of

BEFORE = -4  # how many of the twelve months shown are past


def asked_month(text: str) -> date:
    """Return the month of the query string; four months ago if it is no month that a plan may have."""
    try:
        month = MonthField().clean(text)
    except ValidationError:
        month = None
    if month and 2000 <= month.year < 2099:
        return month
    return months_later(timezone.localdate().replace(day=1), BEFORE)


@require_safe
def workload(request: UserRequest) -> HttpResponse:
    """Show twelve months around today, or from `?mois=` on."""
    term = term_of(request, PEOPLE)
    months = rules.months_from(asked_month(request.GET.get("mois", "")))
    posts = list(PEOPLE.rows_of(request.user, term).order_by("name__alphabetical", "pk").for_screen())  # type: ignore[attr-defined]  # -- a method of every register's manager
    lines = [(post, loads) for post in posts if any_work(loads := list(rules.loads_of(post, months)))]
    subjects = rules.loads_by_subject((post for post, _loads in lines), months)
    context = {
        "term": term,
        "months": months,
        "this_month": timezone.localdate().replace(day=1),
        "lines": lines,
        "charts": queries.team_charts(lines),
        "subjects": subjects,
        "most": max((total for _subject, total, _cells in subjects), default=1),
        "before": months_later(months[0], -6),
        "after": months_later(months[0], 6),
    }
    return render(request, "mission/people/workload.html", context)


def any_work(loads: list[rules.MonthLoad]) -> bool:
    return any(one.load or one.capacity for one in loads)
