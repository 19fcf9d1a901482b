"""Verbs of the journal about the call and the draw that belong to no step."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "draw.begun": _("a commencé un tirage au sort"),
        "draw.computation_cancelled": _("a arrêté un calcul du tirage"),
        "draw.contested": _("a contesté ce que la liste figée dit de sa candidature"),
        "draw.contestation_answered": _("a répondu à une contestation de la liste figée"),
        "draw.file_read": _("a téléchargé un fichier réservé du tirage"),
    }
)
