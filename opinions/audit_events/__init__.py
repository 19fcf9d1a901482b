"""Types of audit events about opinions, with the sentence that each one prints."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "opinion.created": _("a préparé le plan de l’avis"),
        "opinion.changed": _("a modifié l’avis"),
        "opinion.worked": _("a modifié les thèmes et les priorités"),
        "opinion.numbered": _("a relevé les préconisations du texte"),
        "opinion.merged": _("a réuni deux préconisations"),
        "opinion.followed": _("a porté l’avis à une autre séance"),
        "opinion.part_announced": _("a prévu un vote sur une partie"),
        "opinion.part_dropped": _("a retiré un vote sur une partie"),
        "opinion.ranked": _("a noté le classement des priorités"),
        "opinion.spokespersons_drawn": _("a noté les porte-parole tirés au sort"),
        "opinion.settings_changed": _("a modifié les réglages des avis"),
        "section.added": _("a ajouté une partie à l’avis"),
        "section.changed": _("a modifié une partie de l’avis"),
        "section.moved": _("a changé l’ordre des parties"),
        "section.restored": _("a remis une partie dans l’avis"),
        "section.removed": _("a retiré une partie de l’avis"),
        "check.asked": _("a demandé la lecture d’une direction"),
        "check.noted": _("a noté une préconisation"),
    }
)
