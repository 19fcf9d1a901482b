"""Queries of the actions to follow, across sittings."""

from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from assembly.institution.models import Term
from sessions.enums import ActionState
from sessions.models import ActionItem
from sessions.models.decision import SittingScopedQuerySet


def actions_of_terms(user: Any) -> SittingScopedQuerySet[ActionItem]:
    """Return the actions of the terms where `user` works."""
    return ActionItem.objects.visible_to(user).select_related("owner", "sitting")


def late_actions(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term if open actions are past their day, with their number `n` and the day `late_since`."""
    rows = ActionItem.objects.filter(sitting__term=OuterRef("pk"), state=ActionState.OPEN)
    late = rows.filter(due_on__lt=timezone.localdate()).order_by().values("sitting__term")
    counted, first = late.annotate(n=Count("pk")).values("n"), late.annotate(first=Min("due_on")).values("first")
    terms = Term.objects.filter(Exists(late), pk=getattr(term, "pk", term))
    return terms.annotate(n=Subquery(counted), late_since=Subquery(first))


def my_actions(user: Any, term: Term | int) -> SittingScopedQuerySet[ActionItem]:
    """Return the open actions of which the reader is the owner."""
    return ActionItem.objects.filter(owner=user.person_id, state=ActionState.OPEN, sitting__term=term)
