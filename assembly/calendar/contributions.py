"""Contributions of the calendar: its menu line, audit events, what ends with a role in the team."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.calendar.actions import leave_team
from assembly.calendar.rules import can_see_calendar
from assembly.identity.signals import standing_ended
from assembly.institution.menu import MenuHeading, add_desk_line

add_desk_line(MenuHeading.TODAY, _("Semaine"), "calendar:page", can_see_calendar, order=3)
add_audit_events({"team_calendar.renewed": _("a changé l’adresse de l’agenda de l’équipe")})


@receiver(standing_ended)
def renew_team_addresses(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Change the secret addresses that a former member of a team knows."""
    leave_team(person, by=by)
