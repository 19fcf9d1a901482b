"""Mail to the author and the signers of an amendment about its state, with the reason when it ends."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from opinions.amending.enums import AmendmentState
from opinions.amendments.queries import format_result, full
from opinions.models import Amendment

A = AmendmentState


@dataclass(frozen=True)
class AmendmentNewsMessage:
    """The amendment, the sentence about its state, the reasons, its address."""

    title: str
    sentence: str
    reasons: str
    url: str


class AmendmentNews(MessageKind):
    kind = "amendment-news"
    template = "opinions/amendments/mail/news"
    label = gettext_lazy("Ce que devient un amendement")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = Amendment.objects.filter(pk__in=delivery.context["amendments"])
        lines = [news_of(amendment) for amendment in full(rows).order_by("number", "pk")]
        return {"lines": lines, "count": len(lines)}


def news_of(amendment: Amendment) -> AmendmentNewsMessage:
    opinion = amendment.version.opinion
    title = _("Amendement n°\u00a0%(n)s, avis %(ref)s") % {"n": amendment.number, "ref": opinion.reference}
    url = f"{settings.SITE_URL}{reverse('opinions:my-amendment', args=[amendment.pk])}"
    return AmendmentNewsMessage(title, news_sentence(amendment), amendment.check_reason or amendment.end_reason, url)


def news_sentence(amendment: Amendment) -> str:
    """Return one sentence about the state of the amendment."""
    if sentence := format_result(amendment):
        return sentence
    match amendment.state:
        case A.ADMISSIBLE:
            return _("Il est recevable : il sera appelé en séance.")
        case A.INADMISSIBLE:
            return _("Il n’est pas recevable.")
        case A.RAPPORTEUR_VIEW:
            return _("Le rapporteur a donné son avis : %(view)s.") % {"view": amendment.get_view_stance_display()}
        case A.MERGED:
            number = amendment.merged_into.number if amendment.merged_into else ""
            return _("Il se poursuit dans l’amendement n°\u00a0%(n)s.") % {"n": number}
        case A.FELL:
            return _("Il est tombé.")
    return str(amendment.get_state_display()).capitalize() + "."
