"""The directorate's side of a request: answer, visas and their order, delegations, copy readers, presence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.uploads import accept_upload
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.text.printable import check_text, clean_text
from assembly.text.working_days import next_working_day
from assembly.web.versioned import Versioned, field_changes
from assembly.workflow import lock, share
from consultations.digest import actions as digest
from consultations.digest.models import DeskEventKind
from consultations.models import Delegation, DirectorateReview, Referral, ReviewAttachment, ReviewEdition, VisaLevel
from consultations.reviews import rules
from consultations.reviews.actions.asking import (
    ask_visa,
    close_with_notice,
    columns_of_successor,
    format_stamp,
    has_live_request,
    name_directorate,
    notify_contacts,
    notify_followers,
    notify_signers,
    write_now,
)
from consultations.reviews.mails import SENT_BACK
from consultations.reviews.models import GRID, EditionKind, ReviewState
from consultations.reviews.queries import agents_of, contacts_of, levels_of, next_level, possible_readers, visas_given
from consultations.reviews.workflow import REVIEW

ONE_SITTING_OF_WRITING = timedelta(minutes=10)
MOST_FILES = 20
TIME_TO_ANSWER = timedelta(days=7)


SAVED = Versioned(by="saved_by", at="saved_at")


def save(
    review: DirectorateReview,
    values: Mapping[str, str],
    *,
    version: int,
    by: User,
    bases: Mapping[str, str] = MappingProxyType({}),
) -> DirectorateReview:
    """Save the fields that `by` changed, unless somebody changed the same ones since they were read.

    `bases`: the value of each field when it was read; without it every field counts as changed, and a save on an older
    version as a conflict. What others wrote in other fields stays. Raises EditConflict with both texts of the fields
    that two people changed, or if the answer is no longer editable: nothing is written then, and the second text
    becomes a separate edition.
    """
    if not rules.works_in_directorate(by, review):
        raise PermissionDenied
    typed, read = as_stored(values, dict.fromkeys(GRID, "")), as_stored(bases)
    current, changed, clash = _save_if_first(review, typed, read, version=version, by=by)
    is_closed = bool(changed) and not REVIEW.can_take(by, current, "draft")
    if not clash and not is_closed:
        return current
    _save_conflict_copy(current, content_of(current) | changed, by)
    raise SAVED.conflict(current, changed if is_closed else clash, is_closed=is_closed)


def as_stored(values: Mapping[str, str], empty: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the fields of the grid in `values`, as they are stored."""
    return {name: clean_text(text).strip() for name, text in {**empty, **values}.items() if name in GRID}


def content_of(review: DirectorateReview) -> dict[str, str]:
    """Return the stored fields of the grid."""
    return {name: getattr(review, name) for name in GRID}


@transaction.atomic
def _save_if_first(
    review: DirectorateReview, typed: dict[str, str], read: dict[str, str], *, version: int, by: User
) -> tuple[DirectorateReview, dict[str, str], dict[str, str]]:
    """Save unless somebody changed the same fields; return row, changes, clashes (both empty once written)."""
    rows = DirectorateReview.objects.select_related("referral", "directorate", "saved_by__person")
    current = rows.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
    stored = content_of(current)
    read = (stored if version == current.version else {}) | read
    changed, clash = field_changes(stored, typed, read)
    if changed and not clash and REVIEW.can_take(by, current, "draft"):
        _write(current, changed, by)
        return current, {}, {}
    return current, changed, clash


def _write(review: DirectorateReview, changed: dict[str, str], by: User) -> None:
    now, last = timezone.now(), review.saved_at
    begins = review.saved_by_id != by.pk or last is None or now - last > ONE_SITTING_OF_WRITING
    REVIEW.set_state(review, "draft", version=review.version + 1, saved_at=now, saved_by=by, **changed)
    if begins:
        record("review.saved", review, by=by, dossier=review.referral, version=review.version)


@transaction.atomic
def _save_conflict_copy(review: DirectorateReview, typed: dict[str, str], by: User) -> ReviewEdition:
    """Store the second text of an edit conflict as an edition; the same text is stored once."""
    last = (
        ReviewEdition.objects.filter(review=review, kind=EditionKind.CONFLICT_COPY, by=by).order_by("-number").first()
    )
    if last is not None and last.content == typed:
        return last
    return _edition(review, EditionKind.CONFLICT_COPY, typed, by)


def _edition(review: DirectorateReview, kind: EditionKind, content: dict[str, str], by: User) -> ReviewEdition:
    DirectorateReview.objects.select_for_update(no_key=True).get(pk=review.pk)
    last = ReviewEdition.objects.filter(review=review).order_by("-number").first()
    number = last.number + 1 if last else 1
    return ReviewEdition.objects.create(review=review, number=number, kind=kind, content=content, by=by)


def _as_read(review: DirectorateReview, version: int) -> None:
    """Raise ValidationError if the text changed since it was read: what is signed is what was read."""
    if version != review.version:
        raise ValidationError(_("Le texte a changé depuis votre relecture : relisez-le."), code="changed")


@transaction.atomic
def submit(review: DirectorateReview, *, version: int, by: User) -> None:
    """Send the answer to the first visa of the directorate's order, or to the approver."""
    REVIEW.require(review, "submit", by=by)
    _as_read(review, version)
    for text in content_of(review).values():
        check_text(text)
    edition = _edition(review, EditionKind.SUBMITTED, content_of(review), by)
    reason = review.reason if review.reason != review.supplement else ""  # the transition erases it
    first = next_level(review.directorate_id)
    REVIEW.transition(review, "submit", by=by, facts={"edition": edition.number}, visa_level=first)
    ask_visa(review, reason=reason, by=by)


@transaction.atomic
def endorse(review: DirectorateReview, *, version: int, level: int | None, by: User) -> None:
    """Give the intermediate visa `level`, which the page showed as awaited, and ask for the next one."""
    step = REVIEW.require(review, "endorse", by=by)
    _as_read(review, version)
    visa = review.visa_level
    if visa is None or visa.pk != level:
        raise ValidationError(_("Un autre visa est attendu maintenant : relisez la page."), code="changed")
    following = next_level(review.directorate_id, visas_given(review) | {visa.pk})
    REVIEW.take(review, step, by=by, reason=visa.name, facts={"level": visa.pk}, visa_level=following)
    ask_visa(review, by=by)


@transaction.atomic
def validate(review: DirectorateReview, *, version: int, by: User) -> None:
    """Give the answer to the assembly by the visa of the approver, or of whoever holds a delegation today."""
    step = REVIEW.require(review, "validate", by=by)
    _as_read(review, version)
    is_approver = rules.is_approver(by, review.directorate_id)
    delegation = None if is_approver else rules.delegation_for(by, review.directorate_id)
    giver = delegation.giver if delegation else None
    late = review.due_on < timezone.localdate()
    edition = _edition(review, EditionKind.VALIDATED, content_of(review), by)
    facts = {"edition": edition.number, "late": late}
    REVIEW.take(review, step, by=by, on_behalf_of=giver, facts=facts, validated_for=giver, was_late=late)
    key = f"received:{review.pk}:{edition.number}"
    notify_followers(review, DeskEventKind.RECEIVED, key)
    for reader in review.copy_readers.filter(is_active=True):
        digest.add_digest_line(reader, DeskEventKind.RECEIVED, review.referral, key=key, review=review)


@REVIEW.action("return")
@transaction.atomic
def send_back(review: DirectorateReview, *, reason: str, by: User) -> None:
    """Send the answer back with the approver's reason; its writers are mailed at once."""
    REVIEW.transition(review, "return", by=by, reason=reason)
    sender = review.submitted_by
    writers = contacts_of(review.directorate_id) + (
        [sender] if sender and rules.works_in_directorate(sender, review) else []
    )
    key = f"{SENT_BACK}:{review.pk}:{format_stamp(timezone.now())}"
    write_now(SENT_BACK, review, writers, reason=review.reason, by=by, key=key)


@REVIEW.action("decline")
@transaction.atomic
def decline(review: DirectorateReview, *, reason: str, by: User) -> None:
    """Send the request back to the team: it is not for this directorate."""
    REVIEW.transition(review, "decline", by=by, reason=reason)
    notify_followers(review, DeskEventKind.DECLINED, f"declined:{review.pk}:{format_stamp(timezone.now())}")


@REVIEW.action("pass_on")
@transaction.atomic
def pass_on(review: DirectorateReview, to: Directorate, *, reason: str, by: User) -> DirectorateReview:
    """Pass the request on to the directorate that it concerns and notify the team; the draft stays here."""
    REVIEW.require(review, "pass_on", by=by)
    if to.closed_on or to.assembly_id != review.directorate.assembly_id or to.pk == review.directorate_id:
        raise ValidationError(_("Choisissez une autre direction, en activité."), code="directorate")
    if has_live_request(review.referral, to, review.kind):
        raise ValidationError(_("Cette direction a déjà une demande sur cette saisine."), code="asked")
    name_directorate(review.referral, to, by=by)
    other = DirectorateReview.objects.create(
        referral=review.referral,
        directorate=to,
        kind=review.kind,
        message=review.message,
        due_on=_realistic_due_date(review.due_on),
        asked_at=timezone.now(),
        asked_by_id=review.asked_by_id,
    )
    REVIEW.transition(review, "pass_on", by=by, reason=reason, facts={"to": to.pk}, passed_to=other)
    notify_contacts(other, DeskEventKind.ASKED, f"asked:{other.pk}")
    notify_followers(review, DeskEventKind.DECLINED, f"passed-on:{review.pk}")
    return other


def _realistic_due_date(due_on: date) -> date:
    """Return `due_on` if it is to come, else a working day in a week: a late request leaves its recipient a week."""
    today = timezone.localdate()
    return due_on if due_on > today else next_working_day(today + TIME_TO_ANSWER)


@transaction.atomic
def pass_reviews_to_successor(directorate: Directorate, *, by: User | None) -> None:
    """Give the open requests of a closed directorate to its successor at work, or close them."""
    successor = columns_of_successor(directorate).get("directorate")
    if successor is not None and successor.closed_on:
        successor = None
    rows = DirectorateReview.objects.filter(directorate=directorate).open()
    for referral in Referral.objects.filter(pk__in=rows.values("referral")).order_by("pk"):
        lock(referral)
    for review in rows.select_related("referral", "directorate").order_by("pk"):
        if successor is None:
            close_with_notice(review, reason=_("La direction est close."), by=by)
            notify_followers(review, DeskEventKind.DECLINED, f"orphaned:{review.pk}:{directorate.pk}")
        elif has_live_request(review.referral, successor, review.kind):
            reason = _("La direction est close ; %(successor)s est déjà consultée.") % {"successor": successor.name}
            close_with_notice(review, reason=reason, by=by)
        else:
            _reassign(review, directorate, successor, by)


def _reassign(review: DirectorateReview, former: Directorate, successor: Directorate, by: User | None) -> None:
    facts = {"before": former.pk, "after": successor.pk}
    level = next_level(successor) if review.state == ReviewState.SUBMITTED else None
    REVIEW.follow(
        review, "inherit", by=by, facts=facts, directorate=successor, inherited_from=former, visa_level=level
    )
    name_directorate(review.referral, successor, by=by)
    if review.state == ReviewState.SUBMITTED:
        notify_signers(review, DeskEventKind.TO_VALIDATE, f"inherited:{review.pk}:{successor.pk}")
    else:
        notify_contacts(review, DeskEventKind.ASKED, f"inherited:{review.pk}:{successor.pk}")


@transaction.atomic
def add_file(review: DirectorateReview, file: CheckedFile, *, title: str, by: User) -> ReviewAttachment:
    """Attach a file to the answer."""
    lock(review)
    if not REVIEW.can_take(by, review, "draft"):
        raise PermissionDenied
    if review.attachments.filter(removed_at=None).count() >= MOST_FILES:
        raise ValidationError(_("Une contribution porte au plus 20 fichiers."), code="files")
    upload = accept_upload(file, by=by, purpose="other")
    attachment = ReviewAttachment.objects.create(
        review=review, upload=upload, title=(clean_text(title).strip() or upload.name)[:200]
    )
    record("review.file_added", review, by=by, dossier=review.referral, upload=upload.pk)
    return attachment


@transaction.atomic
def remove_file(attachment: ReviewAttachment, *, by: User) -> None:
    """Remove a file from the answer; the row stays, with the moment of the removal."""
    review: Any = attachment.review
    lock(review)
    if not REVIEW.can_take(by, review, "draft"):
        raise PermissionDenied
    now = timezone.now()
    if ReviewAttachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now):
        record("review.file_removed", review, by=by, dossier=review.referral, upload=attachment.upload_id)


CACHE_SECONDS = 40  # pages report every fifteen seconds


@dataclass(frozen=True)
class WritingPlace:
    """A colleague on the same answer; no field: the page is open, nothing is being written."""

    name: str
    field: str


def report_position(review: DirectorateReview, field: str, *, by: User) -> list[WritingPlace]:
    """Store in which field `by` writes, and return those of the colleagues."""
    cache.set(presence_key(review, by), field, CACHE_SECONDS)
    colleagues = {presence_key(review, user): user for user in agents_of(review.directorate_id) if user.pk != by.pk}
    fields = cache.get_many(colleagues)
    return [WritingPlace(user.get_full_name(), fields[key]) for key, user in colleagues.items() if key in fields]


def presence_key(review: DirectorateReview, user: User) -> str:
    return f"review-presence:{review.pk}:{user.pk}"


@transaction.atomic
def add_copy_reader(review: DirectorateReview, reader: User, *, by: User) -> None:
    """Put an agent of another directorate in copy; their next daily mail has a line about it."""
    if not rules.can_name_readers(by, review):
        raise PermissionDenied
    if not possible_readers(review).filter(pk=reader.pk).exists():
        raise ValidationError(_("Choisissez quelqu’un d’une autre direction."), code="reader")
    review.copy_readers.add(reader)
    record("review.reader_added", review, by=by, dossier=review, reader=reader.pk)
    digest.add_digest_line(reader, DeskEventKind.COPIED, review.referral, key=f"copied:{review.pk}", review=review)


@transaction.atomic
def remove_copy_reader(review: DirectorateReview, reader: User, *, by: User) -> None:
    """Remove a reader in copy; what they wrote stays in the thread."""
    if not rules.can_name_readers(by, review):
        raise PermissionDenied
    if review.copy_readers.filter(pk=reader.pk).exists():
        review.copy_readers.remove(reader)
        record("review.reader_removed", review, by=by, dossier=review, reader=reader.pk)


MOST_LEVELS = 5


@transaction.atomic
def add_level(directorate: Directorate, *, name: str, holder: User, by: User) -> VisaLevel:
    """Add a visa at the end, before the approver's; answers that already wait for the approver are not affected."""
    levels = _lock_levels(directorate, by)
    if not rules.can_hold(holder, directorate):
        raise ValidationError(_("Choisissez une personne qui travaille dans cette direction."), code="holder")
    if len(levels) >= MOST_LEVELS:
        raise ValidationError(_("Cinq visas intermédiaires au plus."), code="name")
    position = levels[-1].position + 1 if levels else 1
    level = VisaLevel.objects.create(directorate=directorate, position=position, name=name.strip(), holder=holder)
    record("visa_level.added", level, by=by, dossier=directorate, position=position)
    return level


@transaction.atomic
def move_level_up(level: VisaLevel, *, by: User) -> None:
    """Move a visa before the one that precedes it; the first one stays where it is."""
    keys = [row.pk for row in _lock_levels(level.directorate, by)]
    at = keys.index(level.pk) if level.pk in keys else 0
    if at == 0:
        return
    keys[at - 1 : at + 1] = keys[at], keys[at - 1]
    for position, key in enumerate(keys, start=1):
        VisaLevel.objects.filter(pk=key).update(position=position)
    record("visa_level.moved", level, by=by, dossier=level.directorate, position=at)


@transaction.atomic
def remove_level(level: VisaLevel, *, by: User) -> None:
    """Remove a visa from the order; answers that wait for it go on to the next one, whose holder is mailed at once."""
    levels = _lock_levels(level.directorate, by)
    if level.pk not in {row.pk for row in levels}:
        return
    waiting = DirectorateReview.objects.filter(visa_level=level).select_related("referral__term", "directorate")
    rows = list(waiting.order_by("referral", "pk"))
    VisaLevel.objects.filter(pk=level.pk).update(removed_at=timezone.now())
    record("visa_level.removed", level, by=by, dossier=level.directorate)
    for review in rows:
        share(Referral.objects.filter(pk=review.referral_id))
        lock(review)
        if review.visa_level_id != level.pk:
            continue
        following = next_level(review.directorate_id, visas_given(review))
        REVIEW.follow(review, "skip_visa", by=by, reason=level.name, visa_level=following)
        ask_visa(review, by=by)


def _lock_levels(directorate: Directorate, by: User) -> list[VisaLevel]:
    """Lock the directorate and return the present order of its visas."""
    lock(directorate)
    if not rules.can_order_visas(by, directorate):
        raise PermissionDenied
    return levels_of(directorate)


@transaction.atomic
def delegate(directorate: Directorate, *, holder: User, starts_on: date, ends_on: date, by: User) -> Delegation:
    """Delegate one's visa to somebody who has a role in that directorate, from a day to a day."""
    if not rules.can_delegate(by, directorate):
        raise PermissionDenied
    if holder.pk == by.pk or not rules.can_hold(holder, directorate):
        raise ValidationError(_("Choisissez une autre personne qui travaille dans cette direction."), code="holder")
    if ends_on < starts_on or ends_on < timezone.localdate():
        raise ValidationError(_("Choisissez une fin à venir, après le début."), code="ends_on")
    delegation = Delegation.objects.create(
        directorate=directorate, giver=by, holder=holder, starts_on=starts_on, ends_on=ends_on
    )
    record("delegation.given", delegation, by=by, dossier=directorate, starts_on=starts_on, ends_on=ends_on)
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User) -> None:
    """End the delegation before its last day."""
    if not rules.can_end_delegation(by, delegation):
        raise PermissionDenied
    if Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_at=timezone.now()):
        record("delegation.ended", delegation, by=by, dossier=delegation.directorate)
