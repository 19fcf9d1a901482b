"""Actions of the follow-up committee: remarks, services that it asks to hear, what they said."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.follow_up import mails as news
from answers.models import FollowUp, FollowUpHearing, FollowUpRemark
from answers.workflows import FOLLOW_UP
from assembly.identity.models import User
from assembly.text.printable import check_text


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
    news.notify_directorate(news.HEARING, follow_up, by=by, reason=row.question)
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
