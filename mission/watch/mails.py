"""Letter of the watch: its first text, its recipients, its message, and the new state of the items that it names."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, RoleAssignment
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import alphabetical, format_date
from mission.letters.text import letter_content
from mission.registers.declaration import registers
from mission.watch.models import DigestReader, WatchDigest, WatchItem, WatchKind, WatchState


def composed_text(items: Iterable[WatchItem]) -> str:
    """Return the first text of a letter: a heading a nature, then each item with summary, source, day and link."""
    order = {str(kind): rank for rank, kind in enumerate(WatchKind)}
    ranked = sorted(items, key=lambda item: (order[item.kind], item.relevance, alphabetical(item.name)))
    parts = []
    for kind, group in groupby(ranked, key=lambda item: item.kind):
        parts.append(f"## {str(WatchKind(kind).label).capitalize()}")
        for item in group:
            details = [item.source.name if item.source else "", item.territory]
            details.append(
                format_date(item.due_on or item.published_on, weekday=False)
                if item.due_on or item.published_on
                else ""
            )
            parts += [f"### {item.name}", item.summary, " · ".join(filter(None, details)), item.link]
    return "\n\n".join(part for part in parts if part)


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
        if (item.link and item.link in digest.body) or item.name in digest.body:
            workflow.transition(item, "share", by=by, facts={"digest": digest.reference})


class WatchDigestMessage(MessageKind):
    """Message with the letter as it was when it was sent: it does not change afterwards."""

    kind = DIGEST
    template = "mission/letters/mail/letter"
    label = gettext_lazy("Lettre de veille")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        digest: WatchDigest = distribution.subject  # type: ignore[assignment]  # -- `send_out` passes it
        return letter_content(digest)
