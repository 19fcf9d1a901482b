"""Labels of the pending tasks of a draw."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.institution.todo import ToDo
from assembly.text.french import Label

ACTS: dict[str, Label] = {
    "list": gettext_lazy("Figer la liste des membres et annoncer le tirage interne"),
    "name": gettext_lazy("Publier les noms des membres tirés"),
    "quotas": gettext_lazy("Écrire les quotas du tirage"),
    "trial": gettext_lazy("Faire un essai à blanc du tirage"),
    "check": gettext_lazy("Lire l’essai à blanc, puis vérifier les quotas"),
    "freeze": gettext_lazy("Figer la liste des candidatures"),
    "compute": gettext_lazy("Calculer les lots du tirage"),
    "announce": gettext_lazy("Annoncer le tirage"),
    "draw": gettext_lazy("Tenir la séance du tirage"),
    "seal": gettext_lazy("Sceller le procès-verbal du tirage"),
    "certify": gettext_lazy("Constater le tirage"),
    "reveal": gettext_lazy("Publier les noms des personnes tirées"),
    "propose": gettext_lazy("Proposer leur siège aux personnes tirées"),
    "note": gettext_lazy("Noter le tirage de la mandature"),
    "replace": gettext_lazy("Remplacer un siège vacant par la règle"),
}


def act_line(row: dict[str, Any]) -> ToDo:
    """Return a line that links to the page of the draw, where the button is the step and what is missing is listed."""
    return ToDo(ACTS[row["act"]], reverse("draws:draw", args=[row["pk"]]), row["reference"])


def call_again_line(row: dict[str, Any]) -> ToDo:
    label = ngettext("Rappeler %(n)s personne tirée au sort", "Rappeler %(n)s personnes tirées au sort", row["n"])
    return ToDo(label % row, reverse("draws:placements", args=[row["pk"]]), row["reference"])


def contested_line(row: dict[str, Any]) -> ToDo:
    label = ngettext("Répondre à %(n)s contestation", "Répondre à %(n)s contestations", row["n"]) % row
    detail = _("%(reference)s : la liste figée") % row
    return ToDo(label, reverse("draws:pool", args=[row["pk"]]), detail)
