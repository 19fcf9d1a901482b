"""Life cycle of a referral: text, visa or letter, reception, groups, answer, handing on, merge, close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition, Upload
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Committee, Directorate, Term
from assembly.institution.rules import is_team
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from consultations.models import (
    DirectorateReview,
    Hearing,
    HearingState,
    Referral,
    ReferralCommittee,
    ReferralDirectorate,
    ReferralSettings,
    ReviewKind,
    Support,
)
from consultations.referrals import rules
from consultations.referrals.enums import IssueChannel, ReferralOrigin, ReferralState
from consultations.referrals.models import TEXT
from consultations.referrals.queries import items_about, receiving_sittings
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.referrals.workflow.shared_steps import share_referral
from consultations.reviews.actions import asking as reviews
from consultations.self_referrals.queries import limits_of
from sessions.agenda import actions as agenda
from sessions.models import AgendaItem, AgendaKind, Ballot, BallotResult, BallotState, Sitting

SERIES = "referral"


REFERRAL_TEXT = Versioned(at="changed_at")


def next_reference(term: Term, origin: ReferralOrigin) -> str:
    """Return the next reference (`S-2026-02`, `AS-2026-03`), given once; one counter a year serves both origins."""
    year = timezone.localdate().year
    prefix = "AS" if origin == ReferralOrigin.SELF_REFERRAL else "S"
    return f"{prefix}-{year}-{next_number(term.assembly, SERIES, year):02d}"


@transaction.atomic
def create(
    term: Term,
    *,
    by: User,
    title: str,
    lead: Directorate | None = None,
    associated: Iterable[Directorate] = (),
    officer: User | None = None,
    **values: Any,
) -> Referral:
    """Create a referral of the president and give it its permanent reference."""
    if not rules.can_create(by, term):
        raise PermissionDenied
    _only(values, TEXT)
    referral = Referral.objects.create(
        term=term,
        origin=ReferralOrigin.PRESIDENT,
        state=ReferralState.DRAFT,
        reference=next_reference(term, ReferralOrigin.PRESIDENT),
        title=title,
        officer=_of_team(officer, term) or by,
        **values,
    )
    record("referral.created", referral, by=by, reference=referral.reference)
    name_directorates(referral, lead=lead, associated=associated, by=by)
    return referral


@transaction.atomic
def edit(
    referral: Referral,
    *,
    version: int,
    by: User,
    lead: Directorate | None = None,
    associated: Iterable[Directorate] | None = None,
    **values: Any,
) -> Referral:
    """Correct what may still be corrected; raise EditConflict when somebody saved since `version` was read."""
    if not rules.can_edit(by, referral):
        raise PermissionDenied
    _only(values, rules.editable_fields(referral))
    changed = sorted(name for name, value in values.items() if getattr(referral, name) != value)
    if changed:
        written = {**values, "changed_at": timezone.now()}
        REFERRAL_TEXT.save(referral, written, version=version, state=referral.state)
    else:
        rows = Referral.objects.filter(pk=referral.pk, version=version, state=referral.state)
        if not rows.select_for_update(no_key=True).exists():
            raise REFERRAL_TEXT.conflict(referral, values)
    referral.refresh_from_db()
    if associated is not None and rules.can_name_directorates(by, referral):
        changed += name_directorates(referral, lead=lead, associated=associated, by=by)
    if changed:
        record("referral.changed", referral, by=by, fields=changed)
    return referral


def _only(values: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := values.keys() - known:
        raise ValueError(f"not editable: {sorted(unknown)}")


def name_directorates(
    referral: Referral, *, lead: Directorate | None, associated: Iterable[Directorate], by: User
) -> list[str]:
    """Name the lead and the associated directorates; one that was asked for a review stays named."""
    directorates = {row.pk: row for row in associated} | ({lead.pk: lead} if lead else {})
    for row in directorates.values():
        if row.assembly_id != referral.term.assembly_id:
            raise ValidationError(_("Cette direction n’est pas de cette assemblée."), code="directorate")
    named = {row.directorate_id: row for row in ReferralDirectorate.objects.filter(referral=referral)}
    asked = set(DirectorateReview.objects.filter(referral=referral).values_list("directorate_id", flat=True))
    gone = [pk for pk in named if pk not in directorates and pk not in asked]
    new = [pk for pk in directorates if pk not in named]
    leads = [pk for pk, row in named.items() if row.is_lead]
    is_same_lead = leads == ([lead.pk] if lead else [])
    if is_same_lead and not gone and not new:
        return []
    rows = ReferralDirectorate.objects.filter(referral=referral)
    rows.filter(is_lead=True).update(is_lead=False)
    rows.filter(directorate__in=gone).delete()
    ReferralDirectorate.objects.bulk_create(
        [ReferralDirectorate(referral=referral, directorate=directorates[pk]) for pk in new]
    )
    if lead:
        rows.filter(directorate=lead).update(is_lead=True)
    for pk in new:
        record("referral.directorate_named", referral, by=by, directorate=pk)
    return ["directorates"]


@transaction.atomic
def follow_opinion(referral: Referral, step_name: str, *, by: User | None) -> None:
    """Take the step that follows the opinion, unless it was noted by hand before.

    The opinion was adopted, handed over (or not after all), or answered.
    """
    if REFERRAL.step(lock(referral), step_name):
        REFERRAL.follow(referral, step_name, by=by)


@transaction.atomic
def record_answer(referral: Referral, *, on: date, upload: Upload, by: User) -> None:
    """Record day and document of the council's answer to an opinion that was not written in this application."""
    if on > timezone.localdate() or (referral.accepted_on and on < referral.accepted_on):
        raise ValidationError(_("La réponse vient après la saisine, pas dans l’avenir."), code="on")
    facts = {"on": on, "sha256": upload.blob_id}
    REFERRAL.transition(referral, "answer", by=by, facts=facts, answered_on=on, answer_document=upload)


@REFERRAL.action("close")
@transaction.atomic
def close(referral: Referral, *, reason: str, by: User) -> None:
    """Close the referral with the lead's reason, and its open requests to directorates."""
    REFERRAL.transition(referral, "close", by=by, reason=reason)
    reviews.close_all(referral, reason=reason.strip(), by=by)


@REFERRAL.action("hand_over_file")
@transaction.atomic
def pass_to(referral: Referral, officer: User, *, by: User) -> None:
    """Pass the referral on to another member of the team."""
    REFERRAL.require(referral, "hand_over_file", by=by)
    _of_team(officer, referral.term)
    former = referral.officer
    if former is not None and former.pk == officer.pk:
        return
    facts = {"before": str(former.pseudonym) if former else None, "after": str(officer.pseudonym)}
    REFERRAL.transition(referral, "hand_over_file", by=by, facts=facts, officer=officer)


@transaction.atomic
def pass_files(referrals: QuerySet[Referral], *, to: User, by: User) -> int:
    """Pass on every referral of an agent who leaves; return how many."""
    rows = list(referrals.select_related("term", "officer"))
    for referral in rows:
        pass_to(referral, to, by=by)
    return len(rows)


def _of_team(officer: User | None, term: Term) -> User | None:
    if officer is not None and not is_team(officer, term):
        raise ValidationError(_("Choisissez une personne de l’équipe."), code="officer")
    return officer


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


def copy_supports(referral: Referral, target: Referral) -> int:
    """Copy the supports to the target of a merge, one a member, within the subject's limit; the former rows stay."""
    if not target.is_self_referral or target.state not in ReferralState.tagged("holding_dots"):
        return 0
    most = limits_of(target.term_id).dots_a_subject
    there: dict[Any, Support] = {row.user_id: row for row in Support.objects.filter(referral=target)}
    rows = list(Support.objects.filter(referral=referral))
    for row in rows:
        same = there.get(row.user_id)
        dots = min(most, row.dots + (same.dots if same else 0))
        Support.objects.update_or_create(referral=target, user_id=row.user_id, defaults={"dots": dots})
    return len(rows)


@dataclass(frozen=True)
class EndingPreview:
    """What stops with the referral, shown before the confirmation."""

    reviews: list[str]
    hearings: int
    committees: int


def preview_ending(referral: Referral) -> EndingPreview:
    """Return the directorates whose request would be closed, and count the planned hearings and the groups at work."""
    waiting = DirectorateReview.objects.filter(referral=referral).open().order_by("directorate__name__alphabetical")
    return EndingPreview(
        reviews=list(waiting.values_list("directorate__name", flat=True)),
        hearings=Hearing.objects.filter(referral=referral, state=HearingState.PLANNED).count(),
        committees=ReferralCommittee.objects.filter(referral=referral, ended_at=None).count(),
    )


@REFERRAL.action("withdraw")
@transaction.atomic
def withdraw(referral: Referral, *, reason: str, by: User) -> None:
    """Withdraw the referral and close its open requests, with notice to their directorates."""
    REFERRAL.transition(referral, "withdraw", by=by, reason=reason)
    reviews.close_all(referral, reason=referral.end_reason, by=by)
    release_committees(referral)


@REFERRAL.action("merge")
@transaction.atomic
def merge(referral: Referral, target: Referral, *, reason: str, by: User) -> None:
    """Merge the referral into another one of the same term, where its answers stay visible."""
    for row in sorted((referral, target), key=lambda row: row.pk):
        lock(row)
    REFERRAL.require(referral, "merge", by=by)
    if referral.pk == target.pk:
        raise ValidationError(_("Une saisine ne se réunit pas avec elle-même."), code="itself")
    if target.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une saisine de la même mandature."), code="target")
    if target.is_ended:
        raise StateConflict(target, "merge")
    REFERRAL.transition(referral, "merge", by=by, reason=reason, merged_into=target)
    record("referral.merged", target, by=by, absorbed=referral.pk)
    reviews.move_to(referral, target, by=by)
    copy_supports(referral, target)
    release_committees(referral)


def release_committees(referral: Referral) -> None:
    """End the assignments to the groups; the rows stay."""
    ReferralCommittee.objects.filter(referral=referral, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def assign_committee(
    referral: Referral, committee: Committee, *, mandate_statement: str, by: User
) -> ReferralCommittee:
    """Assign the referral to a committee; return the open assignment if there is one."""
    share_referral(referral, "assign", rules.can_assign, by=by)
    if committee.term_id != referral.term_id or committee.closed_on is not None:
        raise ValidationError(_("Choisissez un groupe ouvert de la mandature."), code="committee")
    if existing := ReferralCommittee.objects.filter(referral=referral, committee=committee, ended_at=None).first():
        return existing
    try:
        with transaction.atomic():
            row = ReferralCommittee.objects.create(
                referral=referral, committee=committee, mandate_statement=mandate_statement.strip()
            )
    except IntegrityError:
        return ReferralCommittee.objects.get(referral=referral, committee=committee, ended_at=None)
    record("referral.committee_assigned", referral, by=by, committee=committee.pk)
    return row


@transaction.atomic
def restate_mandate(row: ReferralCommittee, *, mandate_statement: str, by: User) -> None:
    """Change the question that the committee must answer."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    statement = mandate_statement.strip()
    if statement == row.mandate_statement:
        return
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(mandate_statement=statement):
        row.mandate_statement = statement
        record("referral.committee_changed", row.referral, by=by, committee=row.committee_id)


@transaction.atomic
def release_committee(row: ReferralCommittee, *, by: User) -> None:
    """End the assignment to a committee; what it did stays on the page."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        record("referral.committee_released", row.referral, by=by, committee=row.committee_id)
