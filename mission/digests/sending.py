"""Sending of a letter: its recipients, its message, and the new state of the items that it names."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.models import Directorate, RoleAssignment
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from mission.digests.models import DigestReader, WatchDigest
from mission.letters.text import letter_content
from mission.registers.declaration import registers
from mission.watch.enums import WatchState
from mission.watch.mails import names_item
from mission.watch.models import WatchItem

DIGEST = "watch-digest"


def readers_of(assembly: int) -> list[User]:
    """Return the active users who receive the letters, each once: those named and the agents of directorates named."""
    named = DigestReader.objects.filter(assembly=assembly)
    roles = RoleAssignment.objects.filter(assembly=assembly, ended_at=None)
    agents = roles.filter(directorate__in=named.values("directorate"), role__in=DIRECTORATE_ROLES)
    condition = Q(pk__in=named.values("user")) & Q(pk__in=roles.values("user")) | Q(pk__in=agents.values("user"))
    people = User.objects.filter(condition, is_active=True).select_related("person")
    return list(people.order_by("person__sort_name", "pk"))


def send_out(digest: WatchDigest, *, by: User) -> None:
    """Queue the mails, and take the step « share » of the retained items that the letter names."""
    distribute(
        DIGEST,
        digest,
        [Recipient(user.person) for user in readers_of(digest.assembly_id)],
        by=by,
        title=digest.name,
        key=f"watch-digest:{digest.pk}",
        assembly=digest.assembly,
        letter=False,
    )
    workflow = registers["watch"].workflow
    for item in WatchItem.objects.filter(assembly=digest.assembly_id, state=WatchState.RETAINED).order_by("pk"):
        if names_item(digest.body, item):
            workflow.transition(item, "share", by=by, facts={"digest": digest.reference})


@transaction.atomic
def add_reader(assembly: int, *, user: User | None, directorate: Directorate | None, by: User) -> DigestReader:
    row, is_new = DigestReader.objects.get_or_create(
        assembly_id=assembly, user=user, directorate=directorate, defaults={"added_by": by}
    )
    if is_new:
        record("watch_digest.reader_added", row, by=by)
    return row


@transaction.atomic
def remove_reader(row: DigestReader, *, by: User) -> None:
    record("watch_digest.reader_removed", row, by=by)
    row.delete()


class WatchDigestMessage(MessageKind):
    """Message with the letter as it was when it was sent: it does not change afterwards."""

    kind = DIGEST
    template = "mission/letters/mail/letter"
    label = gettext_lazy("Lettre de veille")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        digest: WatchDigest = distribution.subject  # type: ignore[assignment]  # -- `send_out` passes it
        return letter_content(digest)
