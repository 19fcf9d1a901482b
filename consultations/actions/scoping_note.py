"""The scoping note: composed once from the answers, then edited by the officer. A second one is shown next to it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import User
from assembly.web.versioned import Versioned
from consultations.models import Referral, ScopingNote
from consultations.reviews import rules
from consultations.reviews.queries import compose_note

NOTE = Versioned(by="edited_by", at="edited_at")


@transaction.atomic
def generate(referral: Referral, *, by: User) -> ScopingNote:
    """Compose the note from the answers given; return the existing one as it is."""
    if not rules.can_write_note(by, referral):
        raise PermissionDenied
    if not (body := compose_note(referral)):
        raise ValidationError(_("Aucune direction n’a encore rendu sa contribution."), code="empty")
    defaults = {"body": clean_html(body), "generated_at": timezone.now()}
    note, is_new = ScopingNote.objects.get_or_create(referral=referral, defaults=defaults)
    if is_new:
        record("scoping_note.generated", note, by=by, dossier=referral)
    return note


@transaction.atomic
def edit(note: ScopingNote, html: str, *, version: int, by: User) -> ScopingNote:
    """Save the officer's text; raise EditConflict when somebody saved since `version` was read."""
    if not rules.can_write_note(by, note.referral):
        raise PermissionDenied
    body = clean_html(html)
    if body == note.body and version == note.version:
        return note
    NOTE.save(note, {"body": body, "edited_at": timezone.now(), "edited_by": by}, version=version)
    record("scoping_note.edited", note, by=by, dossier=note.referral, version=note.version)
    return note
