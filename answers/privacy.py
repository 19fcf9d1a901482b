"""Personal data of the answers: agents and elected by key only; followers of a proposal; texts of the committee.

No name of who rates an answer is stored.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from answers.actions.following import end_following, erase_follower
from answers.actions.ratings import erase_rater
from answers.models import (
    Answer,
    AnswerCase,
    AnswerConflictCopy,
    AnswerRating,
    Follower,
    Following,
    FollowUp,
    FollowUpHearing,
    FollowUpRemark,
    Milestone,
    ProgressReport,
    ProgressUpdate,
    ProposalNews,
    RatingTotal,
)
from answers.rules.following import CONFIRMED_WITHIN, FOLLOWED_FOR
from assembly.identity.personal_data import at_erasure, impersonal, personal, retain_all, retention

personal(
    Follower,
    name=_("Si vous suivez les propositions de vos groupes"),
    owner="person",
    deletes_rows=True,
    fields=retain_all("stopped_at") | retain_all("public_id", "address", exported=False),
)
personal(
    Following,
    name=_("Les propositions que vous suivez"),
    owner="follower__person",
    deletes_rows=True,
    fields=retain_all("recommendation", "whole_of", "asked_at", "confirmed_at", "stopped_at"),
)
COMMITTEE = _("travail du comité de suivi, lu par les services qui en répondent")
personal(
    FollowUpRemark,
    name=_("Vos remarques au comité de suivi"),
    owner="by__person",
    fields=retain_all("follow_up", "text", "at", reason=COMMITTEE),
)
personal(
    FollowUpHearing,
    name=_("Les auditions que vous avez demandées au comité de suivi"),
    owner="asked_by__person",
    fields=retain_all("follow_up", "service", "question", "asked_at", "heard_on", reason=COMMITTEE)
    | retain_all("heard_by", "summary", "recorded_by", reason=COMMITTEE, exported=False),
)
# A rating stores a keyed digest of its author: the key is not in the database, and an erasure draws another digest.
impersonal(Answer, AnswerConflictCopy, AnswerCase, AnswerRating, FollowUp, Milestone)
impersonal(ProgressReport, ProgressUpdate, ProposalNews, RatingTotal)


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
