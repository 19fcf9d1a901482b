"""Actions on a message: write it, freeze its recipients, send it once."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.audit.actions import record
from assembly.correspondence.mails import DossierMail, RefusableMail
from assembly.correspondence.models import (
    MessageFile,
    MessageRecipient,
    MessageState,
    SavedText,
    SavedTextState,
    TeamMessage,
)
from assembly.correspondence.queries import concerned, files_of, out_of_reach, people_to_freeze, recipients_of
from assembly.correspondence.registry import RecipientGroup, group_of
from assembly.correspondence.rules import listed_title
from assembly.correspondence.workflow import MESSAGE, TEAM
from assembly.documents.actions.uploads import accept_upload, erase_upload
from assembly.documents.models import Document
from assembly.documents.queries import current_revision
from assembly.documents.rules import can_read_document
from assembly.dossiers.pages import CHANGED
from assembly.files.fields import CheckedFile
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.models import User
from assembly.identity.sending import hand_to_relay
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.composing import trial_message
from assembly.notifications.models import Delivery, DeliveryState, Distribution, Way
from assembly.text.french import format_moment
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict, lock

LONGEST_NAME = 200
ERASED = gettext_lazy("Texte effacé")


@dataclass(frozen=True)
class Content:
    """What a person typed: the address of the people, the text, the files."""

    query: str
    title: str
    body: str
    uploads: Sequence[CheckedFile] = ()
    documents: Sequence[str] = ()
    joined: Sequence[str] = ()


@transaction.atomic
def write(group: RecipientGroup[Any], subject: Any, term: Term, content: Content, *, by: User) -> TeamMessage:
    """Write a message to the people of a group, and freeze them. Nothing leaves before `send`."""
    if not is_team(by, term):
        raise PermissionDenied
    message = TeamMessage(
        term=term,
        group=group.key,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        query=content.query,
        title=content.title,
        body=content.body,
        written_by=by,
        frozen_at=timezone.now(),
    )
    freeze_recipients(message, by=by)
    attach_files(message, content, by=by)
    record("team_message.written", message, by=by, dossier=subject, recipients=message.count)
    return message


@transaction.atomic
def change_text(message: TeamMessage, content: Content, *, version: str, by: User) -> None:
    """Change the text of a message that was not sent, and freeze its recipients again.

    Raise EditConflict where `version`, the fingerprint that the form showed, is out of date.
    """
    lock(message, "change")
    if not TEAM(by, message):
        raise PermissionDenied
    if message.state != MessageState.DRAFT:
        raise StateConflict(message, "change")
    if version != message.fingerprint:
        raise EditConflict(message, {}, version=message.fingerprint, at=message.frozen_at)
    message.query, message.title, message.body = content.query, content.title, content.body
    freeze_recipients(message, by=by)
    attach_files(message, content, by=by)


def freeze_recipients(message: TeamMessage, *, by: User) -> None:
    """Store who would receive the message now, and what its fields hold."""
    group, subject = group_of(message.group), message.subject
    people = people_to_freeze(message, by)
    query = QueryDict(message.query)
    message.group_name = group.chosen_name(subject, query, by)[:LONGEST_NAME]
    message.facts, message.substitutes = group.facts(subject), {}
    message.count, message.frozen_at = len(people), timezone.now()
    message.save()
    MessageRecipient.objects.filter(message=message).delete()
    MessageRecipient.objects.bulk_create(MessageRecipient(message=message, person=person) for person in people)


def attach_files(message: TeamMessage, content: Content, *, by: User) -> None:
    """Add the files to those that stay. Raises ValidationError above what a mail may weigh."""
    delete_files(message, keep=content.joined, by=by)
    for document in Document.objects.filter(pk__in=content.documents, term=message.term):
        if can_read_document(by, document) and (revision := current_revision(document)):
            MessageFile.objects.get_or_create(message=message, revision=revision)
    for file in content.uploads:
        MessageFile.objects.create(message=message, upload=accept_upload(file, by=by))
    weight, most = sum(file.blob.size for file in files_of(message)), most_bytes()
    if weight > most:
        raise ValidationError(
            _("Les pièces jointes pèsent %(weight)s. Un courriel en porte %(most)s au plus\u00a0: mettez un lien."),
            code="uploads",
            params={"weight": filesizeformat(weight), "most": filesizeformat(most)},
        )


def delete_files(message: TeamMessage, *, keep: Collection[Any] = (), by: User | None) -> None:
    """Remove the files from the message but these, and delete for good those that were uploaded for it."""
    removed = list(MessageFile.objects.filter(message=message).exclude(pk__in=keep).select_related("upload__blob"))
    MessageFile.objects.filter(pk__in=[file.pk for file in removed]).delete()
    for file in removed:
        if file.upload:
            erase_upload(file.upload, by=by)


@transaction.atomic
def delete_message(message: TeamMessage) -> None:
    """Delete a message that was never sent, with its files."""
    delete_files(message, by=None)
    message.delete()


@transaction.atomic
def erase_text(message: TeamMessage) -> None:
    """Erase what a message says, also where the outbox repeats it."""
    delete_files(message, by=None)
    TeamMessage.objects.filter(pk=message.pk).update(
        title=ERASED, body=ERASED, group_name=ERASED, facts={}, substitutes={}
    )
    if message.distribution_id is not None:
        Distribution.objects.filter(pk=message.distribution_id).update(title=ERASED, attachments=[])


def most_bytes() -> int:
    """Return what attachments may weigh: a mail carries them a third heavier, beside its text."""
    return settings.MAIL_MOST_MEGABYTES * MEGABYTE * 7 // 10


def send_trial(message: TeamMessage, *, by: User) -> bool:
    """Send the message to one's own address as it would leave; return False when the relay refuses it."""
    MESSAGE.check(by, message, "send")
    check_attachments(message)
    if not hand_to_relay(trial_message(kind_of(message).kind, message, by, message.term, {})):
        return False
    with transaction.atomic():
        record("team_message.tested", message, by=by)
    return True


@transaction.atomic
def save_text(message: TeamMessage, *, name: str, by: User) -> SavedText:
    """Keep the text of a message for later ones."""
    if not TEAM(by, message):
        raise PermissionDenied
    taken = SavedText.objects.filter(assembly=message.term.assembly_id, name=name, state=SavedTextState.OFFERED)
    if taken.exists():
        raise ValidationError(_("Un modèle porte déjà ce nom."), code="name")
    text = SavedText.objects.create(
        assembly=message.term.assembly, name=name, title=message.title, body=message.body, created_by=by
    )
    record("saved_text.created", text, by=by)
    return text


def kind_of(message: TeamMessage) -> type[DossierMail]:
    return DossierMail if group_of(message.group).is_own_dossier else RefusableMail


@MESSAGE.action("send")
@transaction.atomic
def send(message: TeamMessage, *, shown: str, send_at: datetime | None, substitutes: dict[str, str], by: User) -> None:
    """Queue one mail or letter a person, at once or for `send_at`; the same text to the same people leaves once a day.

    Whoever the group concerns no longer is left out. Raises ValidationError where the page showed another text.
    """
    step = MESSAGE.require(message, "send", by=by)
    if shown != message.fingerprint:
        raise ValidationError(_("Ce message a changé depuis votre lecture : relisez-le."), code=CHANGED)
    if send_at is not None and send_at <= timezone.now():
        raise ValidationError(_("Cette heure est passée. Donnez une heure à venir, ou aucune."), code="send_at")
    leave_out(message)
    people = list(recipients_of(message))
    if not people:
        raise ValidationError(_("Plus personne n’est concerné par ce message."), code="recipients")
    check_attachments(message)
    kind = kind_of(message)
    distribution = distribute(
        kind.kind,
        message,
        [Recipient(person) for person in people],
        by=by,
        title=listed_title(message),
        key=first_key(f"{kind.kind}:{message_digest(message)}:{timezone.localdate()}"),
        term=message.term,
        send_at=send_at,
    )
    if distribution.subject_id != str(message.pk):
        params = {"moment": format_moment(distribution.requested_at)}
        raise ValidationError(_("Ce même message est déjà parti, %(moment)s.") % params, code=CHANGED)
    MESSAGE.take(
        message,
        step,
        by=by,
        distribution=distribution,
        substitutes=substitutes,
        facts={"recipients": len(people), "left_out": message.count - len(people)},
    )


def leave_out(message: TeamMessage) -> None:
    """Mark the recipients whom the group concerns no longer, or who meanwhile refuse such mail."""
    frozen = MessageRecipient.objects.filter(message=message)
    gone = ~Q(person__in=concerned(message).order_by().values("pk"))
    refusing = out_of_reach(message, recipients_of(message).select_related("user"))
    frozen.filter(gone | Q(person__in=refusing)).update(is_left_out=True)


def check_attachments(message: TeamMessage) -> None:
    """Raise ValidationError for an attachment that nobody may read: not judged by the antivirus yet, or withdrawn."""
    for file in files_of(message):
        if not file.is_available:
            text = _("« %(name)s » attend l’antivirus ou a été retiré\u00a0: réessayez dans un moment, ou enlevez-le.")
            raise ValidationError(text % {"name": file.name}, code="files")


def first_key(key: str) -> str:
    """Return the key of today's distribution of a text; another one after each that was stopped before any left."""
    same = Distribution.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"))
    left = Delivery.objects.filter(distribution=OuterRef("pk")).exclude(state__in=DeliveryState.tagged("unsent"))
    left = left.exclude(way=Way.IN_APP, distribution__send_at__gt=OuterRef("stopped_at"))
    stopped = same.filter(~Exists(left), stopped_at__isnull=False).count()
    return f"{key}:{stopped}" if stopped else key


def message_digest(message: TeamMessage) -> str:
    """Return the same digest for the same text to the same people, whoever wrote it."""
    parts = [message.term_id, message.group, message.subject_type, message.subject_id]
    parts += [message.query, message.title, message.body, *sorted(file.blob.sha256 for file in files_of(message))]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]
