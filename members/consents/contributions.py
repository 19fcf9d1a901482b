"""Contributions of alumni: the mail of welcome, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.notifications.registry import add_messages
from members.notifications import AlumniWelcome

add_messages(AlumniWelcome)
add_audit_events(
    {
        "alumni.joined": _("a demandé à rester en contact après le mandat"),
        "alumni.left": _("ne souhaite plus rester en contact après le mandat"),
        "alumni.exported": _("a exporté la liste des membres qui restent en contact"),
    }
)
