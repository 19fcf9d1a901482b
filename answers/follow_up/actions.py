"""Steps of a follow-up, remarks and hearings of the committee, reminders."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.cases.actions.cases import morning_of, stage
from answers.follow_up import mails
from answers.follow_up.models import FOLLOWED_VALUES, FollowUpState, PhotoConsent, UpdateEventKind
from answers.follow_up.queries import approvers_in_charge, standing_milestones, update_writers_of
from answers.follow_up.rules import MilestoneContent, UpdateContent, is_in_charge, last_number, late_days, update_due
from answers.follow_up.workflow import FOLLOW_UP
from answers.models import (
    Answer,
    AnswerCase,
    AnswerValue,
    FollowUp,
    FollowUpHearing,
    FollowUpRemark,
    Milestone,
    ProgressUpdate,
    ProposalEventKind,
)
from answers.voice.actions import record_news
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.identity.personal_data import months_later
from assembly.institution.models import Directorate
from assembly.text.printable import check_text
from consultations.digest import actions as digest
from consultations.reviews.actions.asking import check_at_work, columns_of_successor

S = FollowUpState
MOST_MILESTONES = 30
MAX_MONTHS_AWAY = 360  # months: a date further away is a typing error


@transaction.atomic
def follow_answer(case: AnswerCase, answer: Answer, *, by: User) -> None:
    """Open, end or reopen the follow-up of a case according to the answer that was published.

    What the answer promises is followed up from now on, what it takes back no longer is. A revision keeps the
    follow-up, its updates and its directorate.
    """
    row = FollowUp.objects.with_dossier().filter(case=case).first()
    if row is None:
        if answer.value in FOLLOWED_VALUES:
            open_follow_up(case, answer, by=by)
    elif answer.value == AnswerValue.REJECTED and row.is_open:
        reason = _("La réponse a été révisée : la proposition est refusée.")
        FOLLOW_UP.follow(row, "abandon", by=by, reason=reason)
    else:
        if answer.value in FOLLOWED_VALUES and row.state == S.ABANDONED:
            FOLLOW_UP.follow(row, "reopen", by=by, reason=_("La réponse a été révisée : elle s’engage de nouveau."))
        follow_description(row, answer, by=by)


def follow_description(row: FollowUp, answer: Answer, *, by: User) -> None:
    """Take over the service and the budget line of the new version, except what was changed by hand."""
    former = Answer.objects.published().filter(case=row.case, number__lt=answer.number).order_by("-number").first()
    names = ("service", "budget_line")
    columns = {name: getattr(answer, name) for name in names if former and getattr(row, name) == getattr(former, name)}
    changed = {name: text for name, text in columns.items() if text != getattr(row, name)}
    if changed and row.is_open:
        FOLLOW_UP.follow(row, "describe", by=by, facts=changed, **changed)


def open_follow_up(case: AnswerCase, answer: Answer, *, by: User) -> FollowUp:
    """Create a follow-up for the directorate that answered; its first update is due after the term’s interval."""
    lead = case.directorate
    row = FollowUp.objects.create(
        case=case,
        directorate=columns_of_successor(lead).get("directorate", lead) if lead else None,
        service=answer.service,
        budget_line=answer.budget_line,
        opened_on=answer.published_on,
        update_due_on=update_due(timezone.localdate(), case.opinion.term),
    )
    record("follow_up.opened", row, by=by, dossier=case, reference=case.reference, due_on=row.update_due_on)
    return row


@transaction.atomic
def publish_update(follow_up: FollowUp, content: UpdateContent, *, seen: int, by: User) -> ProgressUpdate:
    """Publish an update on the follow-up.

    `seen`: the number of the last update that was read. Raises ValidationError when another update was made, or the
    state changed, since then: two agents cannot publish two versions at once.
    """
    read = follow_up.state
    step = FOLLOW_UP.require(follow_up, step_towards(follow_up, content.state), by=by)
    last = last_number(ProgressUpdate, follow_up)
    if last != seen or follow_up.state != read:
        raise ValidationError(_("Un autre point a été fait pendant que vous écriviez : relisez-le."), code="changed")
    check_update_content(content)
    row = ProgressUpdate.objects.create(
        follow_up=follow_up,
        number=last + 1,
        state=content.state,
        text=check_text(content.text).strip(),
        document=content.document,
        link=content.link.strip(),
        photo=content.photo,
        photo_description=check_text(content.photo_description).strip() if content.photo else "",
        consent=content.consent if content.photo else "",
        consent_on=content.consent_on if content.photo and content.consent == PhotoConsent.GIVEN else None,
        directorate=follow_up.directorate if is_in_charge(by, follow_up) else None,
        by=by,
        at=timezone.now(),
    )
    milestones = {one.number: one for one in standing_milestones(follow_up)}
    for number, day in content.reached.items():
        reach(milestones, number, day, by)
    if content.added:
        add_milestone(follow_up, *content.added, by=by)
    facts = {"update": row.number, "state": row.state, "milestones": len(content.reached) + bool(content.added)}
    FOLLOW_UP.take(follow_up, step, by=by, facts=facts)
    record_news([follow_up.case], ProposalEventKind.PROGRESS)
    return row


def step_towards(follow_up: FollowUp, state: str) -> str:
    """Return the step that leads to this state; raise ValidationError for a state that no update may set."""
    if state == S.DONE:
        return "report_done"
    if state == follow_up.state:
        return "update"
    steps = {S.IN_PROGRESS: "start", S.DELAYED: "delay"}
    if state not in steps:
        raise ValidationError(_("Choisissez où en est la mesure."), code="state")
    return steps[S(state)]


def check_update_content(content: UpdateContent) -> None:
    """Raise ValidationError, with a sentence for the form, for what the constraints of the table refuse."""
    if not content.text.strip():
        raise ValidationError(_("Écrivez où en est la mesure."), code="text")
    if content.state == S.DONE and not content.is_proved:
        sentence = _("« Réalisée » demande une preuve : un document, une adresse ou une photo.")
        raise ValidationError(sentence, code="document")
    if not content.photo:
        return
    if not content.photo_description.strip():
        raise ValidationError(_("Dites ce que montre la photo, pour qui ne la voit pas."), code="photo_description")
    if content.consent not in PhotoConsent.values:
        raise ValidationError(_("Dites si des personnes sont reconnaissables sur la photo."), code="consent")
    if content.consent == PhotoConsent.GIVEN and content.consent_on is None:
        raise ValidationError(_("Donnez la date de leur accord."), code="consent_on")
    if content.consent_on and content.consent_on > timezone.localdate():
        raise ValidationError(_("L’accord a déjà été donné : choisissez un jour passé."), code="consent_on")


def reach(standing: Mapping[int, Milestone], number: int, on: date, by: User) -> None:
    """Record the day on which a milestone was reached."""
    former = standing.get(number)
    if former is None or former.is_dropped or former.reached_on:
        raise ValidationError(_("Cette étape a changé pendant que vous écriviez : relisez-la."), code="changed")
    check_reached(number, on)
    rewrite(former, reached_on=on, reason="", by=by)


def check_reached(number: int, on: date | None) -> None:
    if on and on > timezone.localdate():
        sentence = _("Une étape est atteinte un jour passé, ou aujourd’hui.")
        raise ValidationError(sentence, code=f"reached_{number}")


def check_milestone_day(on: date, code: str) -> None:
    today = timezone.localdate()
    if not months_later(today, -MAX_MONTHS_AWAY) <= on <= months_later(today, MAX_MONTHS_AWAY):
        raise ValidationError(_("Vérifiez l’année de cette étape."), code=code)


def add_milestone(follow_up: FollowUp, label: str, planned_on: date, *, by: User) -> Milestone:
    """Add a milestone with its promised day; the caller holds the lock of the follow-up."""
    number = last_number(Milestone, follow_up) + 1
    if number > MOST_MILESTONES:
        text = _("Une suite donnée a au plus %(most)s étapes : corrigez celles qui y sont.")
        raise ValidationError(text % {"most": MOST_MILESTONES}, code="next_label")
    check_milestone_day(planned_on, "next_on")
    text = check_text(label).strip()
    return Milestone.objects.create(
        follow_up=follow_up, number=number, label=text, planned_on=planned_on, by=by, at=timezone.now()
    )


def rewrite(former: Milestone, *, by: User, **changes: object) -> Milestone:
    """Add another version of a milestone; the former wording stays readable."""
    columns = {name: getattr(former, name) for name in ("label", "planned_on", "reached_on", "is_dropped")}
    return Milestone.objects.create(
        follow_up_id=former.follow_up_id,
        number=former.number,
        version=former.version + 1,
        by=by,
        at=timezone.now(),
        **columns | changes,
    )


@transaction.atomic
def change_milestones(
    follow_up: FollowUp,
    contents: Iterable[MilestoneContent],
    *,
    reason: str,
    added: tuple[str, date] | None = None,
    by: User,
) -> int:
    """Correct, reach or drop milestones and add one, each as a new row; return how many changed.

    A promise that moves needs a reason; one that is only reached needs none.
    """
    step = FOLLOW_UP.require(follow_up, "schedule", by=by)
    milestones = {one.number: one for one in standing_milestones(follow_up)}
    numbers = [number for one in contents if (number := correct(milestones, one, reason, by))]
    if added:
        numbers.append(add_milestone(follow_up, *added, by=by).number)
    if not numbers:
        raise ValidationError(_("Rien n’a changé : modifiez une étape, ou revenez."), code="unchanged")
    FOLLOW_UP.take(follow_up, step, by=by, facts={"milestones": numbers})
    record_news([follow_up.case], ProposalEventKind.MILESTONE)
    return len(numbers)


def correct(standing: Mapping[int, Milestone], content: MilestoneContent, reason: str, by: User) -> int:
    """Write another version of one milestone and return its number, or 0 if nothing changed."""
    former = standing.get(content.number)
    if former is None or former.version != content.version:
        raise ValidationError(_("Une étape a changé pendant que vous écriviez : relisez-la."), code="changed")
    changed = {name for name, value in content.columns.items() if getattr(former, name) != value}
    if not changed:
        return 0
    if content.is_dropped and content.reached_on:
        raise ValidationError(_("Une étape atteinte n’est pas abandonnée."), code=f"dropped_{content.number}")
    if not content.label.strip():
        raise ValidationError(_("Dites ce qu’est cette étape."), code=f"label_{content.number}")
    check_reached(content.number, content.reached_on)
    check_milestone_day(content.planned_on, f"planned_{content.number}")
    is_reached_only = changed == {"reached_on"} and former.reached_on is None
    if not is_reached_only and not reason.strip():
        raise ValidationError(_("Dites pourquoi une étape change."), code="reason")
    explanation = "" if is_reached_only else check_text(reason).strip()
    return rewrite(former, by=by, reason=explanation, **content.columns).number


@FOLLOW_UP.action("withdraw")
@transaction.atomic
def withdraw(follow_up: FollowUp, number: int, *, reason: str, by: User) -> None:
    """Withdraw an update from every page; that it existed, and why it was withdrawn, stays visible."""
    step = FOLLOW_UP.require(follow_up, "withdraw", by=by)
    row = ProgressUpdate.objects.not_withdrawn().filter(follow_up=follow_up, number=number).first()
    if row is None:
        raise ValidationError(_("Choisissez un point."), code="number")
    if follow_up.proved_by_id == row.pk:
        sentence = _("Ce point prouve la réalisation : rouvrez d’abord la suite donnée.")
        raise ValidationError(sentence, code="number")
    FOLLOW_UP.take(follow_up, step, by=by, reason=reason, facts={"update": number})
    columns = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason.strip()}
    ProgressUpdate.objects.filter(pk=row.pk).update(**columns)
    if follow_up.reported_at and not ProgressUpdate.objects.proving().filter(follow_up=follow_up).exists():
        FollowUp.objects.filter(pk=follow_up.pk).update(reported_at=None)


@FOLLOW_UP.action("complete")
@transaction.atomic
def close_as_done(follow_up: FollowUp, *, by: User) -> None:
    """Close the follow-up as done; the lead has checked the proof."""
    step = FOLLOW_UP.require(follow_up, "complete", by=by)
    proof = ProgressUpdate.objects.proving().filter(follow_up=follow_up).latest("number")
    FOLLOW_UP.take(follow_up, step, by=by, facts={"update": proof.number}, proved_by=proof)
    record_news([follow_up.case], ProposalEventKind.PROGRESS)


@FOLLOW_UP.action("abandon")
@transaction.atomic
def abandon(follow_up: FollowUp, *, reason: str, by: User) -> None:
    """Close the follow-up as abandoned, with the reason that everybody reads."""
    FOLLOW_UP.transition(follow_up, "abandon", by=by, reason=reason)
    record_news([follow_up.case], ProposalEventKind.PROGRESS)


@FOLLOW_UP.action("reopen")
@transaction.atomic
def reopen(follow_up: FollowUp, *, reason: str, by: User) -> None:
    """Reopen a closed follow-up, with the reason."""
    FOLLOW_UP.transition(follow_up, "reopen", by=by, reason=reason)
    record_news([follow_up.case], ProposalEventKind.PROGRESS)


@FOLLOW_UP.action("dispute")
@transaction.atomic
def dispute(follow_up: FollowUp, *, reason: str, by: User) -> None:
    """Dispute a proof, with the reason that the directorate reads."""
    FOLLOW_UP.transition(follow_up, "dispute", by=by, reason=reason)
    mails.notify_directorate(mails.DISPUTED, follow_up, by=by, reason=reason)


@FOLLOW_UP.action("describe")
@transaction.atomic
def describe(follow_up: FollowUp, *, service: str, budget_line: str, by: User) -> None:
    """Set who carries out the measure, and on which budget line."""
    columns = {"service": check_text(service).strip(), "budget_line": check_text(budget_line).strip()}
    FOLLOW_UP.transition(follow_up, "describe", by=by, facts=columns, **columns)


@FOLLOW_UP.action("entrust")
@transaction.atomic
def entrust(follow_up: FollowUp, directorate: Directorate | None, *, by: User) -> None:
    """Entrust the follow-up to a directorate: another than the one that answered, or one where none did."""
    if directorate is None or directorate.assembly_id != follow_up.case.opinion.term.assembly_id:
        raise ValidationError(_("Choisissez une direction de cette assemblée."), code="directorate")
    check_at_work([directorate])
    step = FOLLOW_UP.require(follow_up, "entrust", by=by)
    facts = {"before": follow_up.directorate_id, "after": directorate.pk}
    FOLLOW_UP.take(follow_up, step, by=by, facts=facts, directorate=directorate)
    mails.notify_directorate(mails.ENTRUSTED, follow_up, by=by)


@FOLLOW_UP.action("ask")
@transaction.atomic
def ask(follow_up: FollowUp, *, by: User) -> None:
    """Ask for an update now; refused a second time on the same day."""
    FOLLOW_UP.transition(follow_up, "ask", by=by)
    mails.notify_directorate(mails.ASKED, follow_up, by=by)


@transaction.atomic
def pass_follow_ups_to_successor(directorate: Directorate, *, by: User | None) -> None:
    """Pass the open follow-ups of a closed directorate to its successor at work, or to nobody.

    Without a successor the team entrusts them.
    """
    successor = columns_of_successor(directorate).get("directorate")
    if successor is not None and successor.closed_on:
        successor = None
    for row in FollowUp.objects.open().filter(directorate=directorate).with_dossier().order_by("pk"):
        facts = {"before": directorate.pk, "after": successor.pk if successor else None}
        FOLLOW_UP.follow(row, "inherit", by=by, facts=facts, directorate=successor)
        if successor is not None:
            mails.notify_directorate(mails.ENTRUSTED, row, by=by)


def not_blank(raw_text: str, code: str) -> str:
    """Return the text without surrounding space; raise ValidationError with this code when nothing is left."""
    text = check_text(raw_text).strip()
    if not text:
        raise ValidationError(_("Ce champ est vide : écrivez une réponse."), code=code)
    return text


@FOLLOW_UP.action("remark")
@transaction.atomic
def note_remark(follow_up: FollowUp, text: str, *, by: User) -> FollowUpRemark:
    """Record a remark, which the team, the directorate in charge, the offices and the committee read."""
    step = FOLLOW_UP.require(follow_up, "remark", by=by)
    row = FollowUpRemark.objects.create(follow_up=follow_up, text=not_blank(text, "text"), by=by, at=timezone.now())
    FOLLOW_UP.take(follow_up, step, by=by, facts={"remark": row.pk})
    return row


@FOLLOW_UP.action("ask_hearing")
@transaction.atomic
def ask_hearing(follow_up: FollowUp, *, service: str, question: str, by: User) -> FollowUpHearing:
    """Record that the committee asks to hear a service.

    The team organises the hearing; a notice goes to the directorate in charge at once.
    """
    step = FOLLOW_UP.require(follow_up, "ask_hearing", by=by)
    row = FollowUpHearing.objects.create(
        follow_up=follow_up,
        service=not_blank(service, "service"),
        question=not_blank(question, "question"),
        asked_by=by,
        asked_at=timezone.now(),
    )
    FOLLOW_UP.take(follow_up, step, by=by, facts={"hearing": row.pk})
    mails.notify_directorate(mails.HEARING, follow_up, by=by, reason=row.question)
    return row


@FOLLOW_UP.action("record_hearing")
@transaction.atomic
def record_heard(follow_up: FollowUp, hearing: int, *, on: date, heard_by: str, summary: str, by: User) -> None:
    """Record, once, when a service was heard, by whom, and what it said."""
    step = FOLLOW_UP.require(follow_up, "record_hearing", by=by)
    row = FollowUpHearing.objects.filter(follow_up=follow_up, pk=hearing, heard_on=None).first()
    if row is None:
        raise ValidationError(_("Cette audition est déjà notée : choisissez-en une autre."), code="hearing")
    if on > timezone.localdate() or on < timezone.localdate(row.asked_at):
        raise ValidationError(_("Choisissez un jour entre la demande et aujourd’hui."), code="on")
    columns = {
        "heard_on": on,
        "heard_by": not_blank(heard_by, "heard_by"),
        "summary": not_blank(summary, "summary"),
        "recorded_by": by,
    }
    FollowUpHearing.objects.filter(pk=row.pk).update(**columns)
    FOLLOW_UP.take(follow_up, step, by=by, facts={"hearing": row.pk, "on": on})


BEFORE = (14, 3)
SOON = BEFORE[0]


def is_near(due_on: date, today: date) -> bool:
    """Return whether an update is late, or due so soon that its agents are reminded."""
    return (due_on - today).days <= SOON


def note_due_updates(today: date) -> int:
    """Add today’s lines to the daily mails and return how many follow-ups are concerned.

    Idempotent: a second run writes nothing more.
    """
    rows = FollowUp.objects.open().filter(update_due_on__lte=today + timedelta(days=SOON))
    return sum(note(row, today) for row in rows.with_dossier().order_by("pk"))


@transaction.atomic
def note(row: FollowUp, today: date) -> bool:
    """Add the lines of one follow-up, once for each stage and due day, and journal an escalation to the approvers."""
    name = stage(row.update_due_on, today, BEFORE) if row.update_due_on else ""
    if not name:
        return False
    kind, people = people_of(row, today)
    key = f"update:{name}:{row.pk}:{row.update_due_on}"
    recipients = {
        user
        for user in people
        if digest.add_digest_line(user, kind, row.case.opinion.referral, key=key, target=row, at=morning_of(today))
    }
    if late_days(row, today) and not recipients.isdisjoint(approvers_in_charge(row)):
        record("follow_up.escalated", row, by=None, dossier=row.case, due_on=row.update_due_on)
    return True


def people_of(row: FollowUp, today: date) -> tuple[UpdateEventKind, list[User]]:
    """Return the kind of line and its recipients; from the first day late they include the approvers."""
    if not late_days(row, today):
        return UpdateEventKind.DUE, update_writers_of(row)
    return UpdateEventKind.LATE, list(dict.fromkeys([*update_writers_of(row), *approvers_in_charge(row)]))
