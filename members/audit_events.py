"""Event types of the audit log about members."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "seats.created": _("a créé les sièges"),
        "mandate.proposed": _("a proposé le mandat"),
        "member.corrected": _("a corrigé les informations"),
        "member.name_requested": _("a demandé une correction du nom"),
        "member.name_confirmed": _("a confirmé la correction du nom"),
        "member.name_refused": _("a refusé la correction du nom"),
        "members.exported": _("a exporté la liste des membres avec leurs coordonnées"),
        "members.labels_printed": _("a imprimé les étiquettes d’adresse des membres"),
        "members.needs_read": _("a consulté la liste des besoins"),
        "member.access_ended": _("a fermé l’accès et les places en commission"),
        "need.recorded": _("a noté une mesure à prévoir"),
        "need.ended": _("a retiré une mesure à prévoir"),
        "alumni.joined": _("a demandé à rester en contact après le mandat"),
        "alumni.left": _("ne souhaite plus rester en contact après le mandat"),
        "alumni.exported": _("a exporté la liste des membres qui restent en contact"),
        "charter.published": _("a publié une version de la charte"),
        "charter.accepted": _("a accepté la charte"),
        "image_consent.decided": _("a répondu sur l’usage de son image"),
        "person.created": _("a ajouté la personne"),
        "person.corrected": _("a corrigé la fiche de la personne"),
    }
)
