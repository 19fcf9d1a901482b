"""The paths of a source and of an item. The README of the mission carries the same tables."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mission.registers.moves import Move
from mission.watch.enums import SourceKind
from mission.watch.enums import SourceState as S
from mission.watch.enums import WatchState as W

SOURCE_MOVES = [
    Move(
        *("relever", "fetch", {S.ACTIVE}, None, _("Relever maintenant"), _("Relever ce flux maintenant ?")),
        *(_("Le flux est relevé dans les cinq minutes."), _("a demandé un relevé de la source")),
        participle="fetch_asked",
        when=lambda source: source.kind == SourceKind.FEED,
        changes=lambda source, taken: {"next_fetch_at": timezone.now()},
    ),
    Move(
        *("suspendre", "pause", {S.ACTIVE}, S.PAUSED, _("Mettre en pause"), _("Mettre la source en pause ?")),
        *(_("La source n’est plus relevée."), _("a mis la source en pause")),
    ),
    Move(
        *("reprendre", "resume", {S.PAUSED, S.CLOSED}, S.ACTIVE, _("Suivre"), _("Suivre cette source ?")),
        *(_("La source est suivie."), _("a repris la source")),
        changes=lambda source, taken: {"next_fetch_at": timezone.now()},
        primary=True,
    ),
    Move(
        *("abandonner", "close", {S.ACTIVE, S.PAUSED}, S.CLOSED, _("Abandonner"), _("Abandonner cette source ?")),
        *(_("La source est abandonnée."), _("a abandonné la source")),
        reason=True,
    ),
]
ITEM_MOVES = [
    Move(
        *("retenir", "keep", {W.NEW, W.READ}, W.KEPT, _("Retenir"), _("Retenir pour la prochaine lettre ?")),
        *(_("L’information est retenue."), _("a retenu l’information")),
        participle="kept",
        primary=True,
    ),
    Move(
        *("lire", "read", {W.NEW}, W.READ, _("Noter comme lue"), _("Noter l’information comme lue ?")),
        *(_("L’information est lue."), _("a lu l’information")),
        participle="read",
    ),
    Move(
        *("diffuser", "share", {W.KEPT}, W.SHARED, _("Noter comme diffusée"), _("A-t-elle été diffusée ?")),
        *(_("L’information est diffusée."), _("a diffusé l’information")),
    ),
    Move(
        *("classer", "archive", {*W} - {W.ARCHIVED}, W.ARCHIVED, _("Classer"), _("Classer l’information ?")),
        *(_("L’information est classée."), _("a classé l’information")),
    ),
    Move(
        *("reprendre", "reopen", {W.KEPT, W.SHARED, W.ARCHIVED}, W.READ, _("Reprendre"), _("La reprendre ?")),
        *(_("L’information est de nouveau à trier."), _("a repris l’information")),
    ),
]
