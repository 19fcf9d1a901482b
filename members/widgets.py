"""Widgets of members: for the public, who sits today; in the back office, their ages beside the population's."""

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.institution.models import Term
from assembly.portal.registry import Widget, add_widget
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.small_cells import hidden_cells
from members import queries, rules
from members.enums import Gender
from members.models import Mandate
from members.population import CLASSES, class_of, population_of

PLACES = CompiledQuery(queries.years_and_places)


def counts_of(term: int) -> QuerySet[Mandate, Any]:
    return (
        queries.active_mandates(term)
        .order_by()
        .values(all=Value(1))
        .annotate(members=Count("pk"), cantons=Count("member__canton", distinct=True))
    )


COUNTS = CompiledQuery(counts_of)


def composition(user: Any, term: Term) -> Widget | None:
    """Return seats held today and cantons; women and men as published last. None before the first open mandate.

    What women and men leave of the total is a small cell too: both are left out where it could name somebody.
    """
    (counts,) = COUNTS(term.pk)
    if not counts["members"]:
        return None
    publication = queries.last_publication(term)
    genders = publication.groups.get("panel", {}).get("gender", {}) if publication else {}
    women, men, other = (genders.get(str(gender), (0, 0))[0] for gender in (Gender.FEMALE, Gender.MALE, Gender.OTHER))
    if publication and not hidden_cells([women, men, other]):
        counts = counts | {"women": women, "men": men, "published_at": publication.published_at}
    return Widget("members/_composition.html", counts, order=30, position="wide")


def ages(user: Any, term: Term) -> Widget | None:
    """Return bars of the members' ages; the mark is the population's, where it is known. None outside the team."""
    if not rules.can_manage(user, term):
        return None
    ((years, codes),) = PLACES(term.pk, term.assembly_id)
    if not years:
        return None
    return Widget("members/_age_chart.html", chart(years, population_of(codes)), order=30, position="wide")


def chart(years: list[dict[str, int]], population: tuple[float, ...] | None) -> dict[str, Any]:
    this_year = timezone.localdate().year
    counted: Counter[int] = Counter()
    for row in years:
        counted[class_of(this_year - row["year"])] += row["n"]
    shares = [counted[index] / counted.total() for index in range(len(CLASSES))]
    bars = [
        {"label": age_label(index), "value": share, "text": percent(share)}
        | ({"reference": population[index], "reference_text": percent(population[index])} if population else {})
        for index, share in enumerate(shares)
    ]
    head = [_("Âge"), _("Membres"), _("Part")] + ([_("Population")] if population else [])
    table = [
        [age_label(index), counted[index], percent(share)] + ([percent(population[index])] if population else [])
        for index, share in enumerate(shares)
    ]
    return {"bars": bars, "head": head, "table": table, "has_population": population is not None}


def age_label(index: int) -> str:
    low, high = CLASSES[index]
    return (
        _("%(low)s ans et plus") % {"low": low}
        if high > 100
        else _("%(low)s à %(high)s ans") % {"low": low, "high": high}
    )


def percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


add_widget("public", composition)
add_widget("desk", ages)
