"""Renewal of the secret calendar address of a team: by one of them, and when somebody leaves."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from assembly.audit.actions import record
from assembly.calendar.models import TeamCalendar
from assembly.identity.models import Person, User
from assembly.institution.models import TEAM_ROLES, RoleAssignment, Term
from assembly.institution.rules import is_team


@transaction.atomic
def renew_team_address(term: Term, *, by: User) -> TeamCalendar:
    """Create another address for the team of a term; raise PermissionDenied for who is not of it, or leaves."""
    own = RoleAssignment.objects.filter(user=by, user__is_active=True, term=term, role__in=TEAM_ROLES, ended_at=None)
    if not is_team(by, term) or not own.select_for_update(no_key=True):
        raise PermissionDenied
    feed, is_new = TeamCalendar.objects.get_or_create(term=term)
    if not is_new:
        sign_anew(feed)
        feed.refresh_from_db()
    record("team_calendar.renewed", feed, by=by, dossier=term, version=feed.version)
    return feed


def sign_anew(feed: TeamCalendar) -> None:
    TeamCalendar.objects.filter(pk=feed.pk).update(version=F("version") + 1, renewed_at=timezone.now())


def leave_team(person: Person, *, by: User) -> None:
    """Change the address of each team that this person left since its last change: they know it."""
    roles = RoleAssignment.objects.filter(user__person=person, role__in=TEAM_ROLES)
    for feed in TeamCalendar.objects.filter(term__in=roles.values("term")):
        own = roles.filter(term=feed.term_id)
        has_left = own.filter(Q(ended_at__gte=feed.renewed_at) | Q(user__suspended_at__gte=feed.renewed_at)).exists()
        if has_left and not own.filter(ended_at=None, user__is_active=True).exists():
            sign_anew(feed)
            record("team_calendar.renewed", feed, by=by, dossier=feed.term, version=feed.version + 1)
