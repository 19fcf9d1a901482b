"""Reminders, sent by a button to the people who may act on a dossier."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.dossiers.awaited import DossierKind, awaited_of
from assembly.identity.models import User
from assembly.institution.models import Assembly, Term
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict, lock

KIND = "reminder"


@transaction.atomic
def remind(kind: DossierKind[Any], row: Any, *, by: User) -> int:
    """Write to the people who may act on `row`; return how many messages are new.

    At most one message per day, dossier and person, whoever sends it: the key of the distribution holds the day. Raise
    StateConflict where nobody else is awaited any more, PermissionDenied for a reader who may not write to them.
    """
    lock(row, KIND)
    people = people_to_remind(row, by=by)
    title = kind.title(row)
    key = f"{KIND}:{kind.label}:{row.pk}:{timezone.localdate()}"
    written = Delivery.objects.filter(distribution__key=key)
    before = written.count()
    distribute(
        KIND,
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
        raise StateConflict(row, KIND)
    if not awaited.remind_url:
        raise PermissionDenied
    return awaited.people


def _home(assembly: int, term: int | None) -> dict[str, Any]:
    if term is None:
        return {"assembly": Assembly.objects.get(pk=assembly)}
    return {"term": Term.objects.select_related("assembly").get(pk=term)}
