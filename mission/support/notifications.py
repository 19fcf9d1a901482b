"""Mails about a request for support: they name it and link to its page, where the advice is read."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from mission.support.mails import ASKED, NEWS
from mission.support.models import SupportRequest


class SupportMessage(MessageKind):
    page: ClassVar[str]

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = SupportRequest.objects.select_related("directorate", "epci", "owner__person").get(
            pk=distribution.subject_id
        )
        return {
            "row": row,
            "state": delivery.context["state"],
            "url": settings.SITE_URL + reverse(self.page, args=[row.pk]),
        }


class SupportAsked(SupportMessage):
    """Mail to the team: a directorate asks."""

    kind = ASKED
    template = "mission/support/mail/asked"
    label = gettext_lazy("Demande d’appui reçue")
    page = "mission:support-row"


class SupportNews(SupportMessage):
    """Mail to the directorate: `own.state` is the new state of its request."""

    kind = NEWS
    template = "mission/support/mail/news"
    label = gettext_lazy("Réponse à une demande d’appui")
    page = "mission:directorate-support-row"
