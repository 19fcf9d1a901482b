"""The daily mail of an agent: what is due, each line with its link."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from assembly.institution.rules import is_team
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, add_messages
from assembly.text.french import format_date
from consultations.digest.models import DeskEventKind
from consultations.digest.queries import desk_targets, digest_kind_of, events_of_mail
from consultations.models import DeskEvent, ReviewState
from consultations.reviews.rules import THREAD_PAGES

K = DeskEventKind


@dataclass(frozen=True)
class DeskDigestLine:
    """One line: what happened, on which referral, details, where to go."""

    what: str
    about: str
    detail: str
    url: str


class DeskDigest(MessageKind):
    kind = "desk-digest"
    template = "consultations/digest/mail/daily"
    label = gettext_lazy("Contributions des directions : ce qui attend")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = list(dict.fromkeys(line_of(event) for event in events_of_mail(delivery.context["events"])))
        return {"lines": lines, "count": len(lines)}


def line_of(event: DeskEvent) -> DeskDigestLine:
    if event.target_type:
        about, detail, path = desk_targets[event.target_type].line(event)
        return DeskDigestLine(str(digest_kind_of(event).label), about, detail, f"{settings.SITE_URL}{path}")
    referral = event.referral
    about = f"{referral.reference} – {referral.title}" if referral.reference else referral.title
    return DeskDigestLine(
        str(digest_kind_of(event).label), about, detail_of(event), f"{settings.SITE_URL}{address_of(event)}"
    )


def detail_of(event: DeskEvent) -> str:
    """Return the due day, or the person; never the text itself, because a mail goes through many hands."""
    review = event.review
    if event.message is not None:
        return _("%(name)s vous cite dans le fil.") % {"name": event.message.author.get_full_name()}
    if review is None:
        return ""
    if event.kind in {K.RECEIVED, K.DECLINED, K.COPIED}:
        return review.directorate.name
    if event.kind == K.CLOSED or review.state == ReviewState.CLOSED:
        return _("Vous n’avez plus rien à rendre sur cette saisine.")
    day = format_date(review.due_on)
    if event.kind == K.TO_VALIDATE:
        return _("Votre visa est attendu. Date prévue : %(day)s.") % {"day": day}
    if review.is_late:
        return _("C’était attendu le %(day)s. Vous pouvez encore répondre.") % {"day": day}
    return _("Attendu le %(day)s.") % {"day": day}


def address_of(event: DeskEvent) -> str:
    """Return the path in the back office for the team, else the page of the directorate; both need the sign-in."""
    team = is_team(event.user, event.referral.term_id)
    if event.message is not None and event.message.review_id:
        return reverse("consultations:instruction", args=[event.message.review_id])
    if event.message is not None:
        return THREAD_PAGES.page_for(event.referral, event.user)
    if event.review is None:
        return reverse("consultations:referral", args=[event.referral_id])
    return reverse("consultations:review" if team else "consultations:instruction", args=[event.review_id])


add_messages(DeskDigest)
