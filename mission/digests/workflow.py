"""Who receives the letter of the watch, and that it leaves once."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mission.digests import sending
from mission.digests.models import WatchDigest
from mission.letters.workflow import letter_leaves


def has_readers(digest: WatchDigest) -> None:
    if not sending.readers_of(digest.assembly_id):
        words = gettext("Personne ne reçoit la lettre\u00a0: ajoutez d’abord des destinataires.")
        raise ValidationError(words, code="readers")


def sending_lines(digest: WatchDigest) -> list[str]:
    count = len(sending.readers_of(digest.assembly_id))
    people = ngettext("%(n)s personne la reçoit par courriel.", "%(n)s personnes la reçoivent par courriel.", count)
    return [people % {"n": count}, gettext("Le texte ne change plus ensuite ; ce qu’il cite est noté diffusé.")]


DIGEST_MOVES = [
    letter_leaves(
        label=_("Envoyer la lettre"),
        question=_("Envoyer la lettre de veille ?"),
        done=_("La lettre part."),
        says=_("a envoyé la lettre de veille"),
        guards=(has_readers,),
        lines=sending_lines,
        send_out=lambda digest, by: sending.send_out(digest, by=by),
    )
]
