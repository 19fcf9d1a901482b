"""Verbs of the journal about opinions, with the sentence that each one prints."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "opinion.created": _("a préparé le plan de l’avis"),
        "opinion.changed": _("a modifié l’avis"),
        "opinion.opened": _("a confié les textes aux groupes"),
        "opinion.validated": _("a noté que tous les groupes ont validé"),
        "opinion.services_asked": _("a demandé aux directions de lire l’avis"),
        "opinion.consolidated": _("a réuni les textes en un seul"),
        "opinion.worked": _("a modifié les thèmes et les priorités"),
        "opinion.numbered": _("a relevé les préconisations du texte"),
        "opinion.merged": _("a réuni deux préconisations"),
        "opinion.tabled": _("a déposé l’avis"),
        "opinion.taken_off": _("a retiré l’avis de l’ordre du jour"),
        "opinion.followed": _("a porté l’avis à une autre séance"),
        "opinion.window_changed": _("a changé les dates des amendements"),
        "opinion.amendments_opened": _("a ouvert le dépôt des amendements"),
        "opinion.frozen": _("a figé l’avis avant le vote"),
        "opinion.part_announced": _("a prévu un vote sur une partie"),
        "opinion.part_dropped": _("a retiré un vote sur une partie"),
        "opinion.voted": _("a noté le vote sur l’avis"),
        "opinion.adopted": _("a noté l’adoption de l’avis"),
        "opinion.rejected": _("a noté le rejet de l’avis"),
        "opinion.ranked": _("a noté le classement des priorités"),
        "opinion.spokespersons_drawn": _("a noté les porte-parole tirés au sort"),
        "opinion.handed_over": _("a noté la remise de l’avis"),
        "opinion.easy_read_written": _("a écrit le résumé facile à lire"),
        "opinion.published": _("a publié l’avis"),
        "opinion.returned": _("a rendu les textes aux groupes"),
        "opinion.reopened": _("a rouvert l’avis"),
        "opinion.withdrawn": _("a retiré l’avis"),
        "opinion.settings_changed": _("a modifié les réglages des avis"),
        "section.added": _("a ajouté une partie à l’avis"),
        "section.changed": _("a modifié une partie de l’avis"),
        "section.moved": _("a changé l’ordre des parties"),
        "section.removed": _("a retiré une partie de l’avis"),
        "section.validated": _("a validé le texte d’un groupe"),
        "section.reopened": _("a rouvert le texte d’un groupe"),
        "check.asked": _("a demandé la lecture d’une direction"),
        "check.noted": _("a noté une préconisation"),
        "check.submitted": _("a envoyé ses notes au visa"),
        "check.returned": _("a renvoyé des notes à reprendre"),
        "check.validated": _("a rendu ses notes"),
        "check.closed": _("a clos la lecture d’une direction"),
        "check.due_changed": _("a changé la date d’une lecture"),
        "check.reminded": _("a relancé une direction"),
    }
)
