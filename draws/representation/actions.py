"""Figures of the population, and the public profile of the sitting members."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Canton, Term, TermState
from assembly.workflow import lock
from draws.calls import rules
from draws.draws.queries.draw import LETTERS, canton_code, outcome_of
from draws.models import Draw, DrawState, PopulationMargins
from draws.representation.queries import Counts, is_due, member_counts, published_cell
from members.mandates.queries import active_mandates
from members.models import ProfilePublication


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


def publish_profiles() -> None:
    """Publish the profile of each term whose members were drawn and sit."""
    for term in Term.objects.filter(state__in=TermState.tagged("seated")).order_by("pk"):
        publish_profile(term)


@transaction.atomic
def publish_profile(term: Term) -> ProfilePublication | None:
    """Publish the profile as it stands, if enough people changed; return None where it is not due."""
    lock(term)
    earlier = list(ProfilePublication.objects.filter(term=term).order_by("number"))
    mandates = sorted(active_mandates(term).values_list("pk", flat=True))
    if not is_due(earlier[-1].mandates if earlier else None, mandates):
        return None
    groups = steady_groups(member_counts(term), [drawn_counts(term), *(row.groups for row in earlier)])
    publication = ProfilePublication.objects.create(
        term=term, number=len(earlier) + 1, members=len(mandates), groups=groups, mandates=mandates
    )
    record("profile.published", publication, by=None, dossier=term)
    return publication


def steady_groups(now: Mapping[str, Counts], earlier: Sequence[Mapping[str, Counts]]) -> dict[str, Counts]:
    """Return each cell by `published_cell`; a cell that an earlier publication leaves out had nobody in it."""
    groups: dict[str, Counts] = {}
    for key, counts in now.items():
        groups[key] = {}
        for feature in {**counts, **(earlier[-1].get(key, {}) if earlier else {})}:
            earlier_cells = [each[key][feature] for each in earlier if feature in each.get(key, {})]
            values = dict.fromkeys(value for cells in (*earlier_cells, counts.get(feature, {})) for value in cells)
            groups[key][feature] = {
                value: published_cell(
                    counts.get(feature, {}).get(value, (0, 0)),
                    [(cells.get(value, (0, 0))[0], cells.get(value, (0, 0))[1]) for cells in earlier_cells],
                )
                for value in values
            }
    return groups


def drawn_counts(term: Term) -> dict[str, Counts]:
    """Return the counts of the drawn panel by the same features: the figures before the first publication."""
    draw = Draw.objects.filter(call__term=term, state=DrawState.REVEALED).order_by("-number").first()
    outcome = outcome_of(draw) if draw else None
    if outcome is None:
        return {}
    cantons = {
        canton_code(number): str(pk)
        for pk, number in Canton.objects.filter(assembly=term.assembly_id).values_list("pk", "number")
    }
    values = {"sexe": {letter: str(gender) for gender, letter in LETTERS.items()}, "canton": cantons}
    counts: Counts = {}
    for column, feature in (("sexe", "gender"), ("canton", "canton"), ("csp", "occupation")):
        if column in outcome.instance.features:
            position = outcome.instance.features.index(column)
            people = Counter(outcome.instance.by_id[name].values[position] for name in outcome.members)
            keys = values.get(column, {})
            counts[feature] = {keys.get(value, value): (number, number) for value, number in people.items()}
    return {"panel": counts}
