"""Step pages of an answer in the back office."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.actions import deciding, files, writing
from answers.forms import desk as forms
from answers.models import AnswerFile
from answers.models.answer import CONTENT
from answers.queries.people import waited_people
from answers.rules.files import can_see_desk
from answers.views.room_steps import name_of, read_answer
from answers.workflows import ANSWER
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.words import french_enumeration

PEOPLE = ("assigned_by__person", "validated_by__person", "validated_for__person", "inherited_from")


def desk_file(request: UserRequest, pk: int) -> AnswerFile:
    """Return a case of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    rows = AnswerFile.objects.visible_to(request.user).with_dossier().select_related(*PEOPLE)
    file = get_object_or_404(rows, pk=pk)
    if not can_see_desk(request.user, file.opinion.term_id):
        raise PermissionDenied
    return file


def desk_page(request: UserRequest, file: AnswerFile) -> str:
    return reverse("answers:desk-file", args=[file.pk])


def mended_at(request: UserRequest, file: AnswerFile, code: str) -> str:
    """Return the page where the opinion is published, if the error is about the opinion."""
    return reverse("opinions:opinion", args=[file.opinion.pk]) if code == "opinion" else ""


def told_lines(file: AnswerFile) -> list[str]:
    names = [user.get_full_name() for user in waited_people(file)]
    return [_("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def record_past(file: AnswerFile, user: User, data: dict[str, Any]) -> None:
    values = {name: data[name] for name in CONTENT}
    deciding.record_past(file, values, on=data["on"], document=keep_file(data["file"], by=user), by=user)


def due_lines(file: AnswerFile) -> list[str]:
    return [_("La nouvelle date et son motif restent à l’historique. Personne ne reçoit de courriel.")]


DESK_STEPS = StepPages(
    ANSWER,
    {
        "confier": StepPage(
            "assign",
            title=gettext_lazy("À quelle direction confier cette réponse ?"),
            label=gettext_lazy("Confier à une direction"),
            lines=lambda file: [_("Les agents des directions choisies reçoivent un courriel, une fois par avis.")],
            done=gettext_lazy("La réponse est confiée. Les directions sont prévenues."),
            form=forms.AssignAnswerForm,
            run=lambda file, user, data: files.assign(file, data.pop("directorate"), by=user, **data),
        ),
        "publier": StepPage(
            "publish",
            title=gettext_lazy("Publier cette réponse ?"),
            label=gettext_lazy("Publier la réponse"),
            done=gettext_lazy("La réponse est publiée."),
            lines=lambda file: [
                _("Tout le monde pourra la lire, sans compte, à côté de l’avis. Elle ne change plus.")
            ],
            run=lambda file, user, data: deciding.publish(file, by=user),
            template="answers/desk_question.html",
            context=read_answer,
            fresh=True,
        ),
        "deliberation": StepPage(
            "record_decision",
            title=gettext_lazy("Quelle délibération décide cette réponse ?"),
            label=gettext_lazy("Noter la délibération"),
            done=gettext_lazy("La délibération est notée : il reste à publier la réponse."),
            lines=lambda file: [_("Le cabinet du président peut aussi décider en ligne.")],
            form=forms.OneDecisionForm,
            run=lambda file, user, data: deciding.record_decision([file], by=user, **data),
            template="answers/desk_question.html",
            context=read_answer,
            fresh=True,
        ),
        "demander-arbitrage": StepPage(
            "refer",
            title=gettext_lazy("Que faut-il arbitrer ?"),
            label=gettext_lazy("Demander un arbitrage"),
            done=gettext_lazy("L’arbitrage est demandé."),
            form=forms.ReferForm,
            template="answers/desk_question.html",
            context=read_answer,
        ),
        "arbitrage-copil": StepPage(
            "record_arbitration",
            title=gettext_lazy("Qu’a arbitré le comité de pilotage ?"),
            label=gettext_lazy("Noter l’arbitrage du comité"),
            done=gettext_lazy("L’arbitrage est noté : la réponse attend sa décision."),
            lines=lambda file: [_("La question : %(words)s") % {"words": file.question}],
            form=forms.CommitteeArbitrationForm,
            run=lambda file, user, data: deciding.record_arbitration(file, by=user, **data),
        ),
        "relancer": StepPage(
            "remind",
            title=gettext_lazy("Relancer la direction ?"),
            label=gettext_lazy("Relancer"),
            done=gettext_lazy("La direction est relancée."),
            lines=told_lines,
            run=lambda file, user, data: files.remind([file], by=user),
        ),
        "renvoyer": StepPage(
            "send_back",
            title=gettext_lazy("Renvoyer cette réponse à la direction ?"),
            label=gettext_lazy("Renvoyer à la direction"),
            done=gettext_lazy("La réponse est renvoyée à la direction, avec votre demande."),
            lines=lambda file: [_("Son visa est levé : elle écrit de nouveau, et vise de nouveau.")],
            form=ReasonForm,
            run=lambda file, user, data: writing.send_back(file, verb="send_back", reason=data["reason"], by=user),
        ),
        "reconfier": StepPage(
            "reassign",
            title=gettext_lazy("Qui répond désormais ?"),
            label=gettext_lazy("Changer de direction"),
            done=gettext_lazy("Les directions sont changées."),
            lines=lambda file: [_("Le texte déjà écrit reste. Un visa donné est levé.")],
            form=forms.ReassignForm,
            run=lambda file, user, data: files.reassign(file, data.pop("directorate"), by=user, **data),
        ),
        "date": StepPage(
            "change_due",
            title=gettext_lazy("Quand la réponse est-elle attendue ?"),
            label=gettext_lazy("Changer la date"),
            lines=due_lines,
            done=gettext_lazy("La date est changée."),
            form=forms.DueForm,
            run=lambda file, user, data: files.change_due(file, data["due_on"], reason=data["reason"], by=user),
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir cette réponse décidée ?"),
            label=gettext_lazy("Rouvrir la réponse"),
            done=gettext_lazy("La réponse est rouverte : la direction écrit de nouveau."),
            lines=lambda file: [_("Le visa et la décision sont levés.")],
            form=ReasonForm,
            run=lambda file, user, data: writing.send_back(file, verb="reopen", reason=data["reason"], by=user),
            danger=True,
        ),
        "reponse-passee": StepPage(
            "record_past",
            title=gettext_lazy("Quelle réponse le Conseil départemental a-t-il déjà donnée ?"),
            label=gettext_lazy("Enregistrer une réponse déjà donnée"),
            done=gettext_lazy("La réponse est enregistrée et publiée."),
            lines=lambda file: [
                _("Pour une réponse donnée sur papier. Elle est publiée tout de suite, à sa date, et ne change plus.")
            ],
            form=forms.PastForm,
            run=record_past,
            template="answers/desk_past.html",
            offered=lambda user, file: not ANSWER.missing(file, "record_past"),
            fresh=True,
        ),
        "reviser": StepPage(
            "revise",
            title=gettext_lazy("Réviser cette réponse publiée ?"),
            label=gettext_lazy("Réviser la réponse"),
            done=gettext_lazy("La révision est ouverte : la direction est prévenue."),
            lines=lambda file: [_("La réponse publiée reste lisible, et le restera quand la nouvelle sera publiée.")],
            form=forms.ReviseForm,
            run=lambda file, user, data: deciding.revise(file, by=user, **data),
        ),
        "abandonner-revision": StepPage(
            "give_up",
            title=gettext_lazy("Abandonner la révision ?"),
            label=gettext_lazy("Abandonner la révision"),
            done=gettext_lazy("La révision est abandonnée : la réponse publiée reste."),
            lines=lambda file: [_("Ce que la direction a écrit reste au dossier, et n’est pas publié.")],
            form=ReasonForm,
            run=lambda file, user, data: deciding.give_up(file, reason=data["reason"], by=user),
            danger=True,
        ),
        "annuler": StepPage(
            "cancel",
            title=gettext_lazy("Ne plus attendre cette réponse ?"),
            label=gettext_lazy("Annuler la réponse attendue"),
            done=gettext_lazy("La réponse n’est plus attendue."),
            lines=lambda file: [
                _("Pour une préconisation qui n’appelle pas de réponse. Le motif reste à l’historique.")
            ],
            form=ReasonForm,
            run=lambda file, user, data: files.cancel(file, reason=data["reason"], by=user),
            danger=True,
        ),
        "retablir": StepPage(
            "restore",
            title=gettext_lazy("Attendre de nouveau cette réponse ?"),
            label=gettext_lazy("Rétablir la réponse attendue"),
            lines=lambda file: [_("Elle compte de nouveau parmi les réponses attendues, à sa date.")],
            done=gettext_lazy("La réponse est de nouveau attendue : confiez-la à une direction."),
        ),
    },
    name="answers:desk-step",
    fetch=desk_file,
    back=desk_page,
    over=name_of,
    fix_url=mended_at,
)
