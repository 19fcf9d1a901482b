"""Contributions of following and rating: mails, a ceiling for anonymous users, retention, erasure.

A rating stores a keyed digest of its author: the key is not in the database, and an erasure draws another digest.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, gettext_lazy as _

from answers.models import Following
from answers.voice.actions import KIND, end_following, erase_follower, erase_rater
from answers.voice.mails import FollowingConfirmation, ProposalNewsMessage
from answers.voice.rules import CONFIRMED_WITHIN, FOLLOWED_FOR
from assembly.identity.attempts import add_ceiling
from assembly.identity.personal_data import at_erasure, retention
from assembly.notifications.registry import add_messages

add_messages(ProposalNewsMessage, FollowingConfirmation)
add_ceiling(KIND, gettext_lazy("Suivi des propositions"), near=1000)


def unconfirmed(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at=None, stopped_at=None, asked_at__lt=now - CONFIRMED_WITHIN)
    return rows.select_related("follower", "recommendation", "whole_of")


def followed_long_enough(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at__lt=now - FOLLOWED_FOR)
    return rows.select_related("follower", "recommendation", "whole_of")


at_erasure("answers.followers", erase_follower)
at_erasure("answers.ratings", erase_rater)
retention("answers.unconfirmed", _("Demandes de suivi jamais confirmées"), find=unconfirmed, apply=end_following)
retention("answers.followings", _("Suivis de plus de trois ans"), find=followed_long_enough, apply=end_following)
