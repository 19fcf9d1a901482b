"""Actions between the visa and the public: arbitration, decision, publication, revision; answers of the past."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.actions.files import (
    check_named,
    follow_referral,
    new_version,
    open_draft,
    referrals_first,
)
from answers.actions.follow_up import follow_answer
from answers.actions.following import happened
from answers.actions.writing import as_read, stored
from answers.enums import DecisionSource, Happening
from answers.models import Answer, AnswerFile
from answers.models.answer import CONTENT
from answers.notifications import room as news
from answers.rules.content import lacks_of, of_its_value
from answers.workflows import ANSWER
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.institution.models import Directorate
from consultations.actions.reviews import heir_of


@transaction.atomic
def record_arbitration(file: AnswerFile, *, on: date, words: str, by: User) -> None:
    """Record what the steering committee settled, and when."""
    step = ANSWER.require(file, "record_arbitration", by=by)
    ANSWER.take(file, step, by=by, reason=words, facts={"on": day_since_handover(file, on)}, arbitrated_on=on)


def day_since_handover(file: AnswerFile, on: date) -> date:
    if on > timezone.localdate() or on < file.opened_on:
        raise ValidationError(_("Choisissez un jour entre la remise et aujourd’hui."), code="on")
    return on


@transaction.atomic
def decide(file: AnswerFile, *, version: int, by: User) -> None:
    """Record the president’s visa, given online, on the version that was read."""
    decide_all([(file, version)], by=by)


def _decide(file: AnswerFile, version: int, by: User) -> None:
    step = ANSWER.require(file, "decide", by=by)
    answer = as_read(file, version)
    _decided(answer, source=DecisionSource.VISA, decided_on=timezone.localdate(), decided_by=by)
    ANSWER.take(file, step, by=by, facts={"answer": answer.number, "value": answer.value})


@transaction.atomic
def decide_all(files: Iterable[tuple[AnswerFile, int]], *, by: User) -> int:
    """Decide several answers at once, each in the version that was read: all of them or none."""
    rows = sorted(files, key=lambda pair: pair[0].pk)
    for file, version in rows:
        _decide(file, version, by)
    news.tell_decided([file for file, _version in rows], by=by)
    return len(rows)


@transaction.atomic
def record_decision(files: Iterable[AnswerFile], *, on: date, reference: str, url: str = "", by: User) -> int:
    """Record the decision of the council that settles these answers: all of them or none."""
    rows = sorted(files, key=lambda file: file.pk)
    for file in rows:
        record_decision_untold(file, on=on, reference=reference, url=url, by=by)
    news.tell_decided(rows, by=by)
    return len(rows)


def record_decision_untold(file: AnswerFile, *, on: date, reference: str, url: str = "", by: User) -> None:
    """Record the decision on one of several answers, without a mail.

    The caller writes one mail about them all (`notifications.room.tell_decided`).
    """
    step = ANSWER.require(file, "record_decision", by=by)
    reference, url = stored(reference), stored(url)
    if not reference:
        raise ValidationError(_("Donnez la référence de la délibération."), code="reference")
    answer = open_draft(file)
    columns = {
        "council_reference": reference,
        "council_url": url,
        "decided_on": day_since_handover(file, on),
    }
    _decided(answer, source=DecisionSource.COUNCIL, **columns)
    facts = {"answer": answer.number, "value": answer.value, "council": reference, "on": on}
    ANSWER.take(file, step, by=by, facts=facts)


def _decided(answer: Answer, **columns: Any) -> None:
    if answer.review_on and answer.review_on <= columns["decided_on"]:
        raise ValidationError(_("Le réexamen vient après la décision : changez sa date."), code="review_on")
    Answer.objects.in_hand().filter(pk=answer.pk).update(**columns)


@transaction.atomic
def publish(file: AnswerFile, *, by: User) -> None:
    """Publish the answer for anybody to read; the former one stays readable.

    The first answer stops the clock; the last one that is owed moves the referral.
    """
    publish_all([file], by=by)


@transaction.atomic
def publish_all(files: Iterable[AnswerFile], *, by: User) -> int:
    """Publish several answers: all of them or none, with one line of the journal each."""
    rows = sorted(files, key=lambda file: file.pk)
    referrals_first(rows)
    for file in rows:
        step = ANSWER.require(file, "publish", by=by)
        _publish(file, open_draft(file), on=timezone.localdate(), step=step, by=by)
    return len(rows)


def _publish(file: AnswerFile, answer: Answer, *, on: date, step: Any, by: User) -> None:
    Answer.objects.in_hand().filter(pk=answer.pk).update(published_at=timezone.now(), published_by=by)
    facts = {"answer": answer.number, "value": answer.value}
    kind = Happening.REVISED if file.answered_on else Happening.ANSWERED
    ANSWER.take(file, step, by=by, facts=facts, answered_on=file.answered_on or on)
    happened([file], kind)
    answer.refresh_from_db()
    follow_answer(file, answer, by=by)
    follow_referral(file.opinion, by=by)


@transaction.atomic
def record_past(file: AnswerFile, values: Mapping[str, Any], *, on: date, document: Upload, by: User) -> Answer:
    """Record an answer given before it could be written here, with its text, its day and its document."""
    referrals_first([file])
    step = ANSWER.require(file, "record_past", by=by)
    answer = open_draft(file)
    content = {name: stored(values.get(name, getattr(answer, name))) for name in CONTENT}
    for name, value in of_its_value(content).items():
        setattr(answer, name, value)
    answer.is_sent = True
    if errors := lacks_of(answer):
        raise ValidationError(errors)
    answer.source, answer.decided_on, answer.document = DecisionSource.PAPER, day_since_handover(file, on), document
    answer.full_clean()
    answer.save()
    _publish(file, answer, on=on, step=step, by=by)
    return answer


@transaction.atomic
def revise(file: AnswerFile, *, reason: str, directorate: Directorate | None = None, by: User) -> Answer:
    """Open a new version with the text of the last one, which stays public until the new one is published.

    `directorate`: who writes the new version, if it is not who wrote the last one; needed for an answer of the past.
    """
    lead = directorate or file.directorate
    lead = heir_of(lead).get("directorate", lead) if lead else None
    check_named(file, lead, ())
    step = ANSWER.require(file, "revise", by=by)
    former = file.answers.published().order_by("-number").first()
    content = {name: getattr(former, name) for name in CONTENT}
    answer = new_version(file, **content)
    facts = {"answer": answer.number, "directorate": lead.pk if lead else None}
    ANSWER.take(file, step, by=by, reason=reason, facts=facts, directorate=lead)
    news.tell_writers(news.ASSIGNED, [file], by=by, reason=reason)
    return answer


@transaction.atomic
def give_up(file: AnswerFile, *, reason: str, by: User) -> None:
    """Abandon a revision; the published answer stays in force.

    What somebody wrote or sent is stored as abandoned; an untouched copy of the published text is deleted.
    """
    step = ANSWER.require(file, "give_up", by=by)
    answer = open_draft(file)
    ANSWER.take(file, step, by=by, reason=reason, facts={"answer": answer.number})
    if answer.saved_at is None and not answer.is_sent:
        answer.delete()
    else:
        Answer.objects.in_hand().filter(pk=answer.pk).update(abandoned_at=timezone.now())
