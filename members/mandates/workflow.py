"""Steps of a mandate and of a name to correct (domain.md B4). The README has the same tables."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.signals import standing_ended
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import is_team, term_ids
from assembly.institution.workflow import TERM
from assembly.workflow import Permission, Step, Transition, Workflow
from members.enums import MandateState as S, RequestState as R
from members.forms import EndForm, MandateDayForm
from members.models import Mandate, NameChangeRequest, Suspension
from members.rules import check_not_in_future

TEAM = _("équipe")
MANDATE_TEAM: Permission[Mandate] = Permission(lambda user, mandate: is_team(user, mandate.term_id), TEAM)


def knows_member(user: Any, request: NameChangeRequest) -> bool:
    """Return whether the user is in the team of a term in which this member has, or had, a mandate."""
    return Mandate.objects.filter(member=request.member_id, term__in=term_ids(user, TEAM_ROLES)).exists()


NAME_TEAM: Permission[NameChangeRequest] = Permission(knows_member, TEAM)


def columns_on_day(
    columns: Callable[[date], dict[str, Any]], *after: str
) -> Callable[[Mandate, Transition], dict[str, Any]]:
    """Return the `changes` of a step on the day `facts["on"]`: not in the future, nor before the previous step.
    That step’s day is in the first of the columns `after` that is filled."""

    def changes(mandate: Mandate, taken: Transition) -> dict[str, Any]:
        day: date = taken.facts["on"]
        check_not_in_future(day)
        if day < next(filter(None, (getattr(mandate, name) for name in after)), day):
            raise ValidationError(gettext("Cette date vient avant l’étape d’avant."), code="on")
        return columns(day)

    return changes


def check_deadline(mandate: Mandate) -> None:
    if mandate.answer_deadline and mandate.answer_deadline >= timezone.localdate():
        raise ValidationError(gettext("Le délai de réponse n’est pas encore passé."), code="deadline")


def check_seat(mandate: Mandate) -> None:
    if mandate.seat_id is None:
        raise ValidationError(
            gettext("Cette personne est suppléante : donnez-lui d’abord un siège vacant."), code="seat"
        )


def start_pause(mandate: Mandate, taken: Transition) -> None:
    Suspension.objects.create(mandate=mandate, starts_on=taken.facts["on"])
    standing_ended.send(Mandate, person=mandate.member.person, by=taken.by)


def end_pause(mandate: Mandate, taken: Transition) -> None:
    mandate.suspensions.filter(ends_on=None).update(ends_on=taken.facts["on"])


MANDATE: Workflow[Mandate] = Workflow(
    [
        Step(
            "accept",
            {S.PROPOSED},
            S.ACCEPTED,
            by=MANDATE_TEAM,
            history_text=_("a noté l’acceptation du mandat"),
            changes=columns_on_day(lambda day: {"accepted_on": day}),
            slug="accepter",
            label=_("Noter l’accord"),
            question=_("Noter l’accord de la personne"),
            form=MandateDayForm,
            fresh=True,
        ),
        Step(
            "decline",
            {S.PROPOSED},
            S.DECLINED,
            by=MANDATE_TEAM,
            history_text=_("a noté le refus du mandat"),
            changes=columns_on_day(lambda day: {"ended_on": day}),
            slug="refuser",
            consequences=[_("Le siège redevient vacant.")],
            label=_("Noter le refus"),
            question=_("Noter le refus de la personne"),
            form=MandateDayForm,
            fresh=True,
        ),
        Step(
            "lapse",
            {S.PROPOSED},
            S.NO_ANSWER,
            by=MANDATE_TEAM,
            guards=(check_deadline,),
            history_text=_("a noté l’absence de réponse"),
            changes=columns_on_day(lambda day: {"ended_on": day}),
            slug="sans-reponse",
            consequences=[_("Le siège redevient vacant.")],
            label=_("Noter sans réponse"),
            question=_("Noter l’absence de réponse"),
            fresh=True,
        ),
        Step(
            "seat",
            S.tagged("open"),
            by=MANDATE_TEAM,
            when=lambda mandate: mandate.seat_id is None,
            history_text=_("a donné le siège à la suppléance"),
        ),
        Step(
            "activate",
            {S.ACCEPTED},
            S.ACTIVE,
            by=MANDATE_TEAM,
            guards=(check_seat,),
            history_text=_("a ouvert le mandat"),
            changes=columns_on_day(lambda day: {"activated_on": day}, "accepted_on"),
            slug="ouvrir",
            label=_("Ouvrir le mandat"),
            question=_("Ouvrir le mandat"),
            consequences=[_("La personne devient membre\u00a0: elle est convoquée, vote, et entre dans son espace.")],
            form=MandateDayForm,
            fresh=True,
        ),
        Step(
            "suspend",
            {S.ACTIVE},
            S.SUSPENDED,
            by=MANDATE_TEAM,
            history_text=_("a suspendu le mandat"),
            changes=columns_on_day(lambda day: {"suspended_on": day}, "activated_on"),
            then=start_pause,
            slug="suspendre",
            label=_("Suspendre"),
            question=_("Suspendre le mandat"),
            consequences=[_("Le siège reste à la personne. Elle n’est plus convoquée jusqu’à la reprise.")],
            form=MandateDayForm,
            fresh=True,
        ),
        Step(
            "resume",
            {S.SUSPENDED},
            S.ACTIVE,
            by=MANDATE_TEAM,
            history_text=_("a repris le mandat"),
            changes=columns_on_day(lambda day: {"suspended_on": None}, "suspended_on"),
            then=end_pause,
            slug="reprendre",
            label=_("Reprendre"),
            question=_("Reprendre le mandat"),
            consequences=[_("La personne est de nouveau convoquée, et vote.")],
            form=MandateDayForm,
            fresh=True,
        ),
        Step(
            "end",
            S.tagged("accepted"),
            S.ENDED,
            by=MANDATE_TEAM,
            history_text=_("a mis fin au mandat"),
            changes=columns_on_day(lambda day: {"ended_on": day, "suspended_on": None}, "activated_on", "accepted_on"),
            then=end_pause,
            slug="terminer",
            label=_("Mettre fin au mandat"),
            question=_("Mettre fin au mandat"),
            consequences=[
                _(
                    "La personne ne peut plus se connecter et quitte ses groupes. Ce qu’elle a écrit reste, signé"
                    " « ancien membre ». Le siège devient vacant."
                )
            ],
            form=EndForm,
            danger=True,
            fresh=True,
        ),
    ],
    noun="mandate",
)

NAME_REQUEST: Workflow[NameChangeRequest] = Workflow(
    [
        Step("confirm", {R.PENDING}, R.CONFIRMED, NAME_TEAM, when_column="decided_at", by_column="decided_by"),
        Step("refuse", {R.PENDING}, R.REFUSED, NAME_TEAM, when_column="decided_at", by_column="decided_by"),
    ]
)


def check_drawn(term: Term) -> None:
    """Check that seats were proposed to people of this term, which « tirée au sort » means."""
    if not Mandate.objects.filter(term=term).exists():
        message = gettext("Enregistrez d’abord les personnes tirées au sort, par exemple par un import.")
        raise ValidationError(message, code="drawn")


def check_seated(term: Term) -> None:
    if not Mandate.objects.filter(term=term, state=S.ACTIVE).exists():
        raise ValidationError(gettext("Ouvrez d’abord des mandats : personne ne siège encore."), code="seated")


TERM.add_guard("draw", check_drawn)
TERM.add_guard("start", check_seated)
