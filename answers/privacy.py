"""What answers hold about people: agents and elected by key only; members of the committee by what they wrote."""

from django.utils.translation import gettext_lazy as _

from answers.models import (
    Answer,
    AnswerAside,
    AnswerFile,
    FollowUp,
    FollowUpHearing,
    FollowUpRemark,
    Milestone,
    ProgressUpdate,
)
from assembly.identity.privacy import impersonal, kept, personal

COMMITTEE = _("travail du comité de suivi, lu par les services qui en répondent")
personal(
    FollowUpRemark,
    name=_("Vos remarques au comité de suivi"),
    owner="by__person",
    fields=kept("follow_up", "words", "at", reason=COMMITTEE),
)
personal(
    FollowUpHearing,
    name=_("Les auditions que vous avez demandées au comité de suivi"),
    owner="asked_by__person",
    fields=kept("follow_up", "service", "question", "asked_at", "heard_on", reason=COMMITTEE)
    | kept("heard_by", "said", "recorded_by", reason=COMMITTEE, exported=False),
)
impersonal(Answer, AnswerAside, AnswerFile, FollowUp, Milestone, ProgressUpdate)
