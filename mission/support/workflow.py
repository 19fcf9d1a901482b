"""The path of a request for support. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from assembly.identity.models import User
from assembly.institution.rules import directorates_of
from assembly.ui.forms import text_box
from assembly.workflow import Transition, Who
from mission.registers.declaration import registers
from mission.registers.moves import Move
from mission.registers.rules import TEAM
from mission.support import sending
from mission.support.enums import SupportState as S
from mission.support.models import SupportRequest

ASKER: Who[SupportRequest] = Who(
    lambda user, row: row.directorate_id is not None and row.directorate_id in directorates_of(user),
    _("la direction qui demande"),
)


class EvaluationForm(StepForm):
    rating = forms.IntegerField(label=_("Note du demandeur, de 1 à 5"), min_value=1, max_value=5)
    evaluation = text_box(_("Ce que la demande a produit"), 2000, 5)


def has_owner(row: SupportRequest) -> None:
    if row.owner_id is None:
        raise ValidationError(gettext("Dites d’abord qui la suit."), code="owner")


def has_outcome(row: SupportRequest) -> None:
    if not row.advice and not row.trainings.filter(attended__gt=0).exists():
        raise ValidationError(gettext("Écrivez d’abord le conseil, ou notez une formation tenue."), code="advice")


def reason_kept(row: SupportRequest, taken: Transition) -> dict[str, Any]:
    return {"answer_reason": taken.reason}


def tell(row: SupportRequest, taken: Transition) -> None:
    sending.tell_directorate(row, taken.step.target, by=taken.by)


def evaluate(row: SupportRequest, user: User, data: dict[str, Any]) -> None:
    registers["support"].workflow.transition(row, "evaluate", by=user, **data)


MOVES = [
    Move(
        slug="qualifier",
        verb="qualify",
        participle="qualified",
        sources={S.RECEIVED},
        target=S.QUALIFIED,
        label=_("Qualifier"),
        question=_("Le besoin est-il compris ?"),
        done=_("La demande est qualifiée."),
        says=_("a qualifié la demande"),
        primary=True,
    ),
    Move(
        slug="accepter",
        verb="accept",
        sources={S.QUALIFIED},
        target=S.ACCEPTED,
        label=_("Accepter"),
        question=_("Accepter cette demande ?"),
        done=_("La demande est acceptée."),
        says=_("a accepté la demande"),
        then=tell,
        primary=True,
    ),
    Move(
        slug="reorienter",
        verb="redirect",
        sources={S.QUALIFIED},
        target=S.REDIRECTED,
        label=_("Réorienter"),
        question=_("Vers qui réorienter cette demande, et pourquoi ?"),
        done=_("La demande est réorientée."),
        says=_("a réorienté la demande"),
        reason=True,
        changes=reason_kept,
        then=tell,
    ),
    Move(
        slug="refuser",
        verb="decline",
        sources={S.QUALIFIED},
        target=S.DECLINED,
        label=_("Refuser"),
        question=_("Refuser cette demande ?"),
        done=_("La demande est refusée."),
        says=_("a refusé la demande"),
        reason=True,
        changes=reason_kept,
        then=tell,
    ),
    Move(
        slug="confier",
        verb="assign",
        sources={S.ACCEPTED},
        target=S.ASSIGNED,
        label=_("Confier"),
        question=_("Confier cette demande à qui la suit ?"),
        done=_("La demande est confiée."),
        says=_("a confié la demande"),
        guards=(has_owner,),
        primary=True,
    ),
    Move(
        slug="commencer",
        verb="start",
        sources={S.ASSIGNED},
        target=S.IN_PROGRESS,
        label=_("Commencer"),
        question=_("Le travail commence-t-il ?"),
        done=_("Le travail a commencé."),
        says=_("a commencé à répondre à la demande"),
        primary=True,
    ),
    Move(
        slug="rendre",
        verb="deliver",
        sources={S.IN_PROGRESS},
        target=S.DELIVERED,
        label=_("Noter comme rendue"),
        question=_("Le conseil ou la formation est-il rendu ?"),
        done=_("L’appui est rendu."),
        says=_("a rendu l’appui demandé"),
        guards=(has_outcome,),
        changes=lambda row, taken: {"delivered_at": timezone.now()},
        then=tell,
        primary=True,
    ),
    Move(
        slug="evaluer",
        verb="evaluate",
        sources={S.DELIVERED},
        target=S.EVALUATED,
        label=_("Évaluer"),
        question=_("Qu’en dit le demandeur ?"),
        done=_("La demande est évaluée."),
        says=_("a évalué l’appui"),
        by=TEAM | ASKER,
        form=EvaluationForm,
        run=evaluate,
        primary=True,
    ),
    Move(
        slug="clore",
        verb="close",
        sources={S.EVALUATED},
        target=S.CLOSED,
        label=_("Clore"),
        question=_("Clore cette demande ?"),
        done=_("La demande est close."),
        says=_("a clos la demande"),
        primary=True,
    ),
]
