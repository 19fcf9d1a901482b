"""A letter leaves once. The README of the mission carries the same table."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mission.digests import sending
from mission.digests.enums import DigestState as D
from mission.digests.models import WatchDigest
from mission.registers.moves import Move


def has_readers(digest: WatchDigest) -> None:
    if not sending.readers_of(digest.assembly_id):
        words = gettext("Personne ne reçoit la lettre\u00a0: ajoutez d’abord des destinataires.")
        raise ValidationError(words, code="readers")


def sending_lines(digest: WatchDigest) -> list[str]:
    count = len(sending.readers_of(digest.assembly_id))
    people = ngettext("%(n)s personne la reçoit par courriel.", "%(n)s personnes la reçoivent par courriel.", count)
    return [people % {"n": count}, gettext("Le texte ne change plus ensuite ; ce qu’il cite est noté diffusé.")]


DIGEST_MOVES = [
    Move(
        *("envoyer", "send", {D.DRAFT}, D.SENT, _("Envoyer la lettre"), _("Envoyer la lettre de veille ?")),
        *(_("La lettre part."), _("a envoyé la lettre de veille")),
        participle="sent",
        guards=(has_readers,),
        # A form opened before finds another version: what has left is not corrected.
        changes=lambda digest, taken: {"sent_at": timezone.now(), "version": digest.version + 1},
        then=lambda digest, taken: sending.send_out(digest, by=taken.by),
        lines=sending_lines,
        primary=True,
    ),
]
