"""Event types of the journal about the institution."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "assembly.created": _("a créé l’assemblée"),
        "settings.changed": _("a changé un réglage"),
        "settings.mail_tested": _("a envoyé un courriel d’essai"),
        "term.created": _("a créé la mandature"),
        "role.given": _("a donné un rôle"),
        "role.ended": _("a retiré un rôle"),
        "invitation.sent": _("a invité une personne"),
        "invitation.accepted": _("a accepté l’invitation"),
        "invitation.revoked": _("a retiré l’invitation"),
        "files.handed_over": _("a passé ses dossiers à une autre personne"),
        "committee.created": _("a créé le comité"),
        "committee.changed": _("a modifié le comité"),
        "committee.closed": _("a clos le comité"),
        "membership.started": _("a fait entrer une personne au comité"),
        "membership.ended": _("a mis fin à une participation au comité"),
        "directorate.created": _("a créé la direction"),
        "directorate.renamed": _("a renommé la direction"),
        "directorate.closed": _("a clos la direction"),
    }
)
