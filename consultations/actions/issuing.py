"""Decision of the president (a visa given online, or a letter signed on paper), then its reception by the assembly."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.workflow import lock
from consultations.enums import IssueChannel, ReviewKind
from consultations.models import Referral, ReferralDirectorate, ReferralSettings
from consultations.queries.committees import items_about, receiving_sittings
from consultations.referrals import rules
from consultations.reviews.actions import asking as reviews
from consultations.workflows.referrals import REFERRAL
from sessions.actions import agenda
from sessions.enums import AgendaKind, BallotResult, BallotState
from sessions.models import AgendaItem, Ballot, Sitting

LETTER = "referral-letter"
DRAFT_LETTER = "referral-letter-draft"


@REFERRAL.action("issue")
@transaction.atomic
def issue(referral: Referral, *, reviews_due_on: date, by: User) -> None:
    """Give the visa of the president's office: the letter is sealed and the named directorates are asked."""
    REFERRAL.transition(referral, "issue", by=by)
    ask_named(referral, due_on=reviews_due_on, by=by)
    request_rendition(referral, LETTER, by=by)


@transaction.atomic
def record_paper(referral: Referral, *, upload: Any, letter_on: date, reviews_due_on: date, by: User) -> None:
    """Record the letter that the president signed on paper; it counts as issued."""
    if letter_on > timezone.localdate():
        raise ValidationError(_("La lettre est déjà signée : sa date est passée."), code="letter_on")
    facts = {"letter_on": letter_on, "sha256": upload.blob_id}
    REFERRAL.transition(referral, "record_paper", by=by, facts=facts, letter_on=letter_on, signed_letter=upload)
    ask_named(referral, due_on=reviews_due_on, by=by)


def ask_named(referral: Referral, *, due_on: date, by: User) -> None:
    """Ask for a review from every named directorate at work that was not asked yet."""
    named = Directorate.objects.filter(
        pk__in=ReferralDirectorate.objects.filter(referral=referral).values("directorate"), closed_on=None
    )
    reviews.request(referral, named, due_on=due_on, message="", kind=ReviewKind.SCOPING, by=by)


@transaction.atomic
def make_letter(referral: Referral, *, by: User) -> Rendition:
    """Request the letter to read, marked « PROJET » until the visa is given; once issued online, the sealed one."""
    if not rules.can_make_letter(by, referral):
        raise PermissionDenied
    sealed = referral.issue_channel == IssueChannel.VISA
    return request_rendition(referral, LETTER if sealed else DRAFT_LETTER, by=by)


@REFERRAL.action("announce")
@transaction.atomic
def put_on_agenda(referral: Referral, sitting: Sitting, *, by: User) -> AgendaItem:
    """Add the reception of the referral to the agenda of a plenary to come."""
    lock(sitting)
    REFERRAL.require(referral, "announce", by=by)
    if not sitting.is_upcoming or sitting.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")
    if existing := items_about(referral).filter(sitting=sitting).first():
        return existing
    votes = needs_vote(referral)
    return agenda.add(
        sitting,
        by=by,
        title=_("Réception de la saisine : %(title)s") % {"title": referral.title},
        kind=AgendaKind.VOTE if votes else AgendaKind.INFORMATION,
        minutes=20,
        topic_type=Referral._meta.label,
        topic_id=str(referral.pk),
    )


def needs_vote(referral: Referral) -> bool:
    """Return whether the term receives referrals by a vote; otherwise they are an information."""
    return ReferralSettings.objects.filter(term=referral.term_id, is_accepted_by_vote=True).exists()


@REFERRAL.action("accept")
@transaction.atomic
def accept(referral: Referral, item: AgendaItem, *, by: User) -> None:
    """Record that the assembly received the referral at that item of a plenary that was opened."""
    if item.sitting not in receiving_sittings(referral.term_id):
        raise ValidationError(_("Choisissez un point d’une séance plénière ouverte ou tenue."), code="item")
    if needs_vote(referral) and not was_voted([item]):
        raise ValidationError(
            _("L’assemblée vote la réception des saisines : proclamez d’abord un vote favorable sur ce point."),
            code="vote",
        )
    day = timezone.localdate(item.sitting.starts_at)
    REFERRAL.transition(referral, "accept", by=by, accepted_item=item, accepted_on=day)


def was_voted(items: Iterable[AgendaItem]) -> bool:
    proclaimed = Ballot.objects.filter(agenda_item__in=list(items), state=BallotState.PROCLAIMED)
    return proclaimed.filter(result=BallotResult.ADOPTED).exists()
