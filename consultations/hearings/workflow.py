"""State table of hearings, which the README has too; who changes one and writes its report."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Workflow
from consultations.hearings.forms import CancelForm
from consultations.models import Hearing, HearingState
from consultations.referrals.rules import accepts_briefing, can_brief


def can_change_hearing(user: Any, hearing: Hearing) -> bool:
    """Return whether the team may change it while the referral runs; one called off is planned again first."""
    return can_brief(user, hearing.referral) and hearing.state != HearingState.CANCELLED


def can_write_report(user: Any, hearing: Hearing) -> bool:
    """Return whether the user may write the report: once it was held, also late, when the referral has ended."""
    return is_team(user, hearing.referral.term_id) and hearing.state == HearingState.HELD


def referral_takes_hearings(hearing: Hearing) -> bool:
    """Return whether the referral is still worked on."""
    return accepts_briefing(hearing.referral)


def has_begun(hearing: Hearing) -> bool:
    return referral_takes_hearings(hearing) and hearing.starts_at <= timezone.now()


HEARING_TEAM: Permission[Hearing] = Permission(
    lambda user, hearing: is_team(user, hearing.referral.term_id), _("équipe")
)

HEARING: Workflow[Hearing] = Workflow(
    [
        Step(
            "hold",
            {HearingState.PLANNED},
            HearingState.HELD,
            by=HEARING_TEAM,
            when=has_begun,
            event_type="hearing.held",
            history_text=_("a noté une audition"),
            slug="tenue",
            label=_("Noter qu’elle a eu lieu"),
            question=_("Cette audition a eu lieu ?"),
            success_message=_("C’est noté. Écrivez maintenant le compte rendu."),
            consequences=[_("Elle sera comptée, et vous pourrez écrire son compte rendu.")],
        ),
        Step(
            "cancel",
            {HearingState.PLANNED},
            HearingState.CANCELLED,
            by=HEARING_TEAM,
            when=referral_takes_hearings,
            event_type="hearing.cancelled",
            history_text=_("a annulé une audition"),
            reason_column="reason",
            slug="annuler",
            label=_("Annuler l’audition"),
            question=_("Annuler cette audition ?"),
            success_message=_("L’audition est annulée ; les calendriers le disent."),
            form=CancelForm,
            danger=True,
        ),
        Step(
            "plan_again",
            {HearingState.CANCELLED},
            HearingState.PLANNED,
            by=HEARING_TEAM,
            when=referral_takes_hearings,
            event_type="hearing.planned_again",
            history_text=_("a prévu de nouveau une audition"),
            changes=lambda hearing, taken: {"reason": ""},
            slug="reprendre",
            label=_("La prévoir de nouveau"),
            question=_("Prévoir de nouveau cette audition ?"),
            success_message=_("L’audition est de nouveau au calendrier. Vérifiez sa date."),
        ),
    ],
    parent="referral",
    dossier=lambda hearing: hearing.referral,
    common_columns=lambda: {"version": F("version") + 1},
)
