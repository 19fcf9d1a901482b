"""Actions on distributions: the request, and every decision a person takes about it afterwards.

`distribute` is the entry point for other apps: it only writes rows, in the caller's transaction. Nothing is sent
before the commit; a task then wakes a worker, and the sweep works without that task. Letters are one PDF for the
printer, then marked « imprimées », then « remises ». The platform itself writes to invited persons, and, by a button,
to the people who may act on a dossier.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.dossiers.frame import DossierKind, awaited_of
from assembly.identity.models import Person, User
from assembly.institution.models import Assembly, Term
from assembly.institution.queries import main_assembly
from assembly.institution.signals import IssuedInvitation
from assembly.notifications import rules
from assembly.notifications.models import (
    Delivery,
    DeliveryState,
    Distribution,
    LetterBatch,
    Way,
    message_id,
    public_id,
)
from assembly.notifications.preferences import opted_out
from assembly.notifications.registry import forgotten, kinds
from assembly.notifications.workflow import DELIVERY, NOT_CONCERNED, resend_columns, wake_senders
from assembly.text.french import to_name
from assembly.workflow import StateConflict, lock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipient:
    """Person to write to, with what only this person's message holds (a personal link). `context` is stored as JSON.

    `address` sends elsewhere than to the person's present e-mail: to the one that was just replaced, for instance.
    Without a `person` the kind resolves the recipient (`MessageKind.mailbox`) and the outbox stores only its `mark`.
    """

    person: Person | None
    context: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    mark: str = ""

    @property
    def key(self) -> str:
        return f"person:{self.person.pk}" if self.person else self.mark


def check_first_today(key: str) -> None:
    """Raise ValidationError if the reminder with this key, which names the day, was sent already."""
    if Distribution.objects.filter(key=key).exists():
        raise ValidationError(_("Une relance est déjà partie aujourd’hui : réessayez demain."), code="reminded")


def distribute(
    kind: str,
    subject: models.Model,
    recipients: Iterable[Recipient],
    *,
    by: User | None,
    title: str,
    key: str,
    term: Term | None = None,
    assembly: Assembly | None = None,
    letter: bool = True,
    send_at: datetime | None = None,
    grows: bool = False,
) -> Distribution:
    """Queue one message per person and return the distribution; the same `key` again returns the first one.

    `grows`: the same key again adds the recipients that it does not have yet.

    People with an e-mail address get an e-mail. The others get a letter to print, or with `letter=False` a row that
    says that nothing was sent to them. A person named twice gets one message. `send_at`: mail stays in the outbox
    until then, and may be stopped before; letters may be printed at once. Raise RuntimeError outside a transaction or
    without an assembly.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A distribution is asked inside the transaction of the act it tells.")
    message = kinds[kind]
    home = assembly or (term.assembly if term else main_assembly())
    if home is None:
        raise RuntimeError("No assembly yet: nobody can be written to.")
    distribution, is_new = Distribution.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title[:200],
            "subject_type": subject._meta.label,
            "subject_id": str(subject.pk),
            "assembly": home,
            "term": term,
            "requested_by": by,
            "requested_at": timezone.now(),
            "send_at": send_at,
        },
    )
    if not is_new and not grows:
        return distribution
    unique = {recipient.key: recipient for recipient in recipients}
    persons = [recipient.person for recipient in unique.values() if recipient.person]
    silent = set() if message.transactional else opted_out(persons)
    rows = [_delivery(distribution, recipient, letter=letter, silent=silent) for recipient in unique.values()]
    Delivery.objects.bulk_create(rows, ignore_conflicts=grows)
    if is_new:
        Distribution.objects.filter(pk=distribution.pk).update(attachments=message.attachment_names(distribution))
        record("distribution.requested", distribution, by=by, dossier=subject, kind=kind, recipients=len(rows))
    wake_senders()
    return distribution


def _delivery(distribution: Distribution, recipient: Recipient, *, letter: bool, silent: Collection[int]) -> Delivery:
    person, key = recipient.person, f"{distribution.key}:{recipient.key}"
    row = Delivery(public_id=public_id(key), key=key, distribution=distribution, context=recipient.context)
    if person is None:
        row.recipient_name = _("Destinataire sans nom")
        _address_by_mail(row, "")
        return row
    row.person, row.recipient_name, row.sort_name = person, person.full_name, person.sort_name
    if person.anonymised_at:
        row.way, row.state, row.error = Way.PAPER, DeliveryState.WITHHELD, _("Cette personne a été effacée.")
    elif person.pk in silent:
        row.way, row.state, row.sent_at = Way.IN_APP, DeliveryState.SENT, distribution.requested_at
    elif recipient.address:
        _address_by_mail(row, recipient.address)
    elif not person.is_paper:
        _address_by_mail(row, person.email)
    elif letter:
        row.way, row.address = Way.PAPER, postal_address(person)
        row.error = "" if row.address else _("L’adresse postale manque.")
    else:
        row.way, row.state, row.error = Way.PAPER, DeliveryState.WITHHELD, _("Pas d’adresse électronique.")
    return row


def _address_by_mail(row: Delivery, address: str) -> None:
    domain = row.distribution.assembly.sender_email.rpartition("@")[2]
    row.way, row.address, row.next_attempt_at = Way.EMAIL, address, row.distribution.send_at or timezone.now()
    row.message_id = message_id(row.public_id, row.issue, domain)


def postal_address(person: Person) -> str:
    """Return the lines of the envelope, without the name."""
    return "\n".join(line for line in (person.address, f"{person.postcode} {person.city}".strip()) if line)


@transaction.atomic
def retry_all(distribution: Distribution, *, by: User) -> int:
    """Retry every delivery that was not sent; return how many. Refused addresses need a decision of a person."""
    if not rules.can_unblock(by, distribution):
        raise PermissionDenied
    failed = list(distribution.deliveries.filter(state=DeliveryState.FAILED).select_related("person"))
    for delivery in failed:
        delivery.distribution = distribution
        DELIVERY.set_state(delivery, "retry", **resend_columns(delivery))
    if failed:
        record("distribution.retried", distribution, by=by, recipients=len(failed))
        wake_senders()
    return len(failed)


@transaction.atomic
def record_proof_read(distribution: Distribution, *, by: User) -> None:
    """Record in the journal who takes the proof, which lists addresses."""
    if not rules.can_unblock(by, distribution):
        raise PermissionDenied
    record("distribution.proof_read", distribution, by=by)


@transaction.atomic
def stop(distribution: Distribution, *, by: User) -> int:
    """Stop what was not sent; return how many deliveries were stopped. What is in flight cannot be recalled."""
    if not rules.can_stop(by, distribution):
        raise PermissionDenied
    Distribution.objects.filter(pk=distribution.pk).update(stopped_at=timezone.now())
    waiting = distribution.deliveries.filter(state__in=DeliveryState.tagged("stoppable")).select_for_update(
        skip_locked=True, no_key=True
    )
    stopped = list(waiting)
    for delivery in stopped:
        DELIVERY.set_state(delivery, "stop", next_attempt_at=None, **forgotten(distribution))
    record("distribution.stopped", distribution, by=by, recipients=len(stopped))
    return len(stopped)


@transaction.atomic
def replace_with_letter(delivery: Delivery, *, by: User) -> Delivery:
    """Replace a bounced mail by a letter; the same request again returns the same letter."""
    if not rules.can_replace_with_letter(by, delivery) or delivery.person is None:
        raise PermissionDenied
    key = f"{delivery.key}:letter"
    letter, is_new = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "public_id": public_id(key),
            "distribution": delivery.distribution,
            "person": delivery.person,
            "recipient_name": delivery.recipient_name,
            "sort_name": delivery.sort_name,
            "way": Way.PAPER,
            "address": postal_address(delivery.person),
            "context": delivery.context,
        },
    )
    if is_new:
        Delivery.objects.filter(pk=delivery.pk, called_at=None).update(called_at=timezone.now(), called_by=by)
        record("delivery.replaced_by_letter", delivery, by=by, dossier=delivery.distribution)
    return letter


LETTERS = "letters"


@transaction.atomic
def print_letters(distribution: Distribution, *, by: User) -> Rendition | None:
    """Request the file of the letters to print; return None when there is none (a second click).

    Whom the kind of the message no longer names as a recipient gets none, as with mail.
    """
    if not rules.is_sender(by, distribution):
        raise PermissionDenied
    waiting = distribution.deliveries.filter(way=Way.PAPER, state=DeliveryState.QUEUED, batch=None)
    letters = waiting.select_related("person").select_for_update(of=("self",), skip_locked=True, no_key=True)
    keys = []
    for letter in letters:
        letter.distribution = distribution
        if kinds[distribution.kind].mailbox(letter):
            keys.append(letter.pk)
        else:
            DELIVERY.set_state(letter, "stop", error=str(NOT_CONCERNED), **forgotten(distribution))
    if not keys:
        return None
    batch = LetterBatch.objects.create(distribution=distribution, requested_by=by, requested_at=timezone.now())
    distribution.deliveries.filter(pk__in=keys).update(batch=batch)
    return request_rendition(batch, LETTERS, by=by)


@transaction.atomic
def mark_printed(batch: LetterBatch) -> int:
    """Mark the letters of a finished file as printed; the renderer calls it. Return how many."""
    letters = list(batch.letters.filter(state=DeliveryState.QUEUED))
    for letter in letters:
        DELIVERY.set_state(letter, "print", printed_at=timezone.now(), **forgotten(batch.distribution))
    if letters:
        record("letters.printed", batch.distribution, by=batch.requested_by, letters=len(letters))
    return len(letters)


@transaction.atomic
def mark_handed_over(distribution: Distribution, *, by: User) -> int:
    """Mark the printed letters as posted, or given by hand; return how many."""
    if not rules.is_sender(by, distribution):
        raise PermissionDenied
    printed = distribution.deliveries.filter(way=Way.PAPER, state=DeliveryState.PRINTED)
    letters = list(printed.select_for_update(skip_locked=True, no_key=True))
    for letter in letters:
        DELIVERY.set_state(letter, "hand_over", handed_over_at=timezone.now())
    if letters:
        record("letters.handed_over", distribution, by=by, letters=len(letters))
    return len(letters)


def send_invitations(issued: Sequence[IssuedInvitation], *, by: User) -> None:
    """Queue the mails and letters of invitations that were just issued, in the same transaction."""
    first = issued[0].invitation
    recipients = [
        Recipient(
            one.invitation.person,
            {
                "link": one.link,
                "code": one.code,
                "role": one.invitation.role,
                "expires_at": one.invitation.expires_at.isoformat(),
            },
        )
        for one in issued
    ]
    distribute(
        "invitation",
        first,
        recipients,
        by=by,
        title=_("Votre accès %(to_name)s") % {"to_name": to_name(first.assembly.name)},
        term=first.term,
        assembly=first.assembly,
        key=f"invitation:{first.pk}",
    )


REMINDER = "reminder"


@transaction.atomic
def remind(kind: DossierKind[Any], row: Any, *, by: User) -> int:
    """Write to the people who may act on `row`; return how many messages are new.

    At most one message per day, dossier and person, whoever sends it: the key of the distribution holds the day. Raise
    StateConflict where nobody else is awaited any more, PermissionDenied for a reader who may not write to them.
    """
    lock(row, REMINDER)
    people = people_to_remind(row, by=by)
    title = kind.title(row)
    key = f"{REMINDER}:{kind.label}:{row.pk}:{timezone.localdate()}"
    written = Delivery.objects.filter(distribution__key=key)
    before = written.count()
    distribute(
        REMINDER,
        row,
        [Recipient(user.person, {"title": title, "url": settings.SITE_URL + kind.page(row, user)}) for user in people],
        by=by,
        title=title,
        key=key,
        letter=False,
        grows=True,
        **_home(*kind.scope(row)),
    )
    return written.count() - before


def people_to_remind(row: Any, *, by: User) -> Sequence[User]:
    """Return the people who may act on `row` where `by` may not; raise as `remind` does."""
    if (awaited := awaited_of(by, row)) is None:
        raise StateConflict(row, REMINDER)
    if not awaited.remind_url:
        raise PermissionDenied
    return awaited.people


def _home(assembly: int, term: int | None) -> dict[str, Any]:
    if term is None:
        return {"assembly": Assembly.objects.get(pk=assembly)}
    return {"term": Term.objects.select_related("assembly").get(pk=term)}
