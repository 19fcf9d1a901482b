"""Step pages of an answer in the back office."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.cases.actions import cases, deciding, writing
from answers.cases.rules import can_see_desk
from answers.models import AnswerCase
from answers.models.answer import CONTENT
from answers.queries.people import waited_people
from answers.views.directorate_steps import name_of, read_answer
from answers.workflows import ANSWER
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import french_enumeration

PEOPLE = ("assigned_by__person", "validated_by__person", "validated_for__person", "inherited_from")


def desk_case_or_404(request: UserRequest, pk: int) -> AnswerCase:
    """Return a case of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    rows = AnswerCase.objects.visible_to(request.user).with_dossier().select_related(*PEOPLE)
    case = get_object_or_404(rows, pk=pk)
    if not can_see_desk(request.user, case.opinion.term_id):
        raise PermissionDenied
    return case


def desk_page(request: UserRequest, case: AnswerCase) -> str:
    return reverse("answers:desk-case", args=[case.pk])


def page_to_fix(request: UserRequest, case: AnswerCase, code: str) -> str:
    """Return the page where the opinion is published, if the error is about the opinion."""
    return reverse("opinions:opinion", args=[case.opinion.pk]) if code == "opinion" else ""


def recipient_lines(case: AnswerCase) -> list[str]:
    names = [user.get_full_name() for user in waited_people(case)]
    return [_("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def record_past(case: AnswerCase, *, by: User, **data: Any) -> None:
    values = {name: data[name] for name in CONTENT}
    deciding.record_past(case, values, on=data["on"], document=keep_file(data["file"], by=by), by=by)


DESK_STEPS = StepPages(
    ANSWER,
    name="answers:desk-step",
    fetch=desk_case_or_404,
    back=desk_page,
    eyebrow=name_of,
    fix_url=page_to_fix,
)
DESK_STEPS.bind(
    "action",
    {
        "record_decision": lambda case, by, **data: deciding.record_decision([case], by=by, **data),
        "remind": lambda case, by: cases.remind([case], by=by),
        "send_back": lambda case, by, **data: writing.send_back(
            case, step_name="send_back", reason=data["reason"], by=by
        ),
        "reopen": lambda case, by, **data: writing.send_back(case, step_name="reopen", reason=data["reason"], by=by),
        "record_past": record_past,
    },
)
DESK_STEPS.bind("context", {"publish": read_answer, "record_decision": read_answer, "refer": read_answer})
DESK_STEPS.bind(
    "consequences",
    {
        "record_arbitration": lambda case: [_("La question : %(words)s") % {"words": case.question}],
        "remind": recipient_lines,
    },
)
DESK_STEPS.bind("offered", {"record_past": lambda user, case: not ANSWER.missing(case, "record_past")})
