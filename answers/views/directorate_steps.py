"""Step pages of those who write and decide: submission, visa, return with a reason, arbitration, decision."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.actions import deciding, writing
from answers.enums import AnswerValue
from answers.forms import directorate as forms
from answers.models import AnswerCase
from answers.queries.directorate import answer_lines
from answers.workflows import ANSWER, unpublished_answer
from assembly.dossiers import StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.institution.enums import Role
from consultations.queries.desk import agents_of


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
    {
        "envoyer": StepPage(
            "submit",
            title=gettext_lazy("Envoyer cette réponse au visa ?"),
            label=gettext_lazy("Envoyer au visa"),
            success_message=gettext_lazy(
                "La réponse est envoyée au visa. Vous serez prévenu si elle est à reprendre."
            ),
            consequences=sending_lines,
            form=forms.ReadForm,
            action=lambda case, user, data: writing.submit(case, version=data["version"], by=user),
            next_url=home,
            template="answers/directorate_step.html",
            context=read_answer,
        ),
        "viser": StepPage(
            "validate",
            title=gettext_lazy("Viser cette réponse ?"),
            label=gettext_lazy("Donner mon visa"),
            success_message=gettext_lazy("Votre visa est donné."),
            consequences=visa_lines,
            form=forms.ReadForm,
            action=lambda case, user, data: writing.validate(case, version=data["version"], by=user),
            next_url=home,
            template="answers/directorate_step.html",
            context=read_answer,
            fresh=True,
        ),
        "a-reprendre": StepPage(
            "return",
            title=gettext_lazy("Renvoyer cette réponse à reprendre"),
            label=gettext_lazy("Renvoyer à reprendre"),
            success_message=gettext_lazy("La réponse est renvoyée, avec votre demande."),
            form=forms.SendBackForm,
            action=lambda case, user, data: writing.send_back(case, reason=data["reason"], by=user),
            template="answers/directorate_question.html",
            context=read_answer,
        ),
        "arbitrer": StepPage(
            "arbitrate",
            title=gettext_lazy("Que décidez-vous ?"),
            label=gettext_lazy("Arbitrer"),
            success_message=gettext_lazy(
                "Votre arbitrage est noté. La réponse attend la décision du Conseil départemental."
            ),
            form=forms.ArbitrationForm,
            template="answers/directorate_question.html",
            context=read_answer,
        ),
        "renvoyer": StepPage(
            "send_back",
            title=gettext_lazy("Renvoyer cette réponse à la direction"),
            label=gettext_lazy("Renvoyer à la direction"),
            success_message=gettext_lazy("La réponse est renvoyée à la direction, avec votre demande."),
            form=forms.SendBackForm,
            action=lambda case, user, data: writing.send_back(
                case, step_name="send_back", reason=data["reason"], by=user
            ),
            template="answers/directorate_question.html",
            context=read_answer,
        ),
        "decider": StepPage(
            "decide",
            title=gettext_lazy("Décider cette réponse ?"),
            label=gettext_lazy("Décider"),
            success_message=gettext_lazy("La réponse est décidée. La mission la publie."),
            consequences=lambda case: [_("Vous engagez le Conseil départemental, à votre nom et à l’heure du visa.")],
            form=forms.ReadForm,
            action=lambda case, user, data: deciding.decide(case, version=data["version"], by=user),
            next_url=home,
            template="answers/directorate_step.html",
            context=read_answer,
            fresh=True,
        ),
    },
    name="answers:directorate-step",
    fetch=case_or_404,
    back=case_page,
    eyebrow=name_of,
    fix_url=lambda request, case, code: f"{case_page(request, case)}#div_id_{code}",
)
