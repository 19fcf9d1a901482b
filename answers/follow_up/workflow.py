"""Steps of a follow-up, from the published answer to the end of the measure; the README has the same table."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from answers.follow_up import forms, rules
from answers.models import FollowUp, FollowUpHearing, FollowUpState as S, ProgressUpdate
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Transition, Workflow

TEAM: Permission[FollowUp] = Permission(lambda user, row: is_team(user, row.case.opinion.term_id), _("équipe"))
LEAD: Permission[FollowUp] = Permission(lambda user, row: is_lead(user, row.case.opinion.term_id), _("responsable"))
AGENTS: Permission[FollowUp] = Permission(rules.is_in_charge, _("direction chargée"))
COMMITTEE: Permission[FollowUp] = Permission(rules.sits_in_committee, _("comité de suivi"))
UPDATE_WRITERS = AGENTS | TEAM


def check_update_proved(follow_up: FollowUp) -> None:
    """Raise ValidationError unless the measure is reported as done, with a proof."""
    if follow_up.reported_at is None or not ProgressUpdate.objects.proving().filter(follow_up=follow_up).exists():
        sentence = gettext("Faites d’abord le point « réalisée » : un document, une adresse ou une photo le montre.")
        raise ValidationError(sentence, code="proof")


def is_reported(follow_up: FollowUp) -> bool:
    return follow_up.reported_at is not None


def check_not_asked_today(follow_up: FollowUp) -> None:
    """Raise ValidationError if an update was requested today: one mail a day at most."""
    if follow_up.asked_at and timezone.localdate(follow_up.asked_at) == timezone.localdate():
        raise ValidationError(gettext("Un point est déjà demandé aujourd’hui : réessayez demain."), code="asked")


def next_due_columns(follow_up: FollowUp, taken: Transition) -> dict[str, Any]:
    """Return the columns of an update: the next one is due so many months after this one."""
    due = rules.update_due(timezone.localdate(), follow_up.case.opinion.term)
    return {"update_due_on": due, "reported_at": None, "asked_at": None}


def closed_columns(follow_up: FollowUp, taken: Transition) -> dict[str, Any]:
    return {"update_due_on": None, "reported_at": None, "asked_at": None, "ended_on": timezone.localdate()}


def reopened_columns(follow_up: FollowUp, taken: Transition) -> dict[str, Any]:
    return next_due_columns(follow_up, taken) | {"ended_on": None, "proved_by": None, "reason": ""}


def next_steps(follow_up: FollowUp) -> Collection[str]:
    """Return the next steps: entrust, then update; one reported as done is for the lead to complete."""
    if follow_up.directorate_id is None:
        return ["entrust"]
    return ["complete"] if is_reported(follow_up) else ["update"]


FOLLOW_UP: Workflow[FollowUp] = Workflow(
    [
        Step(
            "complete",
            S.tagged("open"),
            S.DONE,
            by=LEAD,
            guards=(check_update_proved,),
            history_text=_("a clos une suite donnée comme réalisée"),
            changes=closed_columns,
            slug="clore",
            label=_("Clore comme réalisée"),
            question=_("Clore cette suite donnée comme réalisée ?"),
            success_message=_("La suite donnée est close comme réalisée."),
            consequences=[_("Tout le monde lit « réalisée », avec la preuve.")],
            template="answers/follow_up/question.html",
            fresh=True,
        ),
        Step(
            "start",
            {S.PLANNED, S.DELAYED},
            S.IN_PROGRESS,
            by=UPDATE_WRITERS,
            history_text=_("a dit une suite donnée en cours"),
            changes=next_due_columns,
        ),
        Step(
            "delay",
            {S.PLANNED, S.IN_PROGRESS},
            S.DELAYED,
            by=UPDATE_WRITERS,
            history_text=_("a dit une suite donnée retardée"),
            changes=next_due_columns,
        ),
        Step(
            "report_done",
            S.tagged("open"),
            by=UPDATE_WRITERS,
            event_type="follow_up.reported_done",
            history_text=_("a dit une suite donnée réalisée, preuve à l’appui"),
            changes=lambda row, taken: next_due_columns(row, taken) | {"reported_at": timezone.now()},
        ),
        Step(
            "dispute",
            S.tagged("open"),
            by=LEAD,
            when=is_reported,
            history_text=_("n’a pas tenu une suite donnée pour réalisée"),
            needs_reason=True,
            changes=lambda row, taken: {"reported_at": None},
            slug="a-faire",
            label=_("Ce n’est pas encore réalisé"),
            question=_("Qu’est-ce qui reste à faire ?"),
            success_message=_("La direction est prévenue de ce qui reste à faire."),
            template="answers/follow_up/question.html",
        ),
        Step(
            "ask",
            S.tagged("open"),
            by=TEAM,
            when=lambda row: row.directorate_id is not None,
            guards=(check_not_asked_today,),
            history_text=_("a demandé un point sur une suite donnée"),
            changes=lambda row, taken: {"asked_at": timezone.now()},
            slug="demander",
            label=_("Demander un point"),
            question=_("Demander un point à la direction ?"),
            success_message=_("Le point est demandé."),
        ),
        Step(
            "update",
            S.tagged("open"),
            by=UPDATE_WRITERS,
            history_text=_("a fait le point sur une suite donnée"),
            changes=next_due_columns,
            slug="point",
            areas=("directorate", ""),
            label=_("Faire le point"),
            question=_("Où en est cette mesure ?"),
            consequences=[_("Tout le monde lit ce point aussitôt. Il ne change plus : un autre point le corrige.")],
            form=forms.UpdateForm,
            template="answers/follow_up/update.html",
        ),
        Step(
            "schedule",
            S.tagged("open"),
            by=UPDATE_WRITERS,
            history_text=_("a changé les étapes d’une suite donnée"),
            slug="etapes",
            areas=("directorate", ""),
            label=_("Changer les étapes"),
            question=_("Quelles étapes, et pour quand ?"),
            success_message=_("Les étapes sont à jour."),
            consequences=[_("Une étape qui change garde son ancienne date, que tout le monde peut lire.")],
            form=forms.MilestonesForm,
            template="answers/follow_up/milestones.html",
        ),
        Step(
            "describe",
            S.tagged("open"),
            by=UPDATE_WRITERS,
            history_text=_("a changé le service ou le budget d’une suite donnée"),
            slug="service",
            areas=("directorate", ""),
            label=_("Service et budget"),
            question=_("Quel service, et sur quel budget ?"),
            success_message=_("Le service et le budget sont à jour."),
            form=forms.DescriptionForm,
        ),
        Step(
            "entrust",
            S.tagged("open"),
            by=TEAM,
            history_text=_("a confié une suite donnée à une direction"),
            slug="confier",
            label=_("Confier le suivi à une direction"),
            question=_("Quelle direction suit cette réponse ?"),
            success_message=_("Le suivi est confié. La direction est prévenue."),
            consequences=[_("Les agents de la direction choisie reçoivent un courriel et peuvent faire le point.")],
            form=forms.EntrustForm,
        ),
        Step(
            "remark",
            set(S),
            by=COMMITTEE | TEAM,
            history_text=_("a noté une remarque du comité de suivi"),
            slug="remarque",
            areas=("committee", ""),
            label=_("Écrire une remarque"),
            question=_("Que dit le comité de suivi ?"),
            success_message=_("La remarque est envoyée à la mission et à la direction."),
            consequences=[_("La mission, la direction chargée et le comité la lisent. Le public ne la lit pas.")],
            form=forms.CommitteeRemarkForm,
        ),
        Step(
            "ask_hearing",
            S.tagged("open"),
            by=COMMITTEE | TEAM,
            event_type="follow_up.hearing_asked",
            history_text=_("a demandé que le comité de suivi entende un service"),
            slug="entendre",
            areas=("committee", ""),
            label=_("Demander à entendre un service"),
            question=_("Quel service le comité veut-il entendre ?"),
            success_message=_("La demande est envoyée. La mission organise l’audition."),
            form=forms.AskHearingForm,
        ),
        Step(
            "record_hearing",
            set(S),
            by=TEAM,
            when=lambda follow_up: FollowUpHearing.objects.filter(follow_up=follow_up, heard_on=None).exists(),
            event_type="follow_up.hearing_recorded",
            history_text=_("a noté ce qu’un service a dit au comité de suivi"),
            slug="audition",
            label=_("Noter l’audition"),
            question=_("Qu’a dit le service au comité de suivi ?"),
            success_message=_("L’audition est notée."),
            form=forms.RecordHearingForm,
        ),
        Step(
            "withdraw",
            set(S),
            by=TEAM,
            event_type="follow_up.update_withdrawn",
            history_text=_("a retiré un point sur une suite donnée"),
            needs_reason=True,
            slug="retirer",
            label=_("Retirer un point"),
            success_message=_("Le point est retiré : plus personne ne le lit hors de la mission."),
            consequences=[
                _("Pour une erreur ou une donnée privée. Le public lit qu’un point a été retiré, et pourquoi.")
            ],
            form=forms.WithdrawUpdateForm,
            danger=True,
        ),
        Step(
            "abandon",
            S.tagged("open"),
            S.ABANDONED,
            by=LEAD,
            history_text=_("a clos une suite donnée comme abandonnée"),
            reason_column="reason",
            changes=closed_columns,
            slug="abandonner",
            label=_("Clore comme abandonnée"),
            question=_("Clore cette suite donnée comme abandonnée ?"),
            success_message=_("La suite donnée est close comme abandonnée."),
            consequences=[_("Tout le monde lit votre motif. La suite donnée peut être rouverte.")],
            danger=True,
            fresh=True,
        ),
        Step(
            "reopen",
            S.tagged("ended"),
            S.IN_PROGRESS,
            by=LEAD,
            history_text=_("a rouvert une suite donnée"),
            needs_reason=True,
            changes=reopened_columns,
            slug="rouvrir",
            label=_("Rouvrir la suite donnée"),
            question=_("Rouvrir cette suite donnée ?"),
            success_message=_("La suite donnée est rouverte : un point sera demandé."),
            consequences=[_("Elle redevient « en cours ». La preuve reste lisible parmi les points.")],
            fresh=True,
        ),
        # Its directorate was closed: the successor publishes the updates, or nobody until the team entrusts them.
        Step(
            "inherit",
            S.tagged("open"),
            by=SYSTEM_ONLY,
            history_text=_("a clos la direction chargée d’une suite donnée, qui passe à celle qui lui succède"),
        ),
    ],
    dossier=lambda row: row.case,
    facts=lambda row: {"reference": row.case.reference},
    next_steps=dict.fromkeys(S.tagged("open"), next_steps),
    noun="follow_up",
)
