"""The path of a method sheet. The README of the mission carries the same table."""

from django.utils.translation import gettext_lazy as _

from mission.methods.enums import MethodState as S
from mission.registers.moves import Move

MOVES = [
    Move(
        slug="mettre-en-usage",
        verb="adopt",
        sources={S.DRAFT, S.RETIRED},
        target=S.IN_USE,
        label=_("Mettre en usage"),
        question=_("Mettre cette fiche en usage ?"),
        done=_("La fiche se propose dans les demandes d’appui."),
        says=_("a mis la fiche méthode en usage"),
        primary=True,
    ),
    Move(
        slug="retirer",
        verb="retire",
        sources={S.IN_USE},
        target=S.RETIRED,
        label=_("Retirer"),
        question=_("Retirer cette fiche ?"),
        done=_("La fiche ne se propose plus. Les demandes qui la nomment la gardent."),
        says=_("a retiré la fiche méthode"),
    ),
]
