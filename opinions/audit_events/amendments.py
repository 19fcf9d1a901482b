"""Types of audit events about amendments and minority positions, with the sentence that each one prints."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "amendment.recorded": _("a enregistré l’amendement d’un membre"),
        "amendment.exported": _("a exporté la liste des amendements"),
        "position.recorded": _("a enregistré la position minoritaire d’un membre"),
    }
)
