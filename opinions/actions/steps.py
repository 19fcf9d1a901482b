"""What every act on an opinion shares: the right, the move, the line in the journal, the versions of its texts."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import versions
from assembly.collab.enums import VersionReason
from assembly.collab.models import SharedText
from assembly.identity.models import User
from opinions.models import Opinion
from opinions.rules import opinions as rules
from opinions.workflows.opinions import OPINION


def said(reason: str) -> str:
    """A reason that says something."""
    if not (words := reason.strip()):
        raise ValidationError(_("Dites pourquoi."), code="reason")
    return words


def take(opinion: Opinion, verb: str, journal: str, *, by: User, detail: str = "", **changes: Any) -> None:
    """One step of somebody: the right first, then the state that the database knows."""
    if not rules.holds_right(by, opinion, verb):
        raise PermissionDenied
    step(opinion, verb, journal, by=by, detail=detail, **changes)


def step(opinion: Opinion, verb: str, journal: str, *, by: User | None, detail: str = "", **changes: Any) -> None:
    """One step that follows from another act, or from the clock: no right is asked."""
    former = opinion.state
    OPINION.move(opinion, verb, changed_at=timezone.now(), **changes)
    record(journal, opinion, by=by, detail=detail, former=former, to=opinion.state)


def write_versions(
    texts: Iterable[SharedText], *, label: str, by: User | None, reason: VersionReason = VersionReason.STATE
) -> None:
    """A version of each text that moved since its last one."""
    for text in texts:
        last = text.versions.order_by("-number").values_list("upto_seq", flat=True).first()
        if last is None or last < SharedText.objects.values_list("last_seq", flat=True).get(pk=text.pk):
            versions.take_unasked(text, label=label, reason=reason, by=by)
