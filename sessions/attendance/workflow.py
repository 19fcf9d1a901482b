"""State table of absences in a row; the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from sessions.attendance.forms import EndOfMandateForm, ObservationsForm, ProcedureForm, WarningForm
from sessions.models import AbsenceCase, AbsenceCaseState as S

TEAM: Permission[AbsenceCase] = Permission(
    lambda user, case: is_team(user, case.mandate.term_id), gettext_lazy("équipe")
)
LEAD: Permission[AbsenceCase] = Permission(
    lambda user, case: is_lead(user, case.mandate.term_id), gettext_lazy("responsable")
)


def decision_of(case: AbsenceCase, taken: Transition) -> dict[str, Any]:
    return {"decided_at": timezone.now(), "decided_by": taken.by}


def check_absence_count(case: AbsenceCase) -> None:
    """Raise ValidationError unless there is one absence more than for the alert (domain.md I)."""
    needed = case.mandate.term.absence_alert + 1
    if case.absences < needed:
        message = _("Absences de suite : %(count)s. La procédure commence à %(needed)s.")
        raise ValidationError(message % {"needed": needed, "count": case.absences}, code="absences")


def check_member_heard(case: AbsenceCase) -> None:
    if not case.answered_on and case.answer_by and case.answer_by >= timezone.localdate():
        message = _("Attendez les observations de la personne, ou la fin du délai.")
        raise ValidationError(message, code="heard")


ABSENCE: Workflow[AbsenceCase] = Workflow(
    [
        Step(
            "raise_again",
            {S.WARNED, S.DISMISSED, S.LIFTED},
            S.RAISED,
            event_type="absence.raised_again",
            history_text=gettext_lazy("a signalé une absence de plus"),
        ),
        Step(
            "lift",
            S.tagged("open"),
            S.LIFTED,
            history_text=gettext_lazy("a retiré l’alerte sur les absences : elle n’a plus d’objet"),
        ),
        Step(
            "warn",
            {S.RAISED},
            S.WARNED,
            by=TEAM,
            history_text=gettext_lazy("a écrit à la personne au sujet de ses absences"),
            changes=decision_of,
            slug="ecrire",
            label=_("Écrire à la personne"),
            success_message=_(
                "Le message est en cours d’envoi. L’alerte revient si la personne manque la prochaine plénière."
            ),
            form=WarningForm,
        ),
        Step(
            "dismiss",
            S.tagged("alert"),
            S.DISMISSED,
            by=TEAM,
            history_text=gettext_lazy("a classé sans suite l’alerte sur les absences"),
            reason_column="reason",
            changes=decision_of,
            slug="classer",
            label=_("Classer sans suite"),
            success_message=_("L’alerte est classée. Elle revient si la personne manque la prochaine plénière."),
            consequences=[_("Rien n’est envoyé à la personne. Le motif reste dans le dossier.")],
        ),
        Step(
            "begin",
            S.tagged("alert"),
            S.PROCEDURE,
            by=LEAD,
            guards=(check_absence_count,),
            event_type="absence.procedure_begun",
            history_text=gettext_lazy("a ouvert la procédure pour absences répétées"),
            changes=decision_of,
            slug="procedure",
            label=_("Ouvrir la procédure"),
            question=_("Ouvrir la procédure pour absences répétées ?"),
            success_message=_("La procédure est ouverte. La personne peut répondre jusqu’à la date annoncée."),
            form=ProcedureForm,
            fresh=True,
        ),
        Step(
            "hear",
            {S.PROCEDURE},
            by=TEAM,
            event_type="absence.heard",
            history_text=gettext_lazy("a noté les observations de la personne"),
            slug="observations",
            label=_("Noter ses observations"),
            question=_("Noter les observations de la personne"),
            success_message=_("Les observations sont notées."),
            form=ObservationsForm,
        ),
        Step(
            "drop",
            {S.PROCEDURE},
            S.DISMISSED,
            by=LEAD,
            event_type="absence.procedure_dropped",
            history_text=gettext_lazy("a arrêté la procédure pour absences répétées"),
            reason_column="reason",
            changes=decision_of,
            slug="arreter",
            label=_("Arrêter la procédure"),
            success_message=_("La procédure est arrêtée. La personne garde son mandat."),
            consequences=[_("Dites-le aussi à la personne : rien ne part d’ici.")],
        ),
        Step(
            "end",
            {S.PROCEDURE},
            S.ENDED,
            by=LEAD,
            guards=(check_member_heard,),
            event_type="absence.mandate_ended",
            history_text=gettext_lazy("a mis fin au mandat pour absences répétées"),
            changes=decision_of,
            locks_parent=True,
            slug="terminer",
            label=_("Mettre fin au mandat"),
            question=_("Mettre fin au mandat pour absences répétées ?"),
            success_message=_("Le mandat est terminé. Le siège est vacant."),
            consequences=[_("La personne ne peut plus se connecter et quitte ses groupes. Le siège devient vacant.")],
            form=EndOfMandateForm,
            danger=True,
            fresh=True,
        ),
    ],
    parent="mandate",
    dossier=lambda case: case.mandate,
    facts=lambda case: {"absences": case.absences},
    noun="absence",
)
