"""Mails about follow-ups sent at once, not next morning: entrusted, update requested, disputed, hearing asked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.models import AnswerFile, FollowUp
from answers.notifications.room import AnswerMessage, write
from answers.queries.people import tellers_of
from assembly.identity.models import User
from assembly.notifications.registry import register
from assembly.ui.words import date_words

ENTRUSTED, ASKED, DISPUTED = "follow-up-entrusted", "follow-up-asked", "follow-up-disputed"
HEARING = "follow-up-hearing"


class FollowUpMessage(AnswerMessage):
    button = gettext_lazy("Faire le point")

    def detail(self, file: AnswerFile) -> str:
        due = file.follow_up.update_due_on
        return _("Le point est attendu le %(day)s.") % {"day": date_words(due)} if due else ""


@register
class FollowUpEntrusted(FollowUpMessage):
    kind = ENTRUSTED
    label = heading = gettext_lazy("Suite donnée à suivre")
    sentence = gettext_lazy("La mission confie à votre direction le suivi de cette réponse publiée :")


@register
class UpdateAsked(FollowUpMessage):
    kind = ASKED
    label = heading = gettext_lazy("Un point est demandé")
    sentence = gettext_lazy("La mission demande où en est cette suite donnée :")


@register
class FollowUpDisputed(FollowUpMessage):
    kind = DISPUTED
    label = heading = gettext_lazy("Une suite donnée reste à faire")
    sentence = gettext_lazy("La mission ne tient pas encore cette suite donnée pour réalisée :")
    words = gettext_lazy("Elle précise :")


@register
class HearingAsked(FollowUpMessage):
    kind = HEARING
    label = heading = gettext_lazy("Le comité de suivi veut entendre un service")
    sentence = gettext_lazy("Le comité de suivi demande à entendre un service sur cette suite donnée :")
    words = gettext_lazy("Il veut savoir :")
    button = gettext_lazy("Ouvrir le dossier")


def tell(kind: str, follow_up: FollowUp, *, by: User | None, reason: str = "") -> None:
    """Send one mail to each agent of the directorate in charge."""

    def readers(file: Any) -> list[User]:
        return tellers_of(follow_up)

    write(kind, [follow_up.file], readers, by=by, reason=reason)
