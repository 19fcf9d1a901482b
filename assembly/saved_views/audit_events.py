"""Sentences of the journal about saved views."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events({"saved_view.shared": _("a changé le partage d’une vue enregistrée")})
