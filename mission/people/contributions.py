"""Contributions of the team: menu, posts with too much work, the widget of a post, retention.

Two years after a departure the account is not named any more, and the lines are deleted.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import add_calendar_source
from assembly.identity.personal_data import months_later, retention
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from assembly.institution.todo import add_to_do
from assembly.speed.queries import CompiledQuery
from assembly.web.widgets import Widget, add_widget
from mission.people.models import Allocation, CapacityPeriod, TeamPost
from mission.people.queries import absences_in_calendar, overload_candidates, post_chart, with_lines
from mission.people.register import PEOPLE
from mission.people.rules import first_overload, loads_of, months_to_come


def candidates(assembly: int, first: date, end: date) -> QuerySet[TeamPost]:
    posts = TeamPost.objects.filter(assembly=assembly, assembly__plans_workload=True).select_related("holder__person")
    return with_lines(overload_candidates(posts, first, end)).order_by("pk")


OVERLOAD_CANDIDATES = CompiledQuery(candidates)


def overloads(user: Any, term: Term) -> Iterator[dict[str, Any]]:
    """Yield each post with too much work and the first such month, as a row of a group of « À faire »."""
    today = timezone.localdate()
    months = months_to_come(today)
    for post in OVERLOAD_CANDIDATES(term.assembly_id, months[0], months_later(months[-1], 1)):
        if load := first_overload(post, months):
            yield {"post": post, "month": load, "overload": 1, "overload_due": max(load.month, today)}


def overload_line(row: dict[str, Any]) -> todo.ToDo:
    text = gettext("Alléger %(who)s, %(told)s") % {"who": row["post"].who, "told": row["month"].sentence}
    return todo.ToDo(text, reverse("mission:people-row", args=[row["post"].pk]), row["post"].reference)


OVERLOADS = todo.PendingGroups(overloads, {"overload": overload_line})


def overload_lines(user: Any, term: Term) -> Iterator[todo.PendingGroups]:
    """Yield, for the lead, the posts with more work than time in a month to come, with the figures."""
    if is_lead(user, term):
        yield OVERLOADS


def load_widget(user: Any, subject: TeamPost) -> Widget:
    """Return the widget of twelve months, from this month on."""
    loads = list(loads_of(subject, months_to_come(timezone.localdate())))
    over = " ; ".join(one.sentence for one in loads if one.is_over)
    return Widget(
        "mission/people/_post_load.html", {"chart": post_chart(gettext("Douze mois à venir"), loads), "over": over}
    )


add_calendar_source(CalendarKind.ABSENCE, absences_in_calendar)
add_desk_line(
    MenuHeading.MISSION,
    _("Plan de charge"),
    "mission:workload",
    PEOPLE.can_enter,
    order=134,
    setting=PEOPLE.setting,
    tab_of="mission:people",
)
add_to_do("desk", overload_lines)
add_widget("register-people", load_widget)

RETENTION_MONTHS = 24


def old_posts(now: datetime) -> QuerySet[TeamPost]:
    """Return the posts that ended two years ago and still hold personal data."""
    limit = months_later(timezone.localdate(now), -RETENTION_MONTHS)
    lines = Q(Exists(Allocation.objects.filter(row=OuterRef("pk")))) | Q(
        Exists(CapacityPeriod.objects.filter(row=OuterRef("pk")))
    )
    rows: QuerySet[TeamPost] = TeamPost.objects.filter(ends_on__lt=limit)
    return rows.filter(lines | Q(holder__isnull=False) | ~Q(notes=""))


@transaction.atomic
def erase_post(post: Any) -> None:
    """Erase the holder, the notes and the lines; the post itself stays."""
    Allocation.objects.filter(row=post).delete()
    CapacityPeriod.objects.filter(row=post).delete()
    TeamPost.objects.filter(pk=post.pk).update(holder=None, notes="")


retention(
    "mission.team_posts",
    _("Postes de l’équipe, deux ans après le départ"),
    find=old_posts,
    apply=erase_post,
)
