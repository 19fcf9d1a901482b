from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events({"job.retried": _("a relancé un travail échoué"), "backup.asked": _("a demandé une sauvegarde")})
