"""Contributions of saved views: the mail, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.notifications.registry import add_messages
from assembly.saved_views.notifications import SavedViewMessage

add_messages(SavedViewMessage)
add_audit_events({"saved_view.shared": _("a changé le partage d’une vue enregistrée")})
