"""Contributions of following and rating: mails, links, a ceiling for anonymous users, retention, erasure, receivers.

A rating stores a keyed digest of its author: the key is not in the database, and an erasure draws another digest.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext_lazy, gettext_lazy as _

from answers.models import Following
from answers.voice.actions import (
    KIND,
    end_following,
    erase_follower,
    erase_rater,
    record_publication,
    stop_after_bounce,
)
from answers.voice.mails import FollowingConfirmation, ProposalNewsMessage
from answers.voice.models import COLUMNS
from answers.voice.queries import is_silent, target_of
from answers.voice.rules import CONFIRMED_WITHIN, FOLLOWED_FOR
from assembly.identity.attempts import add_ceiling
from assembly.identity.personal_data import at_erasure, retention
from assembly.notifications.registry import add_messages
from assembly.notifications.signals import delivery_came_back
from assembly.web.widgets import Widget, add_widget
from consultations.referrals.models import Referral
from opinions.adoption.signals import opinion_published
from opinions.models import Opinion

add_messages(ProposalNewsMessage, FollowingConfirmation)
add_ceiling(KIND, gettext_lazy("Suivi par courriel"), near=1000)


def unconfirmed(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at=None, stopped_at=None, asked_at__lt=now - CONFIRMED_WITHIN)
    return rows.select_related("follower", *COLUMNS.values())


def followed_long_enough(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at__lt=now - FOLLOWED_FOR)
    return rows.select_related("follower", *COLUMNS.values())


def subject_to_follow(user: Any, referral: Referral) -> Widget | None:
    if is_silent(referral):
        return None
    return Widget("answers/voice/_follow_subject.html", {"target": target_of(referral)}, position="sidebar")


def subject_of_opinion(user: Any, opinion: Opinion) -> Widget:
    """Build the link to follow the subject of this opinion, or the assembly if anybody may not read the subject."""
    referral = opinion.referral if opinion.referral and opinion.referral.published_at else None
    return Widget("answers/voice/_follow_link.html", {"target": target_of(referral or opinion.term.assembly)})


@receiver(opinion_published)
def announce_opinion(sender: Any, *, opinion: Any, **_: Any) -> None:
    """Record the news for those who follow the subject or the whole assembly."""
    record_publication(opinion)


@receiver(delivery_came_back)
def leave_follower_alone(sender: Any, *, delivery: Any, **_: Any) -> None:
    """Stop writing to an address that does not work."""
    stop_after_bounce(delivery)


at_erasure("answers.followers", erase_follower)
at_erasure("answers.ratings", erase_rater)
retention("answers.unconfirmed", _("Demandes de suivi jamais confirmées"), find=unconfirmed, apply=end_following)
retention("answers.followings", _("Suivis de plus de trois ans"), find=followed_long_enough, apply=end_following)
add_widget("public-referral", subject_to_follow)
add_widget("public-opinion-links", subject_of_opinion)
