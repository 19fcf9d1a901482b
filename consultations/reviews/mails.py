"""Mails about one answer that are sent at once: somebody of the institution cannot go on without the recipient."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from consultations.models import DirectorateReview
from consultations.reviews.queries import with_facts

SENT_BACK, MORE_ASKED, TO_SIGN = "review-sent-back", "review-more-asked", "review-to-sign"


class ReviewMessage(MessageKind):
    """Base of these mails, whose subject never holds the text. `own.reason`: why sent back, or what more is asked."""

    page = "consultations:instruction"

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        review = with_facts(DirectorateReview.objects.all()).get(pk=distribution.subject_id)
        return {
            "review": review,
            "referral": review.referral,
            "by": distribution.requested_by,
            "url": settings.SITE_URL + reverse(self.page, args=[review.pk]),
        }


class ReviewSentBack(ReviewMessage):
    kind = SENT_BACK
    template = "consultations/reviews/mail/sent_back"
    label = gettext_lazy("Contribution renvoyée à reprendre")


class ReviewMoreAsked(ReviewMessage):
    kind = MORE_ASKED
    template = "consultations/reviews/mail/more_asked"
    label = gettext_lazy("Complément demandé à une contribution")


class ReviewToSign(ReviewMessage):
    kind = TO_SIGN
    template = "consultations/reviews/mail/to_sign"
    label = gettext_lazy("Visa demandé sur une contribution")
    page = "consultations:instruction-visa"
