"""Step pages of a follow-up: updates and milestones in two areas, and what the team and the lead decide."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.actions import follow_up as actions
from answers.forms import follow_up as forms
from answers.models import FollowUp, ProgressUpdate
from answers.queries.people import update_writers_of
from answers.rules.follow_up import can_see_follow_ups
from answers.views.committee import ASK_HEARING, RECORD_HEARING, REMARK
from answers.workflows import FOLLOW_UP
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.french import french_enumeration


def desk_follow_up(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    row = directorate_follow_up(request, pk)
    if not can_see_follow_ups(request.user, row.case.opinion.term_id):
        raise PermissionDenied
    return row


def directorate_follow_up(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of a case that the reader answers, follows up, arbitrates or decides, or raise 404."""
    return get_object_or_404(FollowUp.objects.visible_to(request.user).with_dossier(), pk=pk)


def desk_page(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:desk-follow-up", args=[row.case_id])


def directorate_page(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:directorate-case", args=[row.case_id]) + "#suites"


def name_of(row: FollowUp) -> str:
    return f"{row.case.reference}, {row.case.title}"


def run_update(row: FollowUp, user: User, data: dict[str, Any]) -> ProgressUpdate:
    uploads = {name: keep_file(data[name], by=user) if data[name] else None for name in ("document", "photo")}
    return actions.publish_update(row, data["form"].progress(uploads), seen=data["seen"], by=user)


def run_schedule(row: FollowUp, user: User, data: dict[str, Any]) -> int:
    form = data["form"]
    return actions.change_milestones(row, form.corrections(), reason=data["reason"], added=form.added(), by=user)


def update_done(row: FollowUp) -> str:
    if row.reported_at:
        return _("Le point est publié. La mission vérifie la preuve, puis clôt la suite donnée.")
    return _("Le point est publié, à côté de la réponse.")


def recipient_lines(row: FollowUp) -> list[str]:
    names = [user.get_full_name() for user in update_writers_of(row)]
    return [_("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def proof_of(row: FollowUp) -> dict[str, Any]:
    """Return the last update that proves that all is done."""
    proving = ProgressUpdate.objects.proving().filter(follow_up=row).select_related("document", "photo", "directorate")
    return {"update": proving.order_by("-number").first()}


UPDATE = StepPage[FollowUp](
    "update",
    title=gettext_lazy("Où en est cette mesure ?"),
    label=gettext_lazy("Faire le point"),
    success_message=update_done,
    consequences=lambda row: [
        _("Tout le monde lit ce point aussitôt. Il ne change plus : un autre point le corrige.")
    ],
    form=forms.UpdateForm,
    action=run_update,
    template="answers/follow_up_update.html",
)
SCHEDULE = StepPage[FollowUp](
    "schedule",
    title=gettext_lazy("Quelles étapes, et pour quand ?"),
    label=gettext_lazy("Changer les étapes"),
    success_message=gettext_lazy("Les étapes sont à jour."),
    consequences=lambda row: [_("Une étape qui change garde son ancienne date, que tout le monde peut lire.")],
    form=forms.MilestonesForm,
    action=run_schedule,
    template="answers/follow_up_milestones.html",
)
DESCRIBE = StepPage[FollowUp](
    "describe",
    title=gettext_lazy("Quel service, et sur quel budget ?"),
    label=gettext_lazy("Service et budget"),
    success_message=gettext_lazy("Le service et le budget sont à jour."),
    form=forms.DescriptionForm,
    action=lambda row, user, data: actions.describe(row, by=user, **data),
)
DIRECTORATE_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    {"point": UPDATE, "etapes": SCHEDULE, "service": DESCRIBE},
    name="answers:directorate-follow-up-step",
    fetch=directorate_follow_up,
    back=directorate_page,
    eyebrow=name_of,
)
DESK_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    {
        "clore": StepPage(
            "complete",
            title=gettext_lazy("Clore cette suite donnée comme réalisée ?"),
            label=gettext_lazy("Clore comme réalisée"),
            success_message=gettext_lazy("La suite donnée est close comme réalisée."),
            consequences=lambda row: [_("Tout le monde lit « réalisée », avec la preuve.")],
            action=lambda row, user, data: actions.close_as_done(row, by=user),
            template="answers/follow_up_question.html",
            context=proof_of,
            offered=lambda user, row: row.reported_at is not None,
            fresh=True,
        ),
        "a-faire": StepPage(
            "dispute",
            title=gettext_lazy("Qu’est-ce qui reste à faire ?"),
            label=gettext_lazy("Ce n’est pas encore réalisé"),
            success_message=gettext_lazy("La direction est prévenue de ce qui reste à faire."),
            consequences=recipient_lines,
            form=ReasonForm,
            action=lambda row, user, data: actions.dispute(row, reason=data["reason"], by=user),
            template="answers/follow_up_question.html",
            context=proof_of,
        ),
        "demander": StepPage(
            "ask",
            title=gettext_lazy("Demander un point à la direction ?"),
            label=gettext_lazy("Demander un point"),
            success_message=gettext_lazy("Le point est demandé."),
            consequences=recipient_lines,
            action=lambda row, user, data: actions.ask(row, by=user),
        ),
        "point": UPDATE,
        "etapes": SCHEDULE,
        "service": DESCRIBE,
        "confier": StepPage(
            "entrust",
            title=gettext_lazy("Quelle direction suit cette réponse ?"),
            label=gettext_lazy("Confier le suivi à une direction"),
            consequences=lambda row: [
                _("Les agents de la direction choisie reçoivent un courriel et peuvent faire le point.")
            ],
            success_message=gettext_lazy("Le suivi est confié. La direction est prévenue."),
            form=forms.EntrustForm,
            action=lambda row, user, data: actions.entrust(row, data["directorate"], by=user),
        ),
        "remarque": REMARK,
        "entendre": ASK_HEARING,
        "audition": RECORD_HEARING,
        "retirer": StepPage(
            "withdraw",
            title=gettext_lazy("Retirer un point ?"),
            label=gettext_lazy("Retirer un point"),
            success_message=gettext_lazy("Le point est retiré : plus personne ne le lit hors de la mission."),
            consequences=lambda row: [
                _("Pour une erreur ou une donnée privée. Le public lit qu’un point a été retiré, et pourquoi.")
            ],
            form=forms.WithdrawUpdateForm,
            action=lambda row, user, data: actions.withdraw(row, data["number"], reason=data["reason"], by=user),
            offered=lambda user, row: ProgressUpdate.objects.not_withdrawn().filter(follow_up=row).exists(),
            danger=True,
        ),
        "abandonner": StepPage(
            "abandon",
            title=gettext_lazy("Clore cette suite donnée comme abandonnée ?"),
            label=gettext_lazy("Clore comme abandonnée"),
            success_message=gettext_lazy("La suite donnée est close comme abandonnée."),
            consequences=lambda row: [_("Tout le monde lit votre motif. La suite donnée peut être rouverte.")],
            form=ReasonForm,
            action=lambda row, user, data: actions.abandon(row, reason=data["reason"], by=user),
            fresh=True,
            danger=True,
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir cette suite donnée ?"),
            label=gettext_lazy("Rouvrir la suite donnée"),
            success_message=gettext_lazy("La suite donnée est rouverte : un point sera demandé."),
            consequences=lambda row: [_("Elle redevient « en cours ». La preuve reste lisible parmi les points.")],
            form=ReasonForm,
            action=lambda row, user, data: actions.reopen(row, reason=data["reason"], by=user),
            fresh=True,
        ),
    },
    name="answers:follow-up-step",
    fetch=desk_follow_up,
    back=desk_page,
    eyebrow=name_of,
)
