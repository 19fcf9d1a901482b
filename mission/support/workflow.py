"""Workflows of a method sheet and of a request for support. The README of the mission has the same tables."""

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.dossiers.pages import mail_consequences
from assembly.institution.rules import directorates_of
from assembly.text.numbers import WholeNumberField
from assembly.web.forms import text_box
from assembly.workflow import Permission, Step, StepForm, Transition, make_guard
from mission.registers.rules import TEAM
from mission.support import mails
from mission.support.models import MethodState, SupportRequest, SupportState as S

METHOD_STEPS = [
    Step(
        "adopt",
        {MethodState.DRAFT, MethodState.RETIRED},
        MethodState.IN_USE,
        TEAM,
        history_text=_("a mis la fiche méthode en usage"),
        undo="retire",
        slug="mettre-en-usage",
        label=_("Mettre en usage"),
        question=_("Mettre cette fiche en usage ?"),
        success_message=_("La fiche se propose dans les demandes d’appui."),
    ),
    Step(
        "retire",
        {MethodState.IN_USE},
        MethodState.RETIRED,
        TEAM,
        history_text=_("a retiré la fiche méthode"),
        undo="adopt",
        slug="retirer",
        label=_("Retirer"),
        success_message=_("La fiche ne se propose plus. Les demandes qui la nomment la gardent."),
    ),
]

ASKER: Permission[SupportRequest] = Permission(
    lambda user, row: row.directorate_id in directorates_of(user), _("la direction qui demande")
)


class EvaluationForm(StepForm):
    rating = WholeNumberField(label=_("Note du demandeur, de 1 à 5"), min_value=1, max_value=5)
    evaluation = text_box(_("Ce que la demande a produit"), 2000, 5)


def notify_requester(row: SupportRequest, taken: Transition) -> None:
    mails.notify_directorate(row, taken.step.target, by=taken.by)


def recipient_lines(row: SupportRequest) -> list[str]:
    """Return the agents who receive the answer; a local authority has no account: somebody writes to it."""
    if row.directorate_id is None:
        return [gettext("Personne ne reçoit de courriel\u00a0: écrivez vous-même à qui a demandé l’appui.")]
    return mail_consequences(user.get_full_name() for user in mails.notified_agents(row))


def starter_lines(row: SupportRequest) -> list[str]:
    return [] if row.owner_id else [gettext("Personne ne suit cette demande\u00a0: c’est vous qui la suivrez.")]


HAS_OUTCOME = make_guard(
    lambda row: row.advice or row.trainings.filter(attended__gt=0).exists(),
    _("Écrivez d’abord le conseil, ou notez une formation tenue."),
    "advice",
)
SUPPORT_STEPS = [
    Step(
        "accept",
        {S.RECEIVED},
        S.ACCEPTED,
        TEAM,
        history_text=_("a accepté la demande"),
        then=notify_requester,
        slug="accepter",
        label=_("Accepter"),
        consequences=recipient_lines,
    ),
    Step(
        "decline",
        {S.RECEIVED},
        S.DECLINED,
        TEAM,
        history_text=_("a refusé la demande"),
        reason_column="answer_reason",
        then=notify_requester,
        slug="refuser",
        label=_("Refuser"),
        question=_("Pourquoi refuser cette demande, et vers qui l’orienter ?"),
        success_message=_("La demande est refusée."),
        consequences=recipient_lines,
    ),
    Step(
        "start",
        {S.ACCEPTED},
        S.IN_PROGRESS,
        TEAM,
        history_text=_("a commencé à répondre à la demande"),
        changes=lambda row, taken: {} if row.owner_id else {"owner": taken.by},
        slug="commencer",
        label=_("Commencer"),
        question=_("Le travail commence-t-il ?"),
        consequences=starter_lines,
    ),
    Step(
        "deliver",
        {S.IN_PROGRESS},
        S.DELIVERED,
        TEAM,
        history_text=_("a rendu l’appui demandé"),
        guards=(HAS_OUTCOME,),
        when_column="delivered_at",
        then=notify_requester,
        slug="rendre",
        label=_("Noter comme rendue"),
        question=_("Le conseil ou la formation est-il rendu ?"),
        success_message=_("L’appui est rendu."),
        consequences=recipient_lines,
    ),
    Step(
        "evaluate",
        {S.DELIVERED},
        None,
        TEAM | ASKER,
        history_text=_("a évalué l’appui"),
        primary=True,
        when=lambda row: row.rating is None,
        slug="evaluer",
        areas=("", "directorate"),
        label=_("Évaluer"),
        question=_("Qu’en dit le demandeur ?"),
        success_message=_("L’appui est évalué."),
        form=EvaluationForm,
    ),
    Step(
        "withdraw",
        {S.RECEIVED},
        S.DECLINED,
        TEAM | ASKER,
        event_type="withdrawn",
        history_text=_("a retiré la demande"),
        changes=lambda row, taken: {"withdrawn_on": timezone.localdate()},
        slug="retirer",
        areas=("", "directorate"),
        label=_("Retirer"),
        success_message=_("La demande est retirée."),
        consequences=[_("La mission n’y répondra pas. Une demande retirée ne revient pas.")],
        danger=True,
    ),
]
