"""Step pages of those who write and decide: submission, visa, return with a reason, arbitration, decision."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.cases.actions import writing
from answers.cases.queries import answer_lines
from answers.enums import AnswerValue
from answers.models import AnswerCase
from answers.queries.drafts import unpublished_answer
from answers.workflows import ANSWER
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.enums import Role
from consultations.reviews.queries import agents_of


def case_or_404(request: UserRequest, pk: int) -> AnswerCase:
    """Return a case that the reader answers, arbitrates or decides, or raise 404."""
    rows = AnswerCase.objects.visible_to(request.user).with_dossier()
    return get_object_or_404(rows.select_related("submitted_by__person", "validated_by__person"), pk=pk)


def case_page(request: UserRequest, case: AnswerCase) -> str:
    return reverse("answers:directorate-case", args=[case.pk])


def home(case: AnswerCase, _result: Any) -> str:
    return reverse("portal:directorate-home")


def read_answer(case: AnswerCase) -> dict[str, Any]:
    """Return the answer as it is read before it is submitted, signed or decided."""
    answer = unpublished_answer(case)
    value = AnswerValue(answer.value).label if answer and answer.value else ""
    return {"case": case, "answer": answer, "value": value, "content_lines": answer_lines(answer)}


def name_of(case: AnswerCase) -> str:
    return f"{case.reference}, {case.title}"


def sending_lines(case: AnswerCase) -> list[str]:
    directorate_id = case.directorate_id
    names = [user.get_full_name() for user in agents_of(directorate_id, [Role.DIR_APPROVER])] if directorate_id else []
    return [_("Elle sera visée par %(names)s.") % {"names": _(" ou ").join(names)}] if names else []


def visa_lines(case: AnswerCase) -> list[str]:
    sender = case.submitted_by
    lines = [_("Elle est préparée par %(name)s.") % {"name": sender.get_full_name()}] if sender else []
    return [*lines, _("Avec votre visa, elle part à la décision du Conseil départemental, au nom de la direction.")]


DIRECTORATE_STEPS = StepPages(
    ANSWER,
    "directorate",
    name="answers:directorate-step",
    fetch=case_or_404,
    back=case_page,
    eyebrow=name_of,
    fix_url=lambda request, case, code: f"{case_page(request, case)}#div_id_{code}",
)
DIRECTORATE_STEPS.bind(
    "action",
    {
        "send_back": lambda case, by, **data: writing.send_back(
            case, step_name="send_back", reason=data["reason"], by=by
        )
    },
)
DIRECTORATE_STEPS.bind(
    "context",
    {
        "send_back": read_answer,
        "submit": read_answer,
        "validate": read_answer,
        "return": read_answer,
        "arbitrate": read_answer,
        "decide": read_answer,
    },
)
DIRECTORATE_STEPS.bind("consequences", {"submit": sending_lines, "validate": visa_lines})
DIRECTORATE_STEPS.bind("next_url", {"submit": home, "validate": home, "decide": home})
