"""The scoping note: made once from the answers, then the officer's. Made again, it is shown beside, never over."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import User
from consultations.models import Referral, ScopingNote
from consultations.queries.reviews import composed
from consultations.rules import reviews as rules


class StaleNote(Exception):
    """Somebody saved the note meanwhile: `current` holds it, what was typed stays with who typed it."""

    def __init__(self, current: ScopingNote) -> None:
        self.current = current
        super().__init__(f"scoping note {current.pk} is at version {current.version}")


@transaction.atomic
def generate(referral: Referral, *, by: User) -> ScopingNote:
    """Compose the note from what was given; one that exists is returned as it is."""
    if not rules.can_write_note(by, referral):
        raise PermissionDenied
    if not (body := composed(referral)):
        raise ValidationError(_("Aucune direction n’a encore rendu son avis."), code="empty")
    defaults = {"body": clean_html(body), "generated_at": timezone.now()}
    note, made = ScopingNote.objects.get_or_create(referral=referral, defaults=defaults)
    if made:
        record("scoping_note.generated", note, by=by, dossier=referral)
    return note


@transaction.atomic
def edit(note: ScopingNote, html: str, *, version: int, by: User) -> ScopingNote:
    """Save the officer's text, if nobody saved since `version` was read."""
    if not rules.can_write_note(by, note.referral):
        raise PermissionDenied
    body = clean_html(html)
    now = timezone.now()
    changes = {"body": body, "version": version + 1, "edited_at": now, "edited_by": by}
    if body == note.body and version == note.version:
        return note
    if not ScopingNote.objects.filter(pk=note.pk, version=version).update(**changes):
        raise StaleNote(ScopingNote.objects.select_related("edited_by__person").get(pk=note.pk))
    for name, value in changes.items():
        setattr(note, name, value)
    record("scoping_note.edited", note, by=by, dossier=note.referral, version=note.version)
    return note
