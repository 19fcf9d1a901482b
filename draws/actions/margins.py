"""Figures of the population, with their source."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from draws.models import PopulationMargins
from draws.rules import calls as rules


@transaction.atomic
def import_margins(
    term: Term, shares: dict[str, dict[str, float]], *, source: str, dated_on: date, by: User
) -> PopulationMargins:
    """Keep what a file told: it takes the place of the features that it names, the others stay."""
    if not rules.can_see_candidates(by, term):
        raise PermissionDenied
    margins = PopulationMargins(
        assembly_id=term.assembly_id, source=source, dated_on=dated_on, shares=shares, imported_by=by
    )
    margins.full_clean()
    margins.save()
    record("population.imported", margins, by=by, dossier=term, features=", ".join(shares))
    return margins
