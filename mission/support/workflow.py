"""Workflows of a method sheet and of a request for support. The README of the mission has the same tables."""

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


HAS_OWNER = make_guard(lambda row: row.owner_id, _("Dites d’abord qui la suit."), "owner")
HAS_OUTCOME = make_guard(
    lambda row: row.advice or row.trainings.filter(attended__gt=0).exists(),
    _("Écrivez d’abord le conseil, ou notez une formation tenue."),
    "advice",
)
SUPPORT_STEPS = [
    Step(
        "qualify",
        {S.RECEIVED},
        S.QUALIFIED,
        TEAM,
        history_text=_("a qualifié la demande"),
        slug="qualifier",
        label=_("Qualifier"),
        question=_("Le besoin est-il compris ?"),
    ),
    Step(
        "accept",
        {S.QUALIFIED},
        S.ACCEPTED,
        TEAM,
        history_text=_("a accepté la demande"),
        then=notify_requester,
        slug="accepter",
        label=_("Accepter"),
        consequences=recipient_lines,
    ),
    Step(
        "redirect",
        {S.QUALIFIED},
        S.REDIRECTED,
        TEAM,
        history_text=_("a réorienté la demande"),
        reason_column="answer_reason",
        then=notify_requester,
        slug="reorienter",
        label=_("Réorienter"),
        question=_("Vers qui réorienter cette demande, et pourquoi ?"),
        consequences=recipient_lines,
    ),
    Step(
        "decline",
        {S.QUALIFIED},
        S.DECLINED,
        TEAM,
        history_text=_("a refusé la demande"),
        reason_column="answer_reason",
        then=notify_requester,
        slug="refuser",
        label=_("Refuser"),
        consequences=recipient_lines,
    ),
    Step(
        "assign",
        {S.ACCEPTED},
        S.ASSIGNED,
        TEAM,
        history_text=_("a confié la demande"),
        guards=(HAS_OWNER,),
        slug="confier",
        label=_("Confier"),
        question=_("Confier cette demande à qui la suit ?"),
    ),
    Step(
        "start",
        {S.ASSIGNED},
        S.IN_PROGRESS,
        TEAM,
        history_text=_("a commencé à répondre à la demande"),
        slug="commencer",
        label=_("Commencer"),
        question=_("Le travail commence-t-il ?"),
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
        S.EVALUATED,
        TEAM | ASKER,
        history_text=_("a évalué l’appui"),
        slug="evaluer",
        areas=("", "directorate"),
        label=_("Évaluer"),
        question=_("Qu’en dit le demandeur ?"),
        form=EvaluationForm,
    ),
    Step(
        "withdraw",
        {S.RECEIVED, S.QUALIFIED},
        S.WITHDRAWN,
        TEAM | ASKER,
        event_type="withdrawn",
        history_text=_("a retiré la demande"),
        slug="retirer",
        areas=("", "directorate"),
        label=_("Retirer"),
        consequences=[_("La mission n’y répondra pas. Une demande retirée ne revient pas.")],
        danger=True,
    ),
    Step(
        "close",
        {S.EVALUATED},
        S.CLOSED,
        TEAM,
        history_text=_("a clos la demande"),
        primary=True,
        slug="clore",
        label=_("Clore"),
        consequences=[_("La demande ne change plus. Elle reste lisible.")],
    ),
]
