"""Workflows of a source, of an item and of a letter. The README of the mission has the same tables."""

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.workflow import Step, make_guard
from mission.letters.workflow import send_step
from mission.registers.rules import TEAM
from mission.watch import mails
from mission.watch.models import SourceKind, SourceState as S, WatchDigest, WatchState as W

SOURCE_STEPS = [
    Step(
        "fetch",
        {S.ACTIVE},
        None,
        TEAM,
        event_type="fetch_asked",
        history_text=_("a demandé un relevé de la source"),
        when=lambda source: source.kind == SourceKind.FEED,
        when_column="next_fetch_at",
        slug="relever",
        label=_("Relever maintenant"),
        question=_("Relever ce flux maintenant ?"),
        success_message=_("Le flux est relevé dans les cinq minutes."),
    ),
    Step(
        "pause",
        {S.ACTIVE},
        S.PAUSED,
        TEAM,
        history_text=_("a mis la source en pause"),
        undo="resume",
        slug="suspendre",
        label=_("Mettre en pause"),
        success_message=_("La source n’est plus relevée."),
    ),
    Step(
        "resume",
        {S.PAUSED, S.CLOSED},
        S.ACTIVE,
        TEAM,
        history_text=_("a repris la source"),
        primary=True,
        when_column="next_fetch_at",
        undo="pause",
        slug="reprendre",
        label=_("Suivre"),
    ),
    Step(
        "close",
        {S.ACTIVE, S.PAUSED},
        S.CLOSED,
        TEAM,
        history_text=_("a abandonné la source"),
        needs_reason=True,
        slug="abandonner",
        label=_("Abandonner"),
    ),
]
ITEM_STEPS = [
    Step(
        "retain",
        {W.NEW, W.READ},
        W.RETAINED,
        TEAM,
        history_text=_("a retenu l’information"),
        undo="reopen",
        slug="retenir",
        label=_("Retenir"),
        question=_("Retenir pour la prochaine lettre ?"),
    ),
    Step(
        "read",
        {W.NEW},
        W.READ,
        TEAM,
        event_type="read",
        history_text=_("a lu l’information"),
        primary=False,
        slug="lire",
        label=_("Noter comme lue"),
        question=_("Noter l’information comme lue ?"),
    ),
    Step(
        "share",
        {W.RETAINED},
        W.SHARED,
        TEAM,
        history_text=_("a diffusé l’information"),
        primary=False,
        slug="diffuser",
        label=_("Noter comme diffusée"),
        question=_("A-t-elle été diffusée ?"),
    ),
    Step(
        "archive",
        {*W} - {W.ARCHIVED},
        W.ARCHIVED,
        TEAM,
        history_text=_("a classé l’information"),
        undo="reopen",
        slug="classer",
        label=_("Classer"),
    ),
    Step(
        "reopen",
        {W.RETAINED, W.SHARED, W.ARCHIVED},
        W.READ,
        TEAM,
        history_text=_("a repris l’information"),
        undo="archive",
        slug="reprendre",
        label=_("Reprendre"),
        success_message=_("L’information est de nouveau à trier."),
    ),
]

HAS_READERS = make_guard(
    lambda digest: mails.readers_of(digest.assembly_id),
    _("Personne ne reçoit la lettre\u00a0: ajoutez d’abord des destinataires."),
    "readers",
)


def sending_lines(digest: WatchDigest) -> list[str]:
    count = len(mails.readers_of(digest.assembly_id))
    people = ngettext("%(n)s personne la reçoit par courriel.", "%(n)s personnes la reçoivent par courriel.", count)
    return [people % {"n": count}, gettext("Le texte ne change plus ensuite ; ce qu’il cite est noté diffusé.")]


DIGEST_STEPS = [
    send_step(
        label=_("Envoyer la lettre"),
        question=_("Envoyer la lettre de veille ?"),
        success_message=_("La lettre est en cours d’envoi."),
        history_text=_("a envoyé la lettre de veille"),
        guards=(HAS_READERS,),
        consequences=sending_lines,
        send_out=lambda digest, by: mails.send_out(digest, by=by),
    )
]
