"""Workflow of the watch letter: it is sent once, to at least one recipient."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.workflow import make_guard
from mission.digests import sending
from mission.digests.models import WatchDigest
from mission.letters.workflow import send_step

HAS_READERS = make_guard(
    lambda digest: sending.readers_of(digest.assembly_id),
    _("Personne ne reçoit la lettre\u00a0: ajoutez d’abord des destinataires."),
    "readers",
)


def sending_lines(digest: WatchDigest) -> list[str]:
    count = len(sending.readers_of(digest.assembly_id))
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
        send_out=lambda digest, by: sending.send_out(digest, by=by),
    )
]
