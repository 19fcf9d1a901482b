"""Mails to those who follow something: a link to confirm, then news that anybody may read.

The outbox stores neither address nor name: both are read from the follower when the message leaves, and whoever
withdrew or never confirmed receives nothing more.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from answers.models import Follower, Following, ProposalEventKind, ProposalNews
from answers.publication.queries import entry_text, thread_of
from answers.voice.models import COLUMNS, Proposal
from answers.voice.queries import followed_among, mailbox_of, target_of
from answers.voice.rules import confirmation_token, is_open, stop_token
from assembly.fragments.cache import cached_piece
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import shortened
from assembly.workflow.locks import share

NEWS, CONFIRMATION = "proposal-news", "proposal-following"
EXCERPT = 400
GONE = "withdrawn between the claim and the writing of the message"
ANSWERS = {ProposalEventKind.ANSWERED, ProposalEventKind.REVISED}


@dataclass(frozen=True)
class ProposalNewsItem:
    """One proposal in a mail: its events, and the text of the answer if it was published or revised."""

    reference: str
    title: str
    sentences: list[str]
    excerpt: str
    url: str
    label: str


def follower_in(delivery: Delivery) -> Follower | None:
    """Return the follower with a share lock until the transaction ends: a withdrawal comes before or after it."""
    return share(Follower.objects.filter(pk=delivery.context["follower"]))


def standing_answer(proposal: Proposal) -> tuple[str, str]:
    """Return anchor and text of the published answer in the thread; both are empty before the first one."""
    thread = thread_of(proposal)
    answer = thread.summary.answer
    steps = [step for step in thread.steps if step.answer is not None and step.answer == answer]
    return (steps[0].anchor, shortened(entry_text(steps[0]), EXCERPT)) if steps else ("", "")


def followed_news(follower: Follower, news: list[int]) -> dict[Proposal, list[ProposalEventKind]]:
    """Return the events of those proposals that are still followed and public."""
    related = ("recommendation__opinion__term", "whole_of__term")
    rows = list(ProposalNews.objects.filter(pk__in=news).select_related(*related).order_by("pk"))
    followed = followed_among(follower, {row.proposal for row in rows})
    events: dict[Proposal, list[ProposalEventKind]] = {}
    for row in rows:
        if row.proposal in followed:
            kinds = events.setdefault(row.proposal, [])
            kinds += [ProposalEventKind(row.kind)] if row.kind not in kinds else []
    return events


def news_item_of(row: Proposal, happened: list[ProposalEventKind]) -> ProposalNewsItem:
    """Return the proposal as its thread words it when the mail leaves."""
    anchor, excerpt = "", ""
    has_answer = bool(ANSWERS & set(happened))
    if has_answer:
        anchor, excerpt = cached_piece(("proposal-news", type(row).__name__, row.pk), partial(standing_answer, row))
    # An opinion has a thread only where it is answered as a whole.
    is_new = ProposalEventKind.NEW_OPINION in happened and not has_answer
    page = reverse("opinions:public" if is_new else "answers:thread", args=[row.reference])
    address = settings.SITE_URL + page + (f"#{anchor}" if anchor else "")
    label = _("Lire l’avis") if is_new else _("Lire toute son histoire")
    sentences = [str(kind.label) for kind in happened]
    return ProposalNewsItem(row.reference, row.title, sentences, excerpt, address, label)


class ProposalNewsMessage(MessageKind):
    """Mail about followed proposals. `own.follower`, `own.news`: keys. Unsubscribed by one click (RFC 8058)."""

    kind = NEWS
    template = "answers/voice/mail/proposal_news"
    label = gettext_lazy("Suivi par courriel")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        follower = follower_in(delivery)
        if follower is None or not (address := mailbox_of(follower)):
            return None
        return ("", address) if followed_news(follower, delivery.context["news"]) else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        follower = Follower.objects.get(pk=delivery.context["follower"])
        return settings.SITE_URL + reverse("answers:follow-stop", args=[stop_token(follower)])

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        follower = Follower.objects.get(pk=delivery.context["follower"])
        events = followed_news(follower, delivery.context["news"])
        if not events:
            raise LookupError(GONE)
        return {"proposals": [news_item_of(row, kinds) for row, kinds in events.items()]}


class FollowingConfirmation(MessageKind):
    """Mail with a link that confirms a subscription. `own.following`: a key.

    Sent only while the request is open, or if the address follows the proposal already.
    """

    kind = CONFIRMATION
    template = "answers/voice/mail/proposal_following"
    label = gettext_lazy("Demande de suivi à confirmer")

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        row = self.following(delivery)
        if row is None or not (row.confirmed_at or is_open(row, timezone.now())):
            return None
        follower = share(Follower.objects.filter(pk=row.follower_id))
        if follower is None:
            return None
        address = follower.address or (follower.person.email if follower.person else "")
        return ("", address) if address else None

    def following(self, delivery: Delivery) -> Following | None:
        rows = Following.objects.filter(pk=delivery.context["following"])
        return rows.select_related("follower", *COLUMNS.values()).first()

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = self.following(delivery)
        if row is None:
            raise LookupError(GONE)
        return {
            "target": target_of(row.followed_thing),
            "is_known": row.confirmed_at is not None,
            "url": settings.SITE_URL + reverse("answers:follow-confirm", args=[confirmation_token(row)]),
            "stop_url": settings.SITE_URL + reverse("answers:follow-stop", args=[stop_token(row.follower)]),
        }
