"""Workflow of a request for support. The README of the mission has the same table."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from assembly.dossiers.consequences import mail_consequences
from assembly.institution.rules import directorates_of
from assembly.ui.forms import text_box
from assembly.ui.numbers import WholeNumberField
from assembly.workflow import Permission, Transition, make_guard
from mission.registers.rules import TEAM
from mission.registers.steps import RegisterStep
from mission.support import sending
from mission.support.enums import SupportState as S
from mission.support.models import SupportRequest

ASKER: Permission[SupportRequest] = Permission(
    lambda user, row: row.directorate_id in directorates_of(user), _("la direction qui demande")
)


class EvaluationForm(StepForm):
    rating = WholeNumberField(label=_("Note du demandeur, de 1 à 5"), min_value=1, max_value=5)
    evaluation = text_box(_("Ce que la demande a produit"), 2000, 5)


def notify_requester(row: SupportRequest, taken: Transition) -> None:
    sending.notify_directorate(row, taken.step.target, by=taken.by)


def recipient_lines(row: SupportRequest) -> list[str]:
    """Return the agents who receive the answer; a local authority has no account: somebody writes to it."""
    if row.directorate_id is None:
        return [gettext("Personne ne reçoit de courriel\u00a0: écrivez vous-même à qui a demandé l’appui.")]
    return mail_consequences(user.get_full_name() for user in sending.notified_agents(row))


def no_answer(row: SupportRequest) -> list[str]:
    return [gettext("La mission n’y répondra pas. Une demande retirée ne revient pas.")]


def for_good(row: SupportRequest) -> list[str]:
    return [gettext("La demande ne change plus. Elle reste lisible.")]


HAS_OWNER = make_guard(lambda row: row.owner_id, _("Dites d’abord qui la suit."), "owner")
HAS_OUTCOME = make_guard(
    lambda row: row.advice or row.trainings.filter(attended__gt=0).exists(),
    _("Écrivez d’abord le conseil, ou notez une formation tenue."),
    "advice",
)
STEPS = [
    RegisterStep("qualify", {S.RECEIVED}, S.QUALIFIED).page(
        "qualifier", _("Qualifier"), _("a qualifié la demande"), _("Le besoin est-il compris ?")
    ),
    RegisterStep("accept", {S.QUALIFIED}, S.ACCEPTED, then=notify_requester).page(
        "accepter", _("Accepter"), _("a accepté la demande"), consequences=recipient_lines
    ),
    RegisterStep("redirect", {S.QUALIFIED}, S.REDIRECTED, reason_column="answer_reason", then=notify_requester).page(
        "reorienter",
        _("Réorienter"),
        _("a réorienté la demande"),
        _("Vers qui réorienter cette demande, et pourquoi ?"),
        consequences=recipient_lines,
    ),
    RegisterStep("decline", {S.QUALIFIED}, S.DECLINED, reason_column="answer_reason", then=notify_requester).page(
        "refuser", _("Refuser"), _("a refusé la demande"), consequences=recipient_lines
    ),
    RegisterStep("assign", {S.ACCEPTED}, S.ASSIGNED, guards=(HAS_OWNER,)).page(
        "confier", _("Confier"), _("a confié la demande"), _("Confier cette demande à qui la suit ?")
    ),
    RegisterStep("start", {S.ASSIGNED}, S.IN_PROGRESS).page(
        "commencer", _("Commencer"), _("a commencé à répondre à la demande"), _("Le travail commence-t-il ?")
    ),
    RegisterStep(
        "deliver",
        {S.IN_PROGRESS},
        S.DELIVERED,
        guards=(HAS_OUTCOME,),
        when_column="delivered_at",
        then=notify_requester,
    ).page(
        "rendre",
        _("Noter comme rendue"),
        _("a rendu l’appui demandé"),
        _("Le conseil ou la formation est-il rendu ?"),
        _("L’appui est rendu."),
        consequences=recipient_lines,
    ),
    RegisterStep("evaluate", {S.DELIVERED}, S.EVALUATED, by=TEAM | ASKER).page(
        "evaluer", _("Évaluer"), _("a évalué l’appui"), _("Qu’en dit le demandeur ?"), form=EvaluationForm
    ),
    RegisterStep("withdraw", {S.RECEIVED, S.QUALIFIED}, S.WITHDRAWN, TEAM | ASKER, participle="withdrawn").page(
        "retirer", _("Retirer"), _("a retiré la demande"), consequences=no_answer, danger=True
    ),
    RegisterStep("close", {S.EVALUATED}, S.CLOSED, primary=True).page(
        "clore", _("Clore"), _("a clos la demande"), consequences=for_good
    ),
]
