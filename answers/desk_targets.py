"""Lines about answers in the one daily mail of agents: their text, and whether a line is obsolete."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.actions import follow_up_reminders
from answers.models import AnswerCase, FollowUp
from answers.queries.people import approvers_of, waited_people
from assembly.text.french import format_date
from consultations.enums import DeskEventKind
from consultations.models import DeskEvent
from consultations.targets import DeskTarget, add_desk_target


def case_of(event: DeskEvent) -> AnswerCase:
    return AnswerCase.objects.with_dossier().get(pk=event.target_id or 0)


def is_obsolete(event: DeskEvent) -> bool:
    """Return whether the turn has passed to somebody else, or the answer was given."""
    case = case_of(event)
    if case.answered_on is not None:
        return True
    turn = waited_people(case)
    if event.kind == DeskEventKind.ANSWER_LATE and turn:
        turn = [*turn, *approvers_of(case)]
    return event.user not in turn


def line(event: DeskEvent) -> tuple[str, str, str]:
    """Return the title (« AC2-2026-03-P07 – Un guichet »), the due day and the address; never text of an answer."""
    case = case_of(event)
    is_late = event.kind == DeskEventKind.ANSWER_LATE
    sentence = _("C’était attendu le %(day)s.") if is_late else _("Attendue le %(day)s.")
    detail = sentence % {"day": format_date(case.due_on)}
    return f"{case.reference} – {case.title}", detail, reverse("answers:directorate-case", args=[case.pk])


add_desk_target("answers.AnswerCase", DeskTarget(is_obsolete, line))


def follow_up_of(event: DeskEvent) -> FollowUp:
    return FollowUp.objects.with_dossier().get(pk=event.target_id or 0)


def is_update_obsolete(event: DeskEvent) -> bool:
    """Return whether the update was made, the follow-up closed, or somebody else is in charge."""
    row, today = follow_up_of(event), timezone.localdate()
    if row.update_due_on is None:
        return True
    kind, people = follow_up_reminders.people_of(row, today)
    is_near = follow_up_reminders.is_near(row.update_due_on, today)
    return not is_near or event.user not in people or (event.kind == DeskEventKind.UPDATE_LATE and kind != event.kind)


def update_line(event: DeskEvent) -> tuple[str, str, str]:
    """Return the title (« AC2-2026-03-P07 – Un guichet »), the day an update is due, and the address."""
    row = follow_up_of(event)
    is_late = event.kind == DeskEventKind.UPDATE_LATE
    sentence = _("Un point était attendu le %(day)s.") if is_late else _("Un point est attendu le %(day)s.")
    detail = sentence % {"day": format_date(row.update_due_on)}
    return f"{row.case.reference} – {row.case.title}", detail, reverse("answers:directorate-case", args=[row.case_id])


add_desk_target("answers.FollowUp", DeskTarget(is_update_obsolete, update_line))
