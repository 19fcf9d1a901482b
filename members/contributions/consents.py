"""Contributions of the charter and of consents about images: audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "charter.published": _("a publié une version de la charte"),
        "charter.accepted": _("a accepté la charte"),
        "image_consent.decided": _("a répondu sur l’usage de son image"),
    }
)
