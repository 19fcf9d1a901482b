"""Mails about follow-ups sent at once, not next morning: entrusted, update requested, disputed, hearing asked."""

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from answers.cases.mails import AnswerMessage, mail_readers
from answers.follow_up.queries import update_writers_of
from answers.models import AnswerCase, FollowUp
from assembly.identity.models import User
from assembly.text.french import format_date

ENTRUSTED, ASKED, DISPUTED = "follow-up-entrusted", "follow-up-asked", "follow-up-disputed"
HEARING = "follow-up-hearing"


class FollowUpMessage(AnswerMessage):
    button = gettext_lazy("Faire le point")

    def detail(self, case: AnswerCase) -> str:
        due = case.follow_up.update_due_on
        return _("Le point est attendu le %(day)s.") % {"day": format_date(due)} if due else ""


class FollowUpEntrusted(FollowUpMessage):
    kind = ENTRUSTED
    label = heading = gettext_lazy("Suite donnée à suivre")
    sentence = gettext_lazy("La mission confie à votre direction le suivi de cette réponse publiée :")


class UpdateAsked(FollowUpMessage):
    kind = ASKED
    label = heading = gettext_lazy("Un point est demandé")
    sentence = gettext_lazy("La mission demande où en est cette suite donnée :")


class FollowUpDisputed(FollowUpMessage):
    kind = DISPUTED
    label = heading = gettext_lazy("Une suite donnée reste à faire")
    sentence = gettext_lazy("La mission ne tient pas encore cette suite donnée pour réalisée :")
    reason_label = gettext_lazy("Elle précise :")


class HearingAsked(FollowUpMessage):
    kind = HEARING
    label = heading = gettext_lazy("Le comité de suivi veut entendre un service")
    sentence = gettext_lazy("Le comité de suivi demande à entendre un service sur cette suite donnée :")
    reason_label = gettext_lazy("Il veut savoir :")
    button = gettext_lazy("Ouvrir le dossier")


def notify_directorate(kind: str, follow_up: FollowUp, *, by: User | None, reason: str = "") -> None:
    """Send one mail to each agent of the directorate in charge."""

    def readers(case: Any) -> list[User]:
        return update_writers_of(follow_up)

    mail_readers(kind, [follow_up.case], readers, by=by, reason=reason)
