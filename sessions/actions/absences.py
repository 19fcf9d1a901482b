"""Alerts on absences in a row, and the team's decisions about them.

The attendance roll raises and lifts alerts; the team alone decides to send a message or to end a mandate.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.models import Term
from assembly.text.printable import check_text
from members.actions import mandates
from members.enums import MandateState
from members.models import Mandate
from sessions.attendance.mails import write_to_member
from sessions.attendance.queries.absences import missed_in_a_row, procedures, too_often_missing
from sessions.attendance.workflow import ABSENCE
from sessions.enums import AbsenceCaseState as S
from sessions.enums import SittingKind
from sessions.models import AbsenceCase, Sitting


@transaction.atomic
def update_alerts(sitting: Sitting) -> None:
    """Compare the alerts of a term with the rolls, when a plenary closes and when its roll is corrected."""
    if sitting.kind != SittingKind.PLENARY:
        return
    lift_answered(sitting.term)
    in_procedure = dict(procedures(None, sitting.term).values_list("mandate", "since"))
    for mandate in too_often_missing(sitting.term).order_by("pk"):
        if in_procedure.get(mandate.pk, mandate.since) != mandate.since:
            continue
        counted = {"latest_id": mandate.latest, "absences": mandate.missed, "excused": mandate.excused}
        case, is_new = AbsenceCase.objects.select_related("mandate__term").get_or_create(
            mandate=mandate, since_id=mandate.since, defaults={**counted, "raised_at": timezone.now()}
        )
        if is_new:
            record("absence.raised", case, by=None, dossier=mandate, absences=case.absences)
        elif case.state in {S.RAISED, S.PROCEDURE}:
            AbsenceCase.objects.filter(pk=case.pk, state=case.state).update(**counted)
        elif case.state == S.LIFTED or case.state != S.ENDED and case.latest_id != mandate.latest:
            ABSENCE.follow(case, "raise_again", **counted, raised_at=timezone.now())


def lift_answered(term: Term) -> None:
    """Lift the alerts that no roll supports any longer: the person came, or the roll was wrong."""
    waiting = AbsenceCase.objects.filter(mandate__term=term, state__in=S.tagged("alert"))
    rows = missed_in_a_row(Mandate.objects.filter(pk__in=waiting.values("mandate")))
    running = {(mandate.pk, mandate.since) for mandate in rows if mandate.missed >= max(term.absence_alert, 1)}
    for case in waiting.select_related("mandate__term").order_by("pk"):
        if (case.mandate_id, case.since_id) not in running:
            ABSENCE.follow(case, "lift")


@transaction.atomic
def lift_cases(person: Person) -> None:
    """Lift the open cases of a person whose mandate ended, and the raised ones of a suspended mandate."""
    open_ones = AbsenceCase.objects.filter(mandate__member__person=person, state__in=S.tagged("open"))
    for case in open_ones.select_related("mandate__term").order_by("pk"):
        paused = case.mandate.state == MandateState.SUSPENDED and case.state == S.RAISED
        if not case.mandate.is_open or paused:
            ABSENCE.follow(case, "lift")


@ABSENCE.action("warn")
@transaction.atomic
def warn(case: AbsenceCase, *, text: str, by: User) -> None:
    """Write to the person with the text that the team read and sent."""
    ABSENCE.transition(case, "warn", by=by)
    write_to_member(case, text=check_text(text), title=_("Vos absences aux séances"), by=by)


@ABSENCE.action("begin")
@transaction.atomic
def begin_procedure(case: AbsenceCase, *, text: str, answer_by: date, by: User) -> None:
    """Open the procedure and notify the person, who may reply with observations until `answer_by`."""
    ABSENCE.transition(case, "begin", by=by, facts={"answer_by": answer_by}, answer_by=answer_by)
    title = _("Vos absences aux séances : vos observations sont attendues")
    write_to_member(case, text=check_text(text), title=title, by=by)


@ABSENCE.action("hear")
@transaction.atomic
def hear(case: AbsenceCase, *, answer: str, answered_on: date, by: User) -> None:
    """Record the person's answer in their name."""
    step = ABSENCE.require(case, "hear", by=by)
    person = case.mandate.member.person
    ABSENCE.take(
        case,
        step,
        by=by,
        on_behalf_of=person,
        facts={"answered_on": answered_on},
        answer=check_text(answer.strip()),
        answered_on=answered_on,
    )


@ABSENCE.action("end")
@transaction.atomic
def end(case: AbsenceCase, *, on: date, detail: str, by: User) -> None:
    """End the mandate, as the lead decided after the person could be heard."""
    ABSENCE.transition(case, "end", by=by, facts={"on": on})
    mandates.end_for_absences(case.mandate, by=by, on=on, detail=detail)
