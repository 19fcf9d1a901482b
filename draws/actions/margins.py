"""Figures of the population, with their source."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.workflow import lock
from draws.calls import rules
from draws.models import PopulationMargins


@transaction.atomic
def import_margins(
    term: Term, shares: dict[str, dict[str, float]], *, source: str, dated_on: date, by: User
) -> PopulationMargins:
    """Store the figures of a file: they replace earlier ones of the features in it, the other features stay."""
    if not rules.can_see_candidates(by, term):
        raise PermissionDenied
    margins = PopulationMargins(
        assembly_id=term.assembly_id, source=source, dated_on=dated_on, shares=shares, imported_by=by
    )
    margins.full_clean()
    margins.save()
    record("population.imported", margins, by=by, dossier=term, features=", ".join(shares))
    return margins


@transaction.atomic
def exclude_margins(margins: PopulationMargins, term: Term, *, by: User) -> None:
    """Exclude these figures, so that those before them count. Twice has the effect of once."""
    _count(margins, term, by=by, counts=False)


@transaction.atomic
def include_margins(margins: PopulationMargins, term: Term, *, by: User) -> None:
    """Count excluded figures again."""
    _count(margins, term, by=by, counts=True)


def _count(margins: PopulationMargins, term: Term, *, by: User, counts: bool) -> None:
    if not rules.can_see_candidates(by, term):
        raise PermissionDenied
    lock(margins)
    if (margins.excluded_at is None) == counts:
        return
    margins.excluded_at, margins.excluded_by = (None, None) if counts else (timezone.now(), by)
    margins.save(update_fields=["excluded_at", "excluded_by"])
    event_type = "population.included" if counts else "population.excluded"
    record(event_type, margins, by=by, dossier=term, features=", ".join(margins.shares))
