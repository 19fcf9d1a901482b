"""Agents of a term, who are the rows of the calendar; the secret calendar of a team."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from assembly.calendar.grid import Agent
from assembly.calendar.ics import event_of_item, feed_of
from assembly.calendar.models import TeamCalendar
from assembly.calendar.registry import items_of_feed
from assembly.calendar.rules import team_token
from assembly.identity.models import User
from assembly.institution.models import Role, RoleAssignment, Term
from assembly.institution.queries import DESK_ROLES, current_terms
from assembly.institution.rules import is_team, stand_in_reader

COLOURS = 5


def agents_of(term: Term) -> list[Agent]:
    """Return the team and the facilitators of a term by name, each once, in one statement."""
    rows = RoleAssignment.objects.filter(term=term, role__in=DESK_ROLES, ended_at=None, user__is_active=True)
    rows = rows.select_related("user__person").order_by("user__person__sort_name", "user", "pk")
    people = {row.user_id: row for row in reversed(list(rows.for_screen()))}
    return [
        Agent(key, row.user.get_full_name(), row.get_role_display(), place % COLOURS)
        for place, (key, row) in enumerate(reversed(people.items()))
    ]


@dataclass(frozen=True)
class TeamAddress:
    """Secret address of the team of a term; empty before anybody made it."""

    term: Term
    url: str


def team_addresses(user: User) -> list[TeamAddress]:
    """Return the address of each team to which the user belongs."""
    terms = [term for term in current_terms(user) if is_team(user, term)]
    feeds = {feed.term_id: feed for feed in TeamCalendar.objects.filter(term__in=[term.pk for term in terms])}
    return [TeamAddress(term, address_of(feeds[term.pk]) if term.pk in feeds else "") for term in terms]


def address_of(feed: TeamCalendar) -> str:
    return settings.SITE_URL + reverse("calendar:team-feed", args=[team_token(feed)])


def team_feed(term: Term) -> bytes:
    """Return the file of a team: what any officer of the term sees, whose account nobody is."""
    role = RoleAssignment(role=Role.OFFICER, term=term, assembly_id=term.assembly_id)
    items = items_of_feed(stand_in_reader(0, 0, [role], ()), [term])
    return feed_of(str(term.name), (event_of_item(item, term.assembly) for item in items))
