"""Words between the team and the directorates. They never change anything in the members' text."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.ui.printable import clean_text
from consultations.actions import digest
from consultations.enums import DeskEventKind
from consultations.models import DeskEvent, Referral, ThreadMessage
from consultations.queries.thread import readers_of, users_among
from consultations.rules import thread as rules
from consultations.workflows.referrals import share_referral


@transaction.atomic
def post(referral: Referral, body: str, *, mentions: Iterable[int] = (), by: User) -> ThreadMessage:
    """Write a message; those named with « @ » or chosen find it in their next daily mail."""
    share_referral(referral, "post", rules.can_post, by=by)
    if not (words := clean_text(body).strip()):
        raise ValidationError(_("Écrivez votre message."), code="empty")
    row = None if is_team(by, referral.term_id) else rules.own_directorate(by, referral)
    message = ThreadMessage.objects.create(
        referral=referral, author=by, directorate=row.directorate if row else None, body=words
    )
    named = rules.mentioned(words, [(reader.pk, reader.name) for reader in readers_of(referral)])
    people = list(users_among(referral, named | set(mentions)).exclude(pk=by.pk))
    message.mentions.set(people)
    record("thread.posted", message, by=by, dossier=referral, mentions=len(people))
    for user in people:
        digest.tell(user, DeskEventKind.MENTION, referral, key=f"mention:{message.pk}", message=message)
    return message


@transaction.atomic
def withdraw(message: ThreadMessage, *, by: User) -> None:
    """Take back one's own message: the thread keeps its place and says so; nobody is told of it any more."""
    if not rules.can_withdraw(by, message):
        raise PermissionDenied
    now = timezone.now()
    if ThreadMessage.objects.filter(pk=message.pk, withdrawn_at=None).update(withdrawn_at=now):
        message.withdrawn_at = now
        DeskEvent.objects.filter(message=message, told_at=None, dropped_at=None).update(dropped_at=now)
        record("thread.withdrawn", message, by=by, dossier=message.referral)
