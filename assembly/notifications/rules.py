"""Permissions on distributions. The right to send is checked by each app's own rules."""

from typing import Any

from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import has_role, is_team
from assembly.notifications.models import Delivery, DeliveryState, Distribution, Way
from assembly.notifications.registry import kinds


def can_see_list(user: Any) -> bool:
    """Return whether the user may see any distribution."""
    return has_role(user, TEAM_ROLES | {Role.ADMIN})


def is_sender(user: Any, distribution: Distribution) -> bool:
    """Return whether the user is of the team of the term, or of the assembly for a message without term."""
    if distribution.term_id is None:
        return has_role(user, TEAM_ROLES, assembly=distribution.assembly_id)
    return is_team(user, distribution.term_id)


def can_unblock(user: Any, distribution: Distribution) -> bool:
    """Return whether the user may retry: the team, and the administrator, who repairs the mail server."""
    return is_sender(user, distribution) or has_role(user, Role.ADMIN, assembly=distribution.assembly_id)


def can_stop(user: Any, distribution: Distribution) -> bool:
    return is_sender(user, distribution) and distribution.stopped_at is None


def can_replace_with_letter(user: Any, delivery: Delivery) -> bool:
    """Return whether a letter may replace a bounced mail, which needs its personal link."""
    came_back = delivery.state in DeliveryState.tagged("retriable") and delivery.way == Way.EMAIL
    return is_sender(user, delivery.distribution) and came_back and is_whole(delivery)


def is_whole(delivery: Delivery) -> bool:
    """Return whether the message can be written again: its person and its personal link are not erased."""
    forgotten = kinds[delivery.distribution.kind].erases_context and delivery.sent_at is not None
    return not forgotten and delivery.person is not None and delivery.person.anonymised_at is None


def is_mail(delivery: Delivery) -> bool:
    return delivery.way == Way.EMAIL


def is_whole_mail(delivery: Delivery) -> bool:
    """Return whether a mail can be sent again; for an erased personal link a new invitation is made instead."""
    return is_mail(delivery) and is_whole(delivery)


def abilities(user: Any, distribution: Distribution) -> dict[str, bool]:
    """Return which buttons the page of one distribution shows."""
    mine = is_sender(user, distribution)
    return {
        "unblock": can_unblock(user, distribution),
        "stop": can_stop(user, distribution),
        "print": mine,
        "hand_over": mine,
        "read_proof": can_unblock(user, distribution),
    }
