"""Actions between the visa and the public: arbitration, decision, publication, revision; answers of the past."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.cases import mails
from answers.cases.actions.cases import check_directorates, follow_referral, lock_referrals, new_version, open_draft
from answers.cases.actions.writing import clean_value, draft_as_read
from answers.cases.models import CONTENT
from answers.cases.rules import missing_fields, without_other_fields
from answers.cases.workflow import ANSWER
from answers.follow_up.actions import follow_answer
from answers.models import Answer, AnswerCase, DecisionSource, ProposalEventKind
from answers.voice.actions import record_news
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.institution.models import Directorate
from consultations.reviews.actions.asking import columns_of_successor


@ANSWER.action("record_arbitration")
@transaction.atomic
def record_arbitration(case: AnswerCase, *, on: date, ruling: str, by: User) -> None:
    """Record what the steering committee settled, and when."""
    step = ANSWER.require(case, "record_arbitration", by=by)
    ANSWER.take(case, step, by=by, reason=ruling, facts={"on": day_since_handover(case, on)}, arbitrated_on=on)


def day_since_handover(case: AnswerCase, on: date) -> date:
    if on > timezone.localdate() or on < case.opened_on:
        raise ValidationError(_("Choisissez un jour entre la remise et aujourd’hui."), code="on")
    return on


@ANSWER.action("decide")
@transaction.atomic
def decide(case: AnswerCase, *, version: int, by: User) -> None:
    """Record the president’s visa, given online, on the version that was read."""
    decide_all([(case, version)], by=by)


def _decide(case: AnswerCase, version: int, by: User) -> None:
    step = ANSWER.require(case, "decide", by=by)
    answer = draft_as_read(case, version)
    _write_decision(answer, source=DecisionSource.VISA, decided_on=timezone.localdate(), decided_by=by)
    ANSWER.take(case, step, by=by, facts={"answer": answer.number, "value": answer.value})


@transaction.atomic
def decide_all(cases: Iterable[tuple[AnswerCase, int]], *, by: User) -> int:
    """Decide several answers at once, each in the version that was read: all of them or none."""
    rows = sorted(cases, key=lambda pair: pair[0].pk)
    for case, version in rows:
        _decide(case, version, by)
    mails.notify_decided([case for case, _version in rows], by=by)
    return len(rows)


@transaction.atomic
def record_decision(cases: Iterable[AnswerCase], *, on: date, reference: str, url: str = "", by: User) -> int:
    """Record the decision of the council that settles these answers: all of them or none."""
    rows = sorted(cases, key=lambda case: case.pk)
    for case in rows:
        record_decision_without_mail(case, on=on, reference=reference, url=url, by=by)
    mails.notify_decided(rows, by=by)
    return len(rows)


def record_decision_without_mail(case: AnswerCase, *, on: date, reference: str, url: str = "", by: User) -> None:
    """Record the decision on one of several answers, without a mail.

    The caller writes one mail about them all (`mails.notify_decided`).
    """
    step = ANSWER.require(case, "record_decision", by=by)
    reference, url = clean_value(reference), clean_value(url)
    if not reference:
        raise ValidationError(_("Donnez la référence de la délibération."), code="reference")
    answer = open_draft(case)
    columns = {
        "council_reference": reference,
        "council_url": url,
        "decided_on": day_since_handover(case, on),
    }
    _write_decision(answer, source=DecisionSource.COUNCIL, **columns)
    facts = {"answer": answer.number, "value": answer.value, "council": reference, "on": on}
    ANSWER.take(case, step, by=by, facts=facts)


def _write_decision(answer: Answer, **columns: Any) -> None:
    if answer.review_on and answer.review_on <= columns["decided_on"]:
        raise ValidationError(_("Le réexamen vient après la décision : changez sa date."), code="review_on")
    Answer.objects.in_hand().filter(pk=answer.pk).update(**columns)


@ANSWER.action("publish")
@transaction.atomic
def publish(case: AnswerCase, *, by: User) -> None:
    """Publish the answer for anybody to read; the former one stays readable.

    The first answer stops the clock; the last one that is owed moves the referral.
    """
    publish_all([case], by=by)


@transaction.atomic
def publish_all(cases: Iterable[AnswerCase], *, by: User) -> int:
    """Publish several answers: all of them or none, with one line of the journal each."""
    rows = sorted(cases, key=lambda case: case.pk)
    lock_referrals(rows)
    for case in rows:
        step = ANSWER.require(case, "publish", by=by)
        _publish(case, open_draft(case), on=timezone.localdate(), step=step, by=by)
    return len(rows)


def _publish(case: AnswerCase, answer: Answer, *, on: date, step: Any, by: User) -> None:
    Answer.objects.in_hand().filter(pk=answer.pk).update(published_at=timezone.now(), published_by=by)
    facts = {"answer": answer.number, "value": answer.value}
    kind = ProposalEventKind.REVISED if case.answered_on else ProposalEventKind.ANSWERED
    ANSWER.take(case, step, by=by, facts=facts, answered_on=case.answered_on or on)
    record_news([case], kind)
    answer.refresh_from_db()
    follow_answer(case, answer, by=by)
    follow_referral(case.opinion, by=by)


@transaction.atomic
def record_past(case: AnswerCase, values: Mapping[str, Any], *, on: date, document: Upload, by: User) -> Answer:
    """Record an answer given before it could be written here, with its text, its day and its document."""
    lock_referrals([case])
    step = ANSWER.require(case, "record_past", by=by)
    answer = open_draft(case)
    content = {name: clean_value(values.get(name, getattr(answer, name))) for name in CONTENT}
    for name, value in without_other_fields(content).items():
        setattr(answer, name, value)
    answer.is_sent = True
    if errors := missing_fields(answer):
        raise ValidationError(errors)
    answer.source, answer.decided_on, answer.document = DecisionSource.PAPER, day_since_handover(case, on), document
    answer.full_clean()
    answer.save()
    _publish(case, answer, on=on, step=step, by=by)
    return answer


@ANSWER.action("revise")
@transaction.atomic
def revise(case: AnswerCase, *, reason: str, directorate: Directorate | None = None, by: User) -> Answer:
    """Open a new version with the text of the last one, which stays public until the new one is published.

    `directorate`: who writes the new version, if it is not who wrote the last one; needed for an answer of the past.
    """
    lead = directorate or case.directorate
    lead = columns_of_successor(lead).get("directorate", lead) if lead else None
    check_directorates(case, lead, ())
    step = ANSWER.require(case, "revise", by=by)
    former = case.answers.published().order_by("-number").first()
    content = {name: getattr(former, name) for name in CONTENT}
    answer = new_version(case, **content)
    facts = {"answer": answer.number, "directorate": lead.pk if lead else None}
    ANSWER.take(case, step, by=by, reason=reason, facts=facts, directorate=lead)
    mails.notify_writers(mails.ASSIGNED, [case], by=by, reason=reason)
    return answer


@ANSWER.action("give_up")
@transaction.atomic
def give_up(case: AnswerCase, *, reason: str, by: User) -> None:
    """Abandon a revision; the published answer stays in force.

    What somebody wrote or sent is stored as abandoned; an untouched copy of the published text is deleted.
    """
    step = ANSWER.require(case, "give_up", by=by)
    answer = open_draft(case)
    ANSWER.take(case, step, by=by, reason=reason, facts={"answer": answer.number})
    if answer.saved_at is None and not answer.is_sent:
        answer.delete()
    else:
        Answer.objects.in_hand().filter(pk=answer.pk).update(abandoned_at=timezone.now())
