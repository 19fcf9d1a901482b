"""Contributions of ballots: audit events that are not steps."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events({"ballot.prepared": _("a préparé un scrutin")})
