"""Messages to members about the pack: that it is open, then what was added."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from consultations.briefing.queries import documents_of, for_members
from consultations.models import BriefingDocument, BriefingPack


class BriefingMessage(MessageKind):
    """Mail with the list of papers and the link; members on paper read the same list in their letter."""

    template: ClassVar[str] = "consultations/briefing/mail/open"
    is_news: ClassVar[bool] = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        pack = BriefingPack.objects.select_related("referral__term__assembly").get(pk=distribution.subject_id)
        return {
            "pack": pack,
            "referral": pack.referral,
            "documents": self.documents(pack, delivery),
            "url": settings.SITE_URL + reverse("consultations:my-briefing", args=[pack.referral_id]),
            "is_news": self.is_news,
        }

    def documents(self, pack: BriefingPack, delivery: Delivery) -> list[BriefingDocument]:
        return for_members(documents_of(pack))


class BriefingOpen(BriefingMessage):
    kind = "briefing-open"
    label = gettext_lazy("Dossier documentaire ouvert")


class BriefingNews(BriefingMessage):
    kind = "briefing-news"
    template = "consultations/briefing/mail/news"
    label = gettext_lazy("Nouveaux documents d’un dossier")
    is_news = True

    def documents(self, pack: BriefingPack, delivery: Delivery) -> list[BriefingDocument]:
        """Return those of the day that are still in the pack when the mail leaves."""
        document_ids = set(delivery.context["documents"])
        return [document for document in super().documents(pack, delivery) if document.pk in document_ids]
