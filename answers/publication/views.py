"""Atom feed (RFC 4287) of the thread of one proposal."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from answers.publication.queries import ProposalThread, entry_text
from answers.queries.thread_steps import ThreadStep
from assembly.documents.feeds import absolute
from assembly.institution.queries import main_assembly


class ThreadFeed(Feed):
    """Feed of the steps that took place, the latest first; each entry links to its step on the page."""

    feed_type = Atom1Feed

    def __init__(self, thread: ProposalThread) -> None:
        self.thread = thread

    def title(self) -> str:
        row = self.thread.proposal
        return _("%(reference)s : %(title)s") % {"reference": row.reference, "title": row.title}

    def subtitle(self) -> str:
        return _("Ce que devient %(what)s, de la question à la réponse.") % {"what": self.thread.what}

    def author_name(self) -> str:
        assembly = main_assembly()
        return assembly.name if assembly else ""

    def link(self) -> str:
        return absolute(reverse("answers:thread", args=[self.thread.proposal.reference]))

    def feed_url(self) -> str:
        return absolute(reverse("answers:thread-feed", args=[self.thread.proposal.reference]))

    def items(self) -> list[ThreadStep]:
        return [step for step in reversed(self.thread.steps) if step.day]

    def item_title(self, item: ThreadStep) -> str:
        return item.title

    def item_description(self, item: ThreadStep) -> str:
        """Return the step escaped: feed readers parse it as HTML, and what somebody typed stays text."""
        return escape(entry_text(item))

    def item_link(self, item: ThreadStep) -> str:
        return f"{self.link()}#{item.anchor}"

    item_guid = item_link

    def item_pubdate(self, item: ThreadStep) -> datetime | None:
        return timezone.make_aware(datetime.combine(item.day, time.min)) if item.day else None

    item_updateddate = item_pubdate
