"""Actions to follow, across sittings."""

from datetime import date
from typing import Any

from sessions.enums import ActionState
from sessions.models import ActionItem
from sessions.models.decision import OfSitting


def actions_of_terms(user: Any, *, closed: bool = False) -> OfSitting[ActionItem]:
    """Actions of the terms where `user` works, open or closed."""
    rows = ActionItem.objects.visible_to(user).select_related("owner", "sitting__committee")
    return rows.exclude(state=ActionState.OPEN) if closed else rows.filter(state=ActionState.OPEN)


def late_actions(user: Any, term_id: int, today: date) -> OfSitting[ActionItem]:
    """Open actions of a term whose day is past."""
    return actions_of_terms(user).filter(sitting__term=term_id, due_on__lt=today)


def own_actions(person_id: int, term_id: int) -> OfSitting[ActionItem]:
    """What somebody promised to do and has not done yet."""
    rows = ActionItem.objects.filter(owner=person_id, state=ActionState.OPEN, sitting__term=term_id)
    return rows.select_related("sitting").order_by("due_on", "pk")
