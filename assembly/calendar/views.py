"""Page of the calendar of the team: a day, a week or a month, by person, by room or together; its secret address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from assembly.calendar import actions
from assembly.calendar.grid import Grid, columns_by_day, day_long, week_columns
from assembly.calendar.models import KIND_LABELS, CalendarKind, Period, RowKind, TeamCalendar
from assembly.calendar.queries import agents_of, team_feed
from assembly.calendar.registry import CalendarItem, acts_of, items_between, kinds_in_use, rooms_of
from assembly.calendar.rules import adjacent_days, can_see_calendar, day_named, days_of, read_team_token, weeks_of
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.pages import working_term
from assembly.institution.rules import term_ids
from assembly.text.french import NBSP
from assembly.web.forms import whole_number


@dataclass(frozen=True)
class Asked:
    """What the address asks for: `?periode=mois&du=2026-12-01&par=salle&sans=taches&qui=12`."""

    period: Period
    day: date
    by: RowKind
    without: tuple[str, ...]
    user: int | None

    @classmethod
    def read(cls, query: Mapping[str, str], today: date) -> Self:
        """Read an address; 404 for a day that is none, or that is too far."""
        if (day := day_named(query["du"]) if "du" in query else today) is None:
            raise Http404
        asked = set(query.get("sans", "").split(","))
        return cls(
            choice_of(Period, query.get("periode", ""), Period.WEEK),
            day,
            choice_of(RowKind, query.get("par", ""), RowKind.PEOPLE),
            tuple(kind for kind in CalendarKind.values if kind in asked),
            whole_number(query["qui"]) if query.get("qui") else None,
        )

    def url(self, **changes: Any) -> str:
        """Return the address of this page with other values, whole: `TermMiddleware` adds the term to it."""
        asked = replace(self, **changes)
        values = {
            "periode": asked.period,
            "du": asked.day.isoformat(),
            "par": asked.by,
            "sans": ",".join(asked.without),
            "qui": asked.user or "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{reverse('calendar:page')}?{query}"

    @property
    def shown_by(self) -> RowKind:
        """Return what a row is: the days of one person have weeks for rows."""
        return RowKind.WEEKS if self.user else self.by

    def shows(self, item: CalendarItem) -> bool:
        """Return whether an item concerns the person asked for; of the whole team’s, a plenary does."""
        return self.user is None or self.user in item.users or (item.is_for_all and not item.users)

    @property
    def days(self) -> tuple[date, date]:
        return days_of(self.period, self.day)

    @property
    def title(self) -> str:
        first, last = self.days
        if self.period == Period.MONTH:
            return capfirst(date_format(first, "F Y"))
        if self.period == Period.DAY:
            return capfirst(f"{day_long(first)} {first.year}")
        year = f" {last.year}" if last.year != timezone.localdate().year else ""
        return _("Semaine du %(first)s au %(last)s") % {"first": format_day(first), "last": format_day(last)} + year

    def kinds(self) -> list[tuple[Any, str, bool, str]]:
        """Return each kind with its icon, whether it is shown, and the address that shows or hides it."""
        return [
            (kind.label, KIND_LABELS[kind][0], kind not in self.without, self.url(without=self.toggled(kind)))
            for kind in kinds_in_use()
        ]

    def toggled(self, kind: str) -> tuple[str, ...]:
        return tuple(one for one in CalendarKind.values if (one in self.without) != (one == kind))


def choice_of(choices: Any, value: str, otherwise: Any) -> Any:
    return choices(value) if value in choices.values else otherwise


def format_day(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{date_format(day, 'F')}"


@require_safe
def calendar_page(request: UserRequest) -> HttpResponse:
    """Show what happens in some days: a table by person, by room or by week, and a list on a phone."""
    term, today = working_term(request, can_see_calendar), timezone.localdate()
    asked = Asked.read(request.GET, today)
    first, last = asked.days
    weeks = weeks_of(first, last)
    is_month = asked.period == Period.MONTH
    if is_month:
        first, last = weeks[0], weeks[-1] + timedelta(days=6)
    agents = agents_of(term)
    if asked.user not in {agent.key for agent in agents}:  # nobody, or somebody who has left
        asked = replace(asked, user=None)
    items = [
        item
        for item in items_between(request.user, term, first, last, asked.without)
        if not item.is_off and asked.shows(item)
    ]
    rooms, acts = rooms_of(request.user, term), acts_of(request.user, term)
    grid = Grid(items, agents, rooms, acts, lambda key: asked.url(user=key))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    day_heads = columns_by_day(days, today, lambda day: asked.url(period=Period.DAY, day=day))
    week_heads = week_columns(weeks, today, lambda day: asked.url(period=Period.WEEK, day=day)) if is_month else []
    read_rows = {RowKind.PEOPLE: grid.by_person, RowKind.ROOMS: grid.by_room, RowKind.WEEKS: grid.by_week}[
        asked.shown_by
    ]
    is_month_of_days = is_month and asked.shown_by == RowKind.WEEKS
    before, after = adjacent_days(asked.period, *asked.days)
    context = {
        "term": term,
        "asked": asked,
        "heads": day_heads[:7] if is_month_of_days else week_heads or day_heads,
        "rows": read_rows(day_heads if is_month_of_days else week_heads or day_heads),
        "is_month_of_days": is_month_of_days,
        "clashes": grid.clashes(),
        "days": grid.days(day_heads),
        "before": asked.url(day=before),
        "after": asked.url(day=after),
        "now": asked.url(day=today),
        "periods": [(one.label, asked.url(period=one), one == asked.period) for one in Period],
        "layouts": [(one.label, asked.url(by=one, user=None), one == asked.shown_by) for one in RowKind],
        "kinds": asked.kinds(),
        "people": [(agent.name, asked.url(user=agent.key), asked.user == agent.key) for agent in agents],
        "everybody": asked.url(user=None),
        "person": next((agent.name for agent in agents if agent.key == asked.user), ""),
        "acts": [(act.label, act.url(today if first <= today <= last else first, None)) for act in acts],
    }
    return render(request, "calendar/page.html", context)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def team_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar of a team to whoever knows its present address."""
    term, version = read_team_token(token) or (-1, -1)
    feeds = TeamCalendar.objects.select_related("term__assembly").filter(term=term, version=version)
    return HttpResponse(team_feed(get_object_or_404(feeds).term), content_type="text/calendar; charset=utf-8")


@require_POST
@recently_authenticated
def team_address_renew(request: UserRequest, pk: int) -> HttpResponse:
    """Make the first address of a team, or another one: the former stops working at once."""
    term = get_object_or_404(Term.objects.filter(pk__in=term_ids(request.user, TEAM_ROLES)), pk=pk)
    actions.renew_team_address(term, by=request.user)
    messages.success(request, _("L’adresse de l’équipe est prête."))
    return redirect("sittings:feed")
