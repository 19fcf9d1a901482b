"""What answers hold about people: agents and elected by key only; those who follow a proposal; no name of raters."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from answers.actions.following import end_following, forget_follower
from answers.actions.ratings import forget_rater
from answers.models import (
    Answer,
    AnswerAside,
    AnswerFile,
    AnswerRating,
    Follower,
    Following,
    ProposalNews,
    RatingTotal,
)
from answers.rules.following import CONFIRMED_WITHIN, FOLLOWED_FOR
from assembly.identity.privacy import at_erasure, impersonal, kept, personal, retention

personal(
    Follower,
    name=_("Si vous suivez les propositions de vos groupes"),
    owner="person",
    rows_go=True,
    fields=kept("stopped_at") | kept("public_id", "address", exported=False),
)
personal(
    Following,
    name=_("Les propositions que vous suivez"),
    owner="follower__person",
    rows_go=True,
    fields=kept("recommendation", "asked_at", "confirmed_at", "stopped_at"),
)
# A rating bears a keyed digest of its author: the key is not here, and an erasure draws another name for it.
impersonal(Answer, AnswerAside, AnswerFile, AnswerRating, ProposalNews, RatingTotal)


def unconfirmed(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at=None, stopped_at=None, asked_at__lt=now - CONFIRMED_WITHIN)
    return rows.select_related("follower", "recommendation")


def followed_long_enough(now: datetime) -> QuerySet[Following]:
    rows = Following.objects.filter(confirmed_at__lt=now - FOLLOWED_FOR)
    return rows.select_related("follower", "recommendation")


at_erasure("answers.followers", forget_follower)
at_erasure("answers.ratings", forget_rater)
retention("answers.unconfirmed", _("Demandes de suivi jamais confirmées"), find=unconfirmed, apply=end_following)
retention("answers.followings", _("Suivis de plus de trois ans"), find=followed_long_enough, apply=end_following)
