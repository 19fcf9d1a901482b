"""State table of checks: the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.institution.models import DIRECTORATE_ROLES, Role
from assembly.institution.rules import has_role, is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Workflow
from consultations.reviews.rules import delegation_for
from opinions.checks.forms import DueForm
from opinions.checks.queries import progress_of
from opinions.models import OpinionState, ServicesCheckState as C, ServicesRequest


def is_read(request: ServicesRequest) -> bool:
    """Return whether the opinion still takes notes: until it is tabled for the plenary."""
    return request.opinion.state in {OpinionState.SERVICES_CHECK, OpinionState.CONSOLIDATED}


def can_give_visa(user: Any, request: ServicesRequest) -> bool:
    """Return whether the user is the approver, or holds a delegation of one today."""
    if has_role(user, Role.DIR_APPROVER, directorate=request.directorate_id):
        return True
    return delegation_for(user, request.directorate_id) is not None


def check_all_noted(request: ServicesRequest) -> None:
    done, total = progress_of(request)
    if done < total:
        message = ngettext(
            "Il reste %(n)s préconisation à noter.", "Il reste %(n)s préconisations à noter.", total - done
        )
        raise ValidationError(message % {"n": total - done}, code="missing")


def check_not_reminded_today(request: ServicesRequest) -> None:
    """Raise ValidationError if a reminder was sent today: one mail a day at most."""
    if request.reminded_at and timezone.localdate(request.reminded_at) == timezone.localdate():
        raise ValidationError(gettext("Cette direction a déjà été relancée aujourd’hui."), code="reminded")


TEAM: Permission[ServicesRequest] = Permission(
    lambda user, request: is_team(user, request.opinion.term_id), _("équipe")
)
AGENT: Permission[ServicesRequest] = Permission(
    lambda user, request: has_role(user, DIRECTORATE_ROLES, directorate=request.directorate_id), _("direction")
)
APPROVER: Permission[ServicesRequest] = Permission(can_give_visa, _("visa de la direction"))

CHECK: Workflow[ServicesRequest] = Workflow(
    [
        Step(
            "draft",
            C.tagged("writable"),
            C.DRAFTED,
            by=AGENT,
            when=is_read,
            changes=lambda request, taken: {"reason": ""},
        ),
        Step(
            "submit",
            {C.DRAFTED, C.RETURNED},
            C.SUBMITTED,
            by=AGENT,
            when=is_read,
            guards=(check_all_noted,),
            event_type="check.submitted",
            history_text=_("a envoyé ses notes au visa"),
            when_column="submitted_at",
            by_column="submitted_by",
            changes=lambda request, taken: {"reason": ""},
            slug="envoyer",
            areas=("directorate",),
            label=_("Envoyer au visa"),
            question=_("Relire avant d’envoyer au visa"),
            success_message=_("Les notes sont envoyées au visa."),
            template="opinions/checks/submit.html",
        ),
        Step(
            "validate",
            {C.SUBMITTED},
            C.VALIDATED,
            by=APPROVER,
            when=is_read,
            history_text=_("a rendu ses notes"),
            when_column="validated_at",
            by_column="validated_by",
            changes=lambda request, taken: {"was_late": request.due_on < timezone.localdate()},
            slug="visa",
            areas=("directorate",),
            label=_("Donner mon visa et rendre les notes"),
            question=_("Viser ces notes ?"),
            success_message=_("Les notes sont rendues à l’Assemblée."),
            template="opinions/checks/visa.html",
            fresh=True,
        ),
        Step(
            "return",
            {C.SUBMITTED},
            C.RETURNED,
            by=APPROVER,
            when=is_read,
            history_text=_("a renvoyé des notes à reprendre"),
            reason_column="reason",
            slug="a-reprendre",
            areas=("directorate",),
            label=_("Renvoyer"),
            question=_("Renvoyer ces notes à reprendre"),
            success_message=_("Les notes sont renvoyées à reprendre."),
        ),
        Step(
            "close",
            C.tagged("open"),
            C.CLOSED,
            by=TEAM,
            history_text=_("a clos la lecture d’une direction"),
            reason_column="reason",
            changes=lambda request, taken: {"closed_at": timezone.now()},
            slug="clore",
            label=_("Clore la lecture"),
            question=_("Ne plus attendre cette direction ?"),
            success_message=_("La lecture de cette direction est close."),
            consequences=[_("Ce qu’elle a déjà noté reste. Elle ne peut plus rien ajouter.")],
        ),
        Step(
            "change_due",
            C.tagged("open"),
            by=TEAM,
            event_type="check.due_changed",
            history_text=_("a changé la date d’une lecture"),
            slug="date",
            label=_("Changer la date"),
            question=_("Changer la date de cette lecture"),
            success_message=_("La date est changée."),
            form=DueForm,
        ),
        Step(
            "remind",
            C.tagged("open"),
            by=TEAM,
            guards=(check_not_reminded_today,),
            history_text=_("a relancé une direction"),
            changes=lambda request, taken: {"reminded_at": timezone.now()},
            slug="relancer",
            label=_("Relancer"),
            question=_("Relancer cette direction ?"),
            success_message=_("La direction est relancée."),
        ),
        # Its directorate was closed: the successor goes on from the same notes.
        Step(
            "inherit",
            C.tagged("open"),
            by=SYSTEM_ONLY,
            history_text=_("a clos la direction qui lisait un avis : sa lecture passe à celle qui lui succède"),
        ),
    ],
    parent="opinion",
    dossier=lambda request: request.opinion,
    facts=lambda request: {"late": True} if request.was_late else {},
    noun="check",
)
