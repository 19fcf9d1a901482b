"""Write, put online, take offline and delete the portrait of a member."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.actions.uploads import accept_upload, erase_upload
from assembly.files.fields import CheckedFile
from assembly.identity.models import Person, User
from assembly.institution.models import Term
from assembly.web.errors import StateConflict
from assembly.workflow.locks import lock
from members import rules
from members.consents.actions import agreement_author, record_agreement
from members.consents.queries import image_answers
from members.enums import ImageUse
from members.models import Member, Portrait
from members.portraits.pictures import card_picture
from members.portraits.queries import is_maybe_minor


@transaction.atomic
def write_portrait(
    member: Member, *, statement: str, photo: CheckedFile | None, without_photo: bool = False, by: User, term: Term
) -> Portrait:
    """Write the portrait, online by the member or for them by the team. It goes offline until it is read again.

    A photograph replaces the former one, whose bytes are deleted.
    """
    recorder, mandate = agreement_author(member, term.pk, by, is_online=rules.is_this_member(by, member))
    lock(member)
    row = Portrait.objects.filter(member=member).select_related("photo__blob").first() or Portrait(member=member)
    former = row.photo if photo or without_photo else None
    has_photo = photo is not None or (row.photo is not None and former is None)
    if not has_photo and not statement.strip():
        raise ValidationError(_("Donnez une photo, quelques mots, ou les deux."), code="statement")
    if row.pk and not photo and former is None and row.statement == statement:
        return row
    if photo:
        row.photo = accept_upload(card_picture(photo), by=by)
    elif former:
        row.photo = None
    row.statement, row.published_at, row.published_by = statement, None, None
    row.version += 1 if row.pk else 0
    row.save()
    if former:
        erase_upload(former, by=by)
    record_agreement("portrait.written", member, mandate, by=by, recorder=recorder, version=row.version)
    return row


@transaction.atomic
def publish_portrait(portrait: Portrait, *, version: int, guardian: str = "", by: User, term: Term) -> None:
    """Put online what was read: the same `version`, of a member who agrees, with a guardian’s name for a minor."""
    member = portrait.member
    _recorder, mandate = agreement_author(member, term.pk, by, is_online=False)
    lock(member)
    row = Portrait.objects.filter(pk=portrait.pk).first()
    if row is None or row.version != version:
        raise StateConflict(portrait, "publish")
    answer = image_answers(member)[ImageUse.WEBSITE]
    if answer is None or not answer.is_given:
        raise ValidationError(_("Le membre n’a pas donné son accord pour le site de l’Assemblée."), code="no_consent")
    if is_maybe_minor(member) and not guardian.strip():
        raise ValidationError(
            _("Cette personne est peut-être mineure : notez qui a signé l’accord parental."), code="guardian"
        )
    row.guardian, row.published_at, row.published_by = guardian.strip(), timezone.now(), by
    row.save()
    record_agreement("portrait.published", member, mandate, by=by, recorder=None, version=version)


@transaction.atomic
def take_portrait_offline(portrait: Portrait, *, by: User, term: Term) -> None:
    """Take the portrait off the public pages; it stays for the member and the team. Idempotent."""
    member = portrait.member
    recorder, mandate = agreement_author(member, term.pk, by, is_online=rules.is_this_member(by, member))
    lock(member)
    online = Portrait.objects.filter(pk=portrait.pk, published_at__isnull=False)
    if online.update(published_at=None, published_by=None):
        record_agreement("portrait.taken_offline", member, mandate, by=by, recorder=recorder)


@transaction.atomic
def delete_portrait(portrait: Portrait, *, by: User, term: Term) -> None:
    """Delete the portrait with the bytes of its photograph. Idempotent."""
    member = portrait.member
    recorder, mandate = agreement_author(member, term.pk, by, is_online=rules.is_this_member(by, member))
    lock(member)
    if Portrait.objects.filter(pk=portrait.pk).exists():
        erase_portrait(portrait, by=by)
        record_agreement("portrait.deleted", member, mandate, by=by, recorder=recorder)


@transaction.atomic
def erase_portrait(portrait: Portrait, by: User | None = None) -> None:
    """Delete the row and the bytes of its photograph, also at the end of the mandate. Idempotent."""
    lock(portrait.member)
    row = Portrait.objects.filter(pk=portrait.pk).select_related("photo__blob").first()
    if row is None:
        return
    row.delete()
    if row.photo:
        erase_upload(row.photo, by=by)


def erase_portrait_of(person: Person, by: Any) -> None:
    """Delete the portrait of a person who is erased."""
    for portrait in Portrait.objects.filter(member__person=person).select_related("member"):
        erase_portrait(portrait, by=by)
