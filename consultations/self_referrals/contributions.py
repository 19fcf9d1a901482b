"""The mail to the author of a suggestion: its state, and why when it stops."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.pages import outside_status

S = ReferralState


@dataclass(frozen=True)
class SuggestionNewsMessage:
    """One subject of the mail: title, sentence of its state, reasons, link."""

    title: str
    sentence: str
    reasons: str
    url: str


class SuggestionNews(MessageKind):
    kind = "suggestion-news"
    template = "consultations/self_referrals/mail/news"
    label = gettext_lazy("Ce que devient un sujet proposé")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = Referral.objects.filter(pk__in=delivery.context["referrals"])
        referrals = rows.select_related("admissibility", "merged_into", "vote_item__sitting").order_by("pk")
        lines = [news_of(referral) for referral in referrals]
        return {"lines": lines, "count": len(lines)}


def news_of(referral: Referral) -> SuggestionNewsMessage:
    status = outside_status(referral)
    reasons = status.consequence if referral.is_ended else ""
    check = getattr(referral, "admissibility", None)
    if referral.state == S.INADMISSIBLE and check is not None:
        reasons = check.reasons
    url = reverse("consultations:my-suggestion", args=[referral.pk])
    return SuggestionNewsMessage(referral.title, status.sentence, reasons, f"{settings.SITE_URL}{url}")
