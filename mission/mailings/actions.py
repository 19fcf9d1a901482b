"""Joining a list with an agreement, leaving it by one click, and the message for whoever is still there."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.actions.personal_data import erase_unless_named
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery
from assembly.notifications.preferences import without_optional_mail
from assembly.workflow.locks import lock
from mission.mailings.enums import ConsentMeans
from mission.mailings.models import ListMessage, ListSubscriber, ListWithdrawal, MailingList
from mission.mailings.rules import address_digest, may_still_join

MESSAGE, INVITATION = "list-message", "list-invitation"


def reached_by(mailing_list: MailingList) -> list[ListSubscriber]:
    """Who would receive a message today, each address once: they agreed, have one, and refuse no such mail."""
    rows = ListSubscriber.objects.agreed().filter(row=mailing_list, person__anonymised_at=None)
    found = list(rows.exclude(person__email="").select_related("person").order_by("pk"))
    silent = without_optional_mail([one.person for one in found])
    by_address = {one.person.email.lower(): one for one in reversed(found) if one.person_id not in silent}
    return sorted(by_address.values(), key=lambda one: (one.person.sort_name, one.pk))


def write_subscriber(line: Any, data: dict[str, Any], by: User) -> dict[str, Any]:
    """The agreement that was noted; one that is asked by mail waits for the answer. The person stays who they are."""
    told = {name: data[name] for name in ("means", "consent_on", "proof")}
    if line.person_id:
        return told
    told |= {"person": data["contact"].person, "partner": data["contact"].row}
    if told["means"] == ConsentMeans.LINK:
        invite_to_list(line, by=by)
        return told
    return told | {"confirmed_at": timezone.now()}


def invite_to_list(line: ListSubscriber, *, by: User) -> None:
    """The mail that asks: in the transaction that writes the row."""
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
def forget_subscriber(row: ListSubscriber) -> None:
    """The subscription goes, and with it a person whom nothing else names: no contact of a partner any more."""
    erase_unless_named(row.person, but=row, by=None)
    row.delete()


@transaction.atomic
def join_list(public_id: UUID) -> ListSubscriber | None:
    """Whoever reads that address agrees; None when the link is over. Twice is once."""
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
    """At once: whoever has this address is deleted from the list (or from `every` list of the assembly), and a digest
    stays. Mail that waits is dropped when its turn comes. Twice is once."""
    found = ListSubscriber.objects.select_related("person", "row").filter(public_id=public_id).first()
    if found is None:
        return
    place = {"row__assembly": found.row.assembly_id} if every else {"row": found.row_id}
    same = Q(pk=found.pk) | (Q(person__email__iexact=found.person.email) if found.person.email else Q())
    rows = ListSubscriber.objects.filter(same, **place).select_related("row", "person").order_by("pk")
    for one in rows.select_for_update(no_key=True, of=("self",)):
        ListWithdrawal.objects.update_or_create(
            row=one.row,
            digest=address_digest(found.person.email),
            defaults={"withdrawn_at": timezone.now()},
        )
        forget_subscriber(one)
        record("mailing_list.left", one.row, by=None)


def leave_returned(delivery: Delivery) -> None:
    """The address does not work, or its reader complained: they are left alone."""
    if delivery.distribution.kind in {MESSAGE, INVITATION}:
        leave_list(UUID(delivery.context["subscriber"]))


def send_list_message(message: ListMessage, *, by: User | None) -> None:
    """Queue one mail a subscriber; who withdraws before theirs leaves gets none."""
    lock(message.mailing_list)
    distribute(
        MESSAGE,
        message,
        [
            Recipient(None, {"subscriber": str(one.public_id)}, mark=f"subscriber:{one.public_id}")
            for one in reached_by(message.mailing_list)
        ],
        by=by,
        title=message.name,
        key=f"{MESSAGE}:{message.pk}",
        assembly=message.assembly,
    )
