"""Actions of mailing lists: join with an agreement, leave by one click."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.actions import erase_unless_named
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery
from mission.mailings.mails import INVITATION, MESSAGE
from mission.mailings.models import ConsentMeans, ListSubscriber, ListWithdrawal
from mission.mailings.rules import address_digest, may_still_join


def write_subscriber(line: Any, data: dict[str, Any], by: User) -> dict[str, Any]:
    """Return the columns of an agreement; one that is asked by mail stays unconfirmed until the answer.

    The person of a saved line does not change.
    """
    columns = {name: data[name] for name in ("means", "consent_on", "proof")}
    if line.person_id:
        return columns
    columns |= {"person": data["contact"].person, "partner": data["contact"].row}
    if columns["means"] == ConsentMeans.LINK:
        invite_to_list(line, by=by)
        return columns
    return columns | {"confirmed_at": timezone.now()}


def invite_to_list(line: ListSubscriber, *, by: User) -> None:
    """Send the mail that asks for an agreement, in the transaction that writes the row."""
    distribute(
        INVITATION,
        line.row,
        [Recipient(None, {"subscriber": str(line.public_id)}, mark=f"subscriber:{line.public_id}")],
        by=by,
        title=_("Accord demandé pour la liste « %(name)s »") % {"name": line.row.name},
        key=f"{INVITATION}:{line.public_id}",
        assembly=line.row.assembly,
    )


@transaction.atomic
def erase_subscriber(row: ListSubscriber) -> None:
    """Delete the subscription, and erase a person whom nothing else names (no contact of a partner any more)."""
    erase_unless_named(row.person, except_row=row, by=None)
    row.delete()


@transaction.atomic
def join_list(public_id: UUID) -> ListSubscriber | None:
    """Note that the reader of this address agrees; None when the link has ended. Idempotent."""
    row = ListSubscriber.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if row is None or not may_still_join(row, timezone.now()):
        return None
    if row.confirmed_at is None:
        now = timezone.now()
        ListSubscriber.objects.filter(pk=row.pk).update(confirmed_at=now, consent_on=timezone.localdate(now))
        record("mailing_list.joined", row.row, by=None)
    return row


@transaction.atomic
def leave_list(public_id: UUID, *, every: bool = False) -> None:
    """Delete this address from the list, or from `every` list of the assembly, and store a digest of it.

    A person whose address was removed meanwhile leaves no digest: there is nothing to keep out. This takes effect at
    once: a queued mail is dropped when its turn comes. Idempotent.
    """
    subscriber = ListSubscriber.objects.select_related("person", "row").filter(public_id=public_id).first()
    if subscriber is None:
        return
    scope = {"row__assembly": subscriber.row.assembly_id} if every else {"row": subscriber.row_id}
    email = subscriber.person.email
    same = Q(pk=subscriber.pk) | (Q(person__email__iexact=email) if email else Q())
    rows = ListSubscriber.objects.filter(same, **scope).select_related("row", "person").order_by("pk")
    for one in rows.select_for_update(no_key=True, of=("self",)):
        if email:
            ListWithdrawal.objects.update_or_create(
                row=one.row, digest=address_digest(email), defaults={"withdrawn_at": timezone.now()}
            )
        erase_subscriber(one)
        record("mailing_list.left", one.row, by=None)


def leave_returned(delivery: Delivery) -> None:
    """Unsubscribe an address that does not work, or whose reader complained."""
    if delivery.distribution.kind in {MESSAGE, INVITATION}:
        leave_list(UUID(delivery.context["subscriber"]))
