"""State table of hearings; the README has the same."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Workflow
from consultations.hearings.forms import CancelForm
from consultations.hearings.models import HearingState as H
from consultations.models import Hearing
from consultations.referrals.rules import accepts_briefing


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
            {H.PLANNED},
            H.HELD,
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
            {H.PLANNED},
            H.CANCELLED,
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
            {H.CANCELLED},
            H.PLANNED,
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
