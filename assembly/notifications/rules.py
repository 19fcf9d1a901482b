"""Who may do what with a distribution. Sending itself is asked by each app's own rules."""

from typing import Any

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import has_role, is_team
from assembly.notifications.enums import DeliveryState, Way
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import kinds


def can_see_list(user: Any) -> bool:
    """Whoever may have something to see among the distributions."""
    return has_role(user, TEAM_ROLES | {Role.ADMIN})


def is_sender(user: Any, distribution: Distribution) -> bool:
    """The team of the term, or of the assembly when the message belongs to no term."""
    if distribution.term_id is None:
        return has_role(user, TEAM_ROLES, assembly=distribution.assembly_id)
    return is_team(user, distribution.term_id)


def can_unblock(user: Any, distribution: Distribution) -> bool:
    """Retry what did not leave: the administrator too, who mends the mail server."""
    return is_sender(user, distribution) or has_role(user, Role.ADMIN, assembly=distribution.assembly_id)


def can_stop(user: Any, distribution: Distribution) -> bool:
    return is_sender(user, distribution) and distribution.stopped_at is None


def can_write_instead(user: Any, delivery: Delivery) -> bool:
    """A letter replaces a mail that came back, unless its personal link is already forgotten."""
    came_back = delivery.state in {DeliveryState.BOUNCED, DeliveryState.FAILED} and delivery.way == Way.EMAIL
    return is_sender(user, delivery.distribution) and came_back and is_whole(delivery)


def is_whole(delivery: Delivery) -> bool:
    """Whether the message could be written again: its person was not erased, its personal link not forgotten."""
    forgotten = kinds[delivery.distribution.kind].forgets_context and delivery.sent_at is not None
    return not forgotten and delivery.person is not None and delivery.person.anonymised_at is None


def is_mail(delivery: Delivery) -> bool:
    return delivery.way == Way.EMAIL


def is_whole_mail(delivery: Delivery) -> bool:
    """A personal link that was forgotten cannot be sent again: a new invitation is made instead."""
    return is_mail(delivery) and is_whole(delivery)


def abilities(user: Any, distribution: Distribution) -> dict[str, bool]:
    """What the page of one distribution offers."""
    mine = is_sender(user, distribution)
    return {
        "unblock": can_unblock(user, distribution),
        "stop": can_stop(user, distribution),
        "print": mine,
        "hand_over": mine,
        "read_proof": can_unblock(user, distribution),
    }
