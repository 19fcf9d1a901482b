"""Contributions of the journal: its own audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events({"journal.detail_erased": _("a effacé un détail personnel du journal")})
