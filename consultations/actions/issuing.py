"""The president's decision: a visa given online, or a letter signed on paper; then the assembly receives it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.workflow import StateConflict
from consultations.actions import reviews
from consultations.actions.referrals import take
from consultations.enums import IssueChannel, ReviewKind
from consultations.models import Referral, ReferralDirectorate, ReferralSettings
from consultations.queries.committees import about, receiving_sittings
from consultations.rules import referrals as rules
from consultations.rules.referral_next import missing_words
from consultations.workflows.referrals import machine
from sessions.actions import agenda
from sessions.enums import AgendaKind, BallotResult, BallotState
from sessions.models import AgendaItem, Ballot, Sitting

LETTER = "referral-letter"
DRAFT_LETTER = "referral-letter-draft"


class Incomplete(ValidationError):
    """The letter cannot leave: `fields` names what is missing, so that the page links to each of them."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(_("Il manque %(what)s.") % {"what": missing_words(fields)}, code="incomplete")


def check_complete(referral: Referral) -> None:
    has_lead = ReferralDirectorate.objects.filter(referral=referral, is_lead=True).exists()
    if missing := rules.missing_fields(referral, has_lead=has_lead):
        raise Incomplete(missing)


@transaction.atomic
def issue(referral: Referral, *, reviews_due_on: date, by: User) -> None:
    """The president's office gives its visa: the letter is sealed and the named directorates are asked."""
    if not rules.holds_right(by, referral, "issue"):
        raise PermissionDenied
    _read_again(referral, "issue")
    take(
        referral,
        "issue",
        "referral.issued",
        by=by,
        issued_at=timezone.now(),
        issued_by=by,
        issue_channel=IssueChannel.VISA,
        letter_on=timezone.localdate(),
    )
    ask_named(referral, due_on=reviews_due_on, by=by)
    request_rendition(referral, LETTER, by=by)


@transaction.atomic
def record_paper(referral: Referral, *, upload: Any, letter_on: date, reviews_due_on: date, by: User) -> None:
    """The team records the letter that the president signed on paper; it counts as issued."""
    if not rules.can_record_paper(by, referral):
        if rules.holds_right(by, referral, "submit"):
            raise StateConflict(referral, "issue")
        raise PermissionDenied
    if letter_on > timezone.localdate():
        raise ValidationError(_("La lettre est déjà signée : sa date est passée."), code="letter_on")
    _read_again(referral, "issue")
    machine(referral).move(
        referral,
        "issue",
        issued_at=timezone.now(),
        issued_by=by,
        issue_channel=IssueChannel.PAPER,
        letter_on=letter_on,
        signed_letter=upload,
        changed_at=timezone.now(),
    )
    record("referral.paper_recorded", referral, by=by, letter_on=letter_on, sha256=upload.blob_id)
    ask_named(referral, due_on=reviews_due_on, by=by)


def _read_again(referral: Referral, verb: str) -> None:
    """What is signed is what stands now: the row is held while it is read, then checked."""
    Referral.objects.select_for_update(no_key=True).only("pk").get(pk=referral.pk)
    referral.refresh_from_db()
    if verb not in machine(referral).verbs_from(referral.state):
        raise StateConflict(referral, verb)
    check_complete(referral)


def ask_named(referral: Referral, *, due_on: date, by: User) -> None:
    """Ask a review of every named directorate that was not asked yet."""
    named = Directorate.objects.filter(
        pk__in=ReferralDirectorate.objects.filter(referral=referral).values("directorate"), closed_on=None
    )
    reviews.request(referral, named.order_by("name"), due_on=due_on, message="", kind=ReviewKind.SCOPING, by=by)


@transaction.atomic
def make_letter(referral: Referral, *, by: User) -> Rendition:
    """The letter to read, marked « PROJET » until the visa is given; once issued online, the sealed one."""
    if not rules.can_make_letter(by, referral):
        raise PermissionDenied
    sealed = referral.issue_channel == IssueChannel.VISA
    return request_rendition(referral, LETTER if sealed else DRAFT_LETTER, by=by)


@transaction.atomic
def put_on_agenda(referral: Referral, sitting: Sitting, *, by: User) -> AgendaItem:
    """Add the reception of the referral to the agenda of a plenary to come."""
    if not rules.holds_right(by, referral, "accept"):
        raise PermissionDenied
    agenda.lock_agenda(sitting)
    Referral.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=referral.pk)
    referral.refresh_from_db(fields=["state"])
    if not rules.can_take(by, referral, "accept"):
        raise StateConflict(referral, "accept")
    if not sitting.is_upcoming or sitting.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")
    if existing := about(referral).filter(sitting=sitting).first():
        return existing
    votes = needs_vote(referral)
    return agenda.add(
        sitting,
        by=by,
        title=_("Réception de la saisine : %(title)s") % {"title": referral.title},
        kind=AgendaKind.VOTE if votes else AgendaKind.INFORMATION,
        minutes=20,
        subject_type=Referral._meta.label,  # noqa: SLF001 -- _meta is Django's public name
        subject_id=str(referral.pk),
    )


def needs_vote(referral: Referral) -> bool:
    """The setting of the term: information, or a vote."""
    return ReferralSettings.objects.filter(term=referral.term_id, is_accepted_by_vote=True).exists()


@transaction.atomic
def accept(referral: Referral, item: AgendaItem, *, by: User) -> None:
    """Note that the assembly received it at that item of a plenary that was opened."""
    if not rules.holds_right(by, referral, "accept"):
        raise PermissionDenied
    if item.sitting not in receiving_sittings(referral.term_id):
        raise ValidationError(_("Choisissez un point d’une séance plénière ouverte ou tenue."), code="item")
    if needs_vote(referral) and not was_voted([item]):
        raise ValidationError(
            _("L’assemblée vote la réception des saisines : proclamez d’abord un vote favorable sur ce point."),
            code="vote",
        )
    day = timezone.localdate(item.sitting.starts_at)
    take(referral, "accept", "referral.accepted", by=by, accepted_item=item, accepted_on=day)


def was_voted(items: Iterable[AgendaItem]) -> bool:
    proclaimed = Ballot.objects.filter(agenda_item__in=list(items), state=BallotState.PROCLAIMED)
    return proclaimed.filter(result=BallotResult.ADOPTED).exists()
