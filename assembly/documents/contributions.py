"""Contributions of documents: a ceiling for anonymous users, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.forms import ATTEMPT_KIND
from assembly.identity.attempts import add_ceiling

add_ceiling(ATTEMPT_KIND, _("Vérification de documents"), near=500)
add_audit_events(
    {
        "document.timestamped": _("a horodaté un document"),
        "register.sealed": _("a arrêté la tête du registre des empreintes"),
        "upload.accepted": _("a déposé un fichier"),
        "upload.withdrawn": _("a retiré un fichier"),
        "upload.erased": _("a effacé un fichier"),
    }
)
