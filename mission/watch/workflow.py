"""Workflows of a source and of an item. The README of the mission has the same tables."""

from django.utils.translation import gettext_lazy as _

from mission.registers.steps import RegisterStep
from mission.watch.enums import SourceKind
from mission.watch.enums import SourceState as S
from mission.watch.enums import WatchState as W
from mission.watch.models import WatchSource


def is_feed(source: WatchSource) -> bool:
    return source.kind == SourceKind.FEED


SOURCE_STEPS = [
    RegisterStep("fetch", {S.ACTIVE}, None, participle="fetch_asked", when=is_feed, when_column="next_fetch_at").page(
        "relever",
        _("Relever maintenant"),
        _("a demandé un relevé de la source"),
        _("Relever ce flux maintenant ?"),
        _("Le flux est relevé dans les cinq minutes."),
    ),
    RegisterStep("pause", {S.ACTIVE}, S.PAUSED).page(
        "suspendre",
        _("Mettre en pause"),
        _("a mis la source en pause"),
        success_message=_("La source n’est plus relevée."),
    ),
    RegisterStep("resume", {S.PAUSED, S.CLOSED}, S.ACTIVE, primary=True, when_column="next_fetch_at").page(
        "reprendre", _("Suivre"), _("a repris la source")
    ),
    RegisterStep("close", {S.ACTIVE, S.PAUSED}, S.CLOSED, needs_reason=True).page(
        "abandonner", _("Abandonner"), _("a abandonné la source")
    ),
]
ITEM_STEPS = [
    RegisterStep("retain", {W.NEW, W.READ}, W.RETAINED).page(
        "retenir", _("Retenir"), _("a retenu l’information"), _("Retenir pour la prochaine lettre ?")
    ),
    RegisterStep("read", {W.NEW}, W.READ, participle="read", primary=False).page(
        "lire", _("Noter comme lue"), _("a lu l’information"), _("Noter l’information comme lue ?")
    ),
    RegisterStep("share", {W.RETAINED}, W.SHARED, primary=False).page(
        "diffuser", _("Noter comme diffusée"), _("a diffusé l’information"), _("A-t-elle été diffusée ?")
    ),
    RegisterStep("archive", {*W} - {W.ARCHIVED}, W.ARCHIVED).page(
        "classer", _("Classer"), _("a classé l’information")
    ),
    RegisterStep("reopen", {W.RETAINED, W.SHARED, W.ARCHIVED}, W.READ).page(
        "reprendre",
        _("Reprendre"),
        _("a repris l’information"),
        success_message=_("L’information est de nouveau à trier."),
    ),
]
