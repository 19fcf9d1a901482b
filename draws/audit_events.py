"""Event types of the audit log about the call and the draw, besides those of steps."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "call.prepared": _("a préparé l’appel à candidatures"),
        "call.changed": _("a changé l’appel à candidatures"),
        "population.imported": _("a importé des chiffres de la population"),
        "population.excluded": _("a écarté des chiffres de la population"),
        "population.included": _("a repris des chiffres de la population"),
        "profile.published": _("a publié le profil des membres"),
        "candidate.received": _("a reçu une candidature"),
        "candidate.entered": _("a saisi une candidature"),
        "candidate.address_confirmed": _("a confirmé la nouvelle adresse d’une candidature"),
        "candidate.erased": _("a effacé une candidature, au jour annoncé"),
        "draw.begun": _("a commencé un tirage au sort"),
        "draw.internal_begun": _("a commencé un tirage au sort parmi les membres"),
        "draw.computation_cancelled": _("a arrêté un calcul du tirage"),
        "draw.contested": _("a contesté ce que la liste figée dit de sa candidature"),
        "draw.contestation_answered": _("a répondu à une contestation de la liste figée"),
        "mandate.called": _("a noté un appel à la personne tirée au sort"),
        "draw.file_read": _("a téléchargé un fichier réservé du tirage"),
    }
)
