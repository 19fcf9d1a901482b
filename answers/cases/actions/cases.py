"""Actions on answer cases: opened by the handover, moved with it, assigned to directorates, reminded, closed.

A reminder is automatic: 60, 30 and 7 days before, then every week once late, to the approver too. Each is a line of
the one daily mail of agents, that of the directorates’ reviews.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.cases import mails
from answers.cases.enums import AnswerEventKind
from answers.cases.queries import approvers_of, unpublished_answer, waited_people
from answers.cases.rules import clock_of, due_day, redated
from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCase, AnswerCaseState
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.workflow import lock
from consultations.digest import actions as digest
from consultations.models import Referral
from consultations.referrals import actions as referrals
from consultations.reviews.actions.asking import check_at_work, columns_of_successor
from opinions.models import Opinion, OpinionState, Recommendation, RecommendationState

S = AnswerCaseState


def cases_of(opinion: Opinion) -> list[AnswerCase]:
    """List every case of an opinion, in the order in which rows are locked."""
    return list(AnswerCase.objects.of_opinion(opinion).with_dossier().order_by("pk"))


@transaction.atomic
def open_answers(opinion: Opinion, *, on: date, by: User) -> list[AnswerCase]:
    """Open one case per recommendation, or one for an opinion without any: an answer is owed from that day.

    A case that was cancelled, because an earlier handover was taken back, is owed again.
    """
    due, former = due_day(on, opinion.term), cases_of(opinion)
    for case in former:
        ANSWER.follow(case, "restore", by=by, opened_on=on, due_on=due, due_reason="")
    known = {case.recommendation_id for case in former}
    active = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE)
    rows = list(active.order_by("number", "pk"))
    new = [AnswerCase(recommendation=row, opened_on=on, due_on=due) for row in rows if row.pk not in known]
    if not rows and not former:
        new = [AnswerCase(whole_of=opinion, opened_on=on, due_on=due)]
    cases = AnswerCase.objects.bulk_create(new)
    record("answer.cases_opened", opinion, by=by, cases=len(cases) + len(former), due_on=due)
    return [*former, *cases]


@transaction.atomic
def redate_cases(opinion: Opinion, *, on: date, by: User) -> None:
    """Move the start of every clock to the corrected day of the handover; no answer may be older than it."""
    for case in cases_of(opinion):
        if case.answered_on and case.answered_on < on:
            raise ValidationError(_("Une réponse a été publiée avant ce jour-là."), code="on")
        opened_on, due_on = redated(case, on, opinion.term)
        facts = {"opened_on": opened_on, "due_on": due_on}
        ANSWER.follow(case, "redate", by=by, facts=facts, opened_on=opened_on, due_on=due_on)


@transaction.atomic
def close_cases(opinion: Opinion, *, by: User) -> None:
    """Cancel every case of an opinion that was not handed over: nothing is owed.

    What a directorate wrote stays stored for the next handover.
    """
    check_nothing_answered(opinion)
    for case in cases_of(opinion):
        if case.state != S.CANCELLED:
            ANSWER.follow(case, "cancel", by=by, reason=_("L’avis n’a pas été remis."))


def check_nothing_answered(opinion: Opinion) -> None:
    """Raise ValidationError if a directorate sent an answer or one was published.

    Guard of « revenir sur la remise ».
    """
    begun = AnswerCase.objects.of_opinion(opinion).exclude(state__in=[S.AWAITING, S.ASSIGNED, S.CANCELLED])
    answered = AnswerCase.objects.of_opinion(opinion).exclude(answered_on=None)
    if (begun | answered).exists():
        sentence = _(
            "Des réponses sont déjà envoyées ou publiées : la remise a bien eu lieu. Corrigez plutôt sa date."
        )
        raise ValidationError(sentence, code="answered")


def check_not_written_here(referral: Referral) -> None:
    """Raise ValidationError if an opinion on this referral is written in the application.

    Guard of the answer recorded on a referral: such an opinion is answered one recommendation at a time.
    """
    if Opinion.objects.filter(referral=referral).exclude(state=OpinionState.WITHDRAWN).exists():
        sentence = _("Un avis est écrit ici sur cette saisine : chaque préconisation reçoit sa réponse.")
        raise ValidationError(sentence, code="opinion")


def check_directorates(case: AnswerCase, directorate: Directorate | None, associated: Sequence[Directorate]) -> None:
    """Check the lead directorate and those that help: of the same assembly and at work.

    Those that helped before they were closed may stay. To be called before the case is locked: docs/locks.md.
    """
    if directorate is None:
        raise ValidationError(_("Choisissez la direction pilote."), code="directorate")
    helped = set(case.associated.all())
    check_at_work([directorate, *(row for row in associated if row not in helped)])
    assembly = case.opinion.term.assembly_id
    if any(row.assembly_id != assembly for row in (directorate, *associated)):
        raise ValidationError(_("Choisissez une direction de cette assemblée."), code="directorate")


def check_due(case: AnswerCase, due_on: date) -> date:
    if due_on < max(timezone.localdate(), case.opened_on):
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    return due_on


def set_associated(case: AnswerCase, associated: Iterable[Directorate]) -> None:
    """Set the directorates that help, without the lead one, which is named already."""
    case.associated.set({row.pk for row in associated} - {case.directorate_id})


def open_draft(case: AnswerCase) -> Answer:
    """Return the version that the directorates write; the first one is created when they are asked."""
    draft = unpublished_answer(case)
    return draft or new_version(case)


def new_version(case: AnswerCase, **content: Any) -> Answer:
    """Create a version numbered after every other one, abandoned ones included."""
    last = Answer.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    return Answer.objects.create(case=case, number=last + 1, **content)


@ANSWER.action("assign")
@transaction.atomic
def assign(
    case: AnswerCase,
    directorate: Directorate | None,
    *,
    associated: Sequence[Directorate] = (),
    due_on: date | None = None,
    by: User,
) -> None:
    """Assign a case to the lead directorate, name those that help, and set another day if one is given."""
    assign_all([case], directorate, associated=associated, due_on=due_on, by=by)


@transaction.atomic
def assign_all(
    cases: Iterable[AnswerCase],
    directorate: Directorate | None,
    *,
    associated: Sequence[Directorate] = (),
    due_on: date | None = None,
    by: User,
) -> int:
    """Assign several cases to the same directorates: all of them or none, one line of the journal each."""
    rows = sorted(cases, key=lambda case: case.pk)
    for case in rows:
        assign_without_mail(case, directorate, associated=associated, due_on=due_on, by=by)
    mails.notify_writers(mails.ASSIGNED, rows, by=by)
    return len(rows)


def assign_without_mail(
    case: AnswerCase,
    directorate: Directorate | None,
    *,
    associated: Sequence[Directorate] = (),
    due_on: date | None = None,
    by: User,
) -> None:
    """Assign one of several cases, without a mail.

    The caller writes one mail about them all (`mails.notify_writers`).
    """
    _give(case, "assign", directorate, associated, due_on=due_on, by=by)


@transaction.atomic
def remind(cases: Iterable[AnswerCase], *, by: User) -> None:
    """Remind those whose turn it is, by one mail each; a case is reminded at most once a day."""
    rows = sorted(cases, key=lambda case: case.pk)
    for case in rows:
        ANSWER.transition(case, "remind", by=by)
    mails.send_reminders(rows, by=by)


@ANSWER.action("reassign")
@transaction.atomic
def reassign(
    case: AnswerCase,
    directorate: Directorate | None,
    *,
    associated: Sequence[Directorate] = (),
    reason: str,
    by: User,
) -> None:
    """Assign a case anew where two directorates claim it, or neither does: one leads, the others help.

    The text stays.
    """
    _give(case, "reassign", directorate, associated, reason=reason, by=by)
    mails.notify_writers(mails.ASSIGNED, [case], by=by, reason=reason)


def _give(
    case: AnswerCase,
    step_name: str,
    directorate: Directorate | None,
    associated: Sequence[Directorate],
    *,
    due_on: date | None = None,
    reason: str = "",
    by: User,
) -> None:
    check_directorates(case, directorate, associated)
    step = ANSWER.require(case, step_name, by=by)
    due = {"due_on": check_due(case, due_on)} if due_on and due_on != case.due_on else {}
    facts = {
        "directorate": directorate.pk if directorate else None,
        "associated": sorted({row.pk for row in associated}),
        **due,
    }
    note = {"due_reason": _("Date choisie en confiant la réponse.")} if due else {}
    ANSWER.take(
        case, step, by=by, reason=reason, facts=facts, directorate=directorate, inherited_from=None, **due, **note
    )
    set_associated(case, associated)
    open_draft(case)
    Answer.objects.in_hand().filter(case=case).update(is_sent=False)


@ANSWER.action("change_due")
@transaction.atomic
def change_due(case: AnswerCase, due_on: date, *, reason: str, by: User) -> None:
    """Set another day, with the reason that the directorate reads."""
    step = ANSWER.require(case, "change_due", by=by)
    facts = {"before": case.due_on, "after": check_due(case, due_on)}
    ANSWER.take(case, step, by=by, reason=reason, facts=facts, due_on=due_on)


@ANSWER.action("cancel")
@transaction.atomic
def cancel(case: AnswerCase, *, reason: str, by: User) -> None:
    """Cancel a case: no answer is owed. If all the others are answered, the referral becomes answered."""
    lock_referrals([case])
    ANSWER.transition(case, "cancel", by=by, reason=reason)
    follow_referral(case.opinion, by=by)


def lock_referrals(cases: Iterable[AnswerCase]) -> None:
    """Lock the referrals of these cases before the cases: the referral may follow the answer.

    Rows of a lower app are locked before those of a higher one (docs/locks.md).
    """
    for referral in sorted({case.opinion.referral for case in cases}, key=lambda one: one.pk):
        lock(referral)


def follow_referral(opinion: Opinion, *, by: User) -> None:
    """Mark the referral as answered once no answer is owed on any of its opinions."""
    cases = AnswerCase.objects.of_referral(opinion.referral_id).standing()
    if cases.exists() and not cases.filter(answered_on=None).exists():
        referrals.follow_opinion(opinion.referral, "answer", by=by)


@transaction.atomic
def pass_cases_to_successor(directorate: Directorate, *, by: User | None) -> None:
    """Pass the answers owed by a closed directorate to its successor at work; without one the team assigns them.

    What the closed directorate had signed stays signed. Where it helped, the successor helps in its stead.
    """
    successor = columns_of_successor(directorate).get("directorate")
    if successor is not None and successor.closed_on:
        successor = None
    for case in AnswerCase.objects.of_directorates([directorate.pk]).owed().with_dossier().order_by("pk"):
        if case.directorate_id == directorate.pk:
            _reassign_lead(case, directorate, successor, by)
        associated = list(case.associated.exclude(pk=directorate.pk))
        set_associated(
            case, [*associated, *([successor] if successor else [])] if _helps(case, directorate) else associated
        )


def _helps(case: AnswerCase, directorate: Directorate) -> bool:
    return case.associated.filter(pk=directorate.pk).exists()


def _reassign_lead(case: AnswerCase, former: Directorate, successor: Directorate | None, by: User | None) -> None:
    if successor is not None and ANSWER.step(case, "inherit"):
        facts = {"before": former.pk, "after": successor.pk}
        ANSWER.follow(case, "inherit", by=by, facts=facts, directorate=successor, inherited_from=former)
        if case.state == S.ASSIGNED:
            mails.notify_writers(mails.ASSIGNED, [case], by=by)
        elif case.state == S.SUBMITTED:
            mails.ask_for_visa(case, by=by)
    elif successor is None and ANSWER.step(case, "release"):
        ANSWER.follow(case, "release", by=by, facts={"before": former.pk})
        Answer.objects.in_hand().filter(case=case).update(is_sent=False)


K = AnswerEventKind
BEFORE = (60, 30, 7)
WEEK = 7


def stage_of(case: AnswerCase, today: date) -> str:
    """Return the name of the reminder that is due, or an empty string.

    None is due if its day had gone by when the case was assigned.
    """
    if clock_of(case, today).is_stopped:
        return ""
    return stage(case.due_on, today, BEFORE, timezone.localdate(case.assigned_at) if case.assigned_at else None)


def stage(due_on: date, today: date, before: Sequence[int], asked_on: date | None = None) -> str:
    """Return the name of the reminder that is due for this day, or an empty string.

    `before`: so many days ahead, the nearest last; `asked_on`: when it was first asked.
    """
    late = (today - due_on).days
    if late > 0:
        week = (late - 1) // WEEK
        name, day = f"late-{week}", due_on + timedelta(days=1 + WEEK * week)
    else:
        passed = [days for days in before if -late <= days]
        if not passed:
            return ""
        name, day = f"d-{passed[-1]}", due_on - timedelta(days=passed[-1])
    return name if asked_on is None or day > asked_on else ""


def note_due_answers(today: date) -> int:
    """Add today’s reminders to the daily mails and return how many cases are concerned.

    Idempotent: a second run writes nothing more.
    """
    rows = AnswerCase.objects.filter(
        state__in=[S.ASSIGNED, S.SUBMITTED, S.ARBITRATION],
        answered_on=None,
        due_on__lte=today + timedelta(days=BEFORE[0]),
    )
    return sum(note(case, today) for case in rows.with_dossier().order_by("pk"))


@transaction.atomic
def note(case: AnswerCase, today: date) -> bool:
    """Remind those whose turn it is, once for each stage and due day, and journal an escalation to the approvers."""
    name = stage_of(case, today)
    if not name:
        return False
    key = f"answer:{name}:{case.pk}:{case.due_on}:{case.state}"
    recipients = {
        user
        for user, kind in people_of(case, today)
        if digest.add_digest_line(user, kind, case.opinion.referral, key=key, target=case, at=morning_of(today))
    }
    if clock_of(case, today).is_late and not recipients.isdisjoint(approvers_of(case)):
        record("answer.escalated", case, by=None, due_on=case.due_on)
    return True


def morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def people_of(case: AnswerCase, today: date) -> list[tuple[User, AnswerEventKind]]:
    """List those whose turn it is; from the first day late, the approvers of the lead directorate too."""
    if clock_of(case, today).is_late:
        people = dict.fromkeys([*waited_people(case), *approvers_of(case)])
        return [(user, K.LATE) for user in people]
    kind = K.SIGN if case.state == S.SUBMITTED else K.DUE
    return [(user, kind) for user in waited_people(case)]
