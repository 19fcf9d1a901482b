"""Step pages of an answer in the back office."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.actions import cases, deciding, writing
from answers.forms import desk as forms
from answers.models import AnswerCase
from answers.models.answer import CONTENT
from answers.queries.people import waited_people
from answers.rules.cases import can_see_desk
from answers.views.directorate_steps import name_of, read_answer
from answers.workflows import ANSWER
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.french import french_enumeration

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


def record_past(case: AnswerCase, user: User, data: dict[str, Any]) -> None:
    values = {name: data[name] for name in CONTENT}
    deciding.record_past(case, values, on=data["on"], document=keep_file(data["file"], by=user), by=user)


def due_lines(case: AnswerCase) -> list[str]:
    return [_("La nouvelle date et son motif restent à l’historique. Personne ne reçoit de courriel.")]


DESK_STEPS = StepPages(
    ANSWER,
    {
        "confier": StepPage(
            "assign",
            title=gettext_lazy("À quelle direction confier cette réponse ?"),
            label=gettext_lazy("Confier à une direction"),
            consequences=lambda case: [
                _("Les agents des directions choisies reçoivent un courriel, une fois par avis.")
            ],
            success_message=gettext_lazy("La réponse est confiée. Les directions sont prévenues."),
            form=forms.AssignAnswerForm,
            action=lambda case, user, data: cases.assign(case, data.pop("directorate"), by=user, **data),
        ),
        "publier": StepPage(
            "publish",
            title=gettext_lazy("Publier cette réponse ?"),
            label=gettext_lazy("Publier la réponse"),
            success_message=gettext_lazy("La réponse est publiée."),
            consequences=lambda case: [
                _("Tout le monde pourra la lire, sans compte, à côté de l’avis. Elle ne change plus.")
            ],
            action=lambda case, user, data: deciding.publish(case, by=user),
            template="answers/desk_question.html",
            context=read_answer,
            fresh=True,
        ),
        "deliberation": StepPage(
            "record_decision",
            title=gettext_lazy("Quelle délibération décide cette réponse ?"),
            label=gettext_lazy("Noter la délibération"),
            success_message=gettext_lazy("La délibération est notée : il reste à publier la réponse."),
            consequences=lambda case: [_("Le cabinet du président peut aussi décider en ligne.")],
            form=forms.OneDecisionForm,
            action=lambda case, user, data: deciding.record_decision([case], by=user, **data),
            template="answers/desk_question.html",
            context=read_answer,
            fresh=True,
        ),
        "demander-arbitrage": StepPage(
            "refer",
            title=gettext_lazy("Que faut-il arbitrer ?"),
            label=gettext_lazy("Demander un arbitrage"),
            success_message=gettext_lazy("L’arbitrage est demandé."),
            form=forms.ReferForm,
            template="answers/desk_question.html",
            context=read_answer,
        ),
        "arbitrage-copil": StepPage(
            "record_arbitration",
            title=gettext_lazy("Qu’a arbitré le comité de pilotage ?"),
            label=gettext_lazy("Noter l’arbitrage du comité"),
            success_message=gettext_lazy("L’arbitrage est noté : la réponse attend sa décision."),
            consequences=lambda case: [_("La question : %(words)s") % {"words": case.question}],
            form=forms.CommitteeArbitrationForm,
            action=lambda case, user, data: deciding.record_arbitration(case, by=user, **data),
        ),
        "relancer": StepPage(
            "remind",
            title=gettext_lazy("Relancer la direction ?"),
            label=gettext_lazy("Relancer"),
            success_message=gettext_lazy("La direction est relancée."),
            consequences=recipient_lines,
            action=lambda case, user, data: cases.remind([case], by=user),
        ),
        "renvoyer": StepPage(
            "send_back",
            title=gettext_lazy("Renvoyer cette réponse à la direction ?"),
            label=gettext_lazy("Renvoyer à la direction"),
            success_message=gettext_lazy("La réponse est renvoyée à la direction, avec votre demande."),
            consequences=lambda case: [_("Son visa est levé : elle écrit de nouveau, et vise de nouveau.")],
            form=ReasonForm,
            action=lambda case, user, data: writing.send_back(
                case, step_name="send_back", reason=data["reason"], by=user
            ),
        ),
        "reconfier": StepPage(
            "reassign",
            title=gettext_lazy("Qui répond désormais ?"),
            label=gettext_lazy("Changer de direction"),
            success_message=gettext_lazy("Les directions sont changées."),
            consequences=lambda case: [_("Le texte déjà écrit reste. Un visa donné est levé.")],
            form=forms.ReassignForm,
            action=lambda case, user, data: cases.reassign(case, data.pop("directorate"), by=user, **data),
        ),
        "date": StepPage(
            "change_due",
            title=gettext_lazy("Quand la réponse est-elle attendue ?"),
            label=gettext_lazy("Changer la date"),
            consequences=due_lines,
            success_message=gettext_lazy("La date est changée."),
            form=forms.DueForm,
            action=lambda case, user, data: cases.change_due(case, data["due_on"], reason=data["reason"], by=user),
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir cette réponse décidée ?"),
            label=gettext_lazy("Rouvrir la réponse"),
            success_message=gettext_lazy("La réponse est rouverte : la direction écrit de nouveau."),
            consequences=lambda case: [_("Le visa et la décision sont levés.")],
            form=ReasonForm,
            action=lambda case, user, data: writing.send_back(
                case, step_name="reopen", reason=data["reason"], by=user
            ),
            danger=True,
        ),
        "reponse-passee": StepPage(
            "record_past",
            title=gettext_lazy("Quelle réponse le Conseil départemental a-t-il déjà donnée ?"),
            label=gettext_lazy("Enregistrer une réponse déjà donnée"),
            success_message=gettext_lazy("La réponse est enregistrée et publiée."),
            consequences=lambda case: [
                _("Pour une réponse donnée sur papier. Elle est publiée tout de suite, à sa date, et ne change plus.")
            ],
            form=forms.PastForm,
            action=record_past,
            template="answers/desk_past.html",
            offered=lambda user, case: not ANSWER.missing(case, "record_past"),
            fresh=True,
        ),
        "reviser": StepPage(
            "revise",
            title=gettext_lazy("Réviser cette réponse publiée ?"),
            label=gettext_lazy("Réviser la réponse"),
            success_message=gettext_lazy("La révision est ouverte : la direction est prévenue."),
            consequences=lambda case: [
                _("La réponse publiée reste lisible, et le restera quand la nouvelle sera publiée.")
            ],
            form=forms.ReviseForm,
            action=lambda case, user, data: deciding.revise(case, by=user, **data),
        ),
        "abandonner-revision": StepPage(
            "give_up",
            title=gettext_lazy("Abandonner la révision ?"),
            label=gettext_lazy("Abandonner la révision"),
            success_message=gettext_lazy("La révision est abandonnée : la réponse publiée reste."),
            consequences=lambda case: [_("Ce que la direction a écrit reste au dossier, et n’est pas publié.")],
            form=ReasonForm,
            action=lambda case, user, data: deciding.give_up(case, reason=data["reason"], by=user),
            danger=True,
        ),
        "annuler": StepPage(
            "cancel",
            title=gettext_lazy("Ne plus attendre cette réponse ?"),
            label=gettext_lazy("Annuler la réponse attendue"),
            success_message=gettext_lazy("La réponse n’est plus attendue."),
            consequences=lambda case: [
                _("Pour une préconisation qui n’appelle pas de réponse. Le motif reste à l’historique.")
            ],
            form=ReasonForm,
            action=lambda case, user, data: cases.cancel(case, reason=data["reason"], by=user),
            danger=True,
        ),
        "retablir": StepPage(
            "restore",
            title=gettext_lazy("Attendre de nouveau cette réponse ?"),
            label=gettext_lazy("Rétablir la réponse attendue"),
            consequences=lambda case: [_("Elle compte de nouveau parmi les réponses attendues, à sa date.")],
            success_message=gettext_lazy("La réponse est de nouveau attendue : confiez-la à une direction."),
        ),
    },
    name="answers:desk-step",
    fetch=desk_case_or_404,
    back=desk_page,
    eyebrow=name_of,
    fix_url=page_to_fix,
)
