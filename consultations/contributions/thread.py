"""Contributions of the thread of a referral: its area, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.institution.areas import open_area
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES

open_area(r"/instructions/fil/", DIRECTORATE_ROLES | TEAM_ROLES)  # both write in the thread and delete their messages
add_audit_events(
    {"thread.posted": _("a écrit dans le fil de la saisine"), "thread.withdrawn": _("a retiré un message du fil")}
)
