"""The path of a partner. The README of the mission carries the same table."""

from django.utils.translation import gettext_lazy as _

from mission.partners.enums import PartnerState as S
from mission.registers.merging import merging
from mission.registers.moves import Move

NOW_ACTIVE = _("Le partenariat est actif.")

MOVES = [
    Move(
        *("engager", "engage", {S.TO_CONTACT}, S.ACTIVE, _("Noter comme actif"), _("Le partenariat est-il actif ?")),
        *(NOW_ACTIVE, _("a noté le partenariat actif")),
        primary=True,
    ),
    Move(
        *("reprendre", "resume", {S.DORMANT, S.ENDED}, S.ACTIVE, _("Reprendre"), _("Reprendre le partenariat ?")),
        *(NOW_ACTIVE, _("a repris le partenariat")),
        primary=True,
    ),
    Move(
        *(
            "en-sommeil",
            "pause",
            {S.ACTIVE},
            S.DORMANT,
            _("Mettre en sommeil"),
            _("Mettre le partenariat en sommeil ?"),
        ),
        *(_("Le partenariat est en sommeil."), _("a mis le partenariat en sommeil")),
        reason=True,
    ),
    Move(
        *("terminer", "end", {S.TO_CONTACT, S.ACTIVE, S.DORMANT}, S.ENDED),
        *(_("Mettre fin"), _("Mettre fin au partenariat ?"), _("Le partenariat est terminé.")),
        says=_("a mis fin au partenariat"),
        reason=True,
    ),
    merging({S.TO_CONTACT, S.ACTIVE, S.DORMANT, S.ENDED}, S.MERGED),
]
