"""People of other directorates who read a request in copy; they write in its private thread and change nothing."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from consultations.digest import actions as digest
from consultations.enums import DeskEventKind
from consultations.models import DirectorateReview
from consultations.queries.desk import possible_readers
from consultations.reviews import rules


@transaction.atomic
def add(review: DirectorateReview, reader: User, *, by: User) -> None:
    """Put an agent of another directorate in copy; their next daily mail has a line about it."""
    if not rules.can_name_readers(by, review):
        raise PermissionDenied
    if not possible_readers(review).filter(pk=reader.pk).exists():
        raise ValidationError(_("Choisissez quelqu’un d’une autre direction."), code="reader")
    review.copy_readers.add(reader)
    record("review.reader_added", review, by=by, dossier=review, reader=reader.pk)
    digest.add_digest_line(reader, DeskEventKind.COPIED, review.referral, key=f"copied:{review.pk}", review=review)


@transaction.atomic
def remove(review: DirectorateReview, reader: User, *, by: User) -> None:
    """Remove a reader in copy; what they wrote stays in the thread."""
    if not rules.can_name_readers(by, review):
        raise PermissionDenied
    if review.copy_readers.filter(pk=reader.pk).exists():
        review.copy_readers.remove(reader)
        record("review.reader_removed", review, by=by, dossier=review, reader=reader.pk)
