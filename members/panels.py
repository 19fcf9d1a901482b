"""What members show: to the public, who sits today; on the desk, their ages beside the population's."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.institution.models import Term
from assembly.portal.registry import Panel, register_panel
from assembly.ui.compiled_query import CompiledQuery
from members import queries, rules
from members.enums import Gender
from members.models import Mandate

CLASSES = ((15, 29), (30, 44), (45, 59), (60, 74), (75, 120))
PLACES = CompiledQuery(queries.years_and_places)
# Share of each class among inhabitants of 15 and more, by département: INSEE, recensement 2021 (domain.md D5).
POPULATION = {"31": (0.258, 0.245, 0.230, 0.170, 0.097)}


def counts_of(term: int) -> QuerySet[Mandate, Any]:
    return (
        queries.active_mandates(term)
        .order_by()
        .values(all=Value(1))
        .annotate(
            members=Count("pk"),
            cantons=Count("member__canton", distinct=True),
            women=Count("pk", filter=Q(member__gender=Gender.FEMALE)),
            men=Count("pk", filter=Q(member__gender=Gender.MALE)),
        )
    )


COUNTS = CompiledQuery(counts_of)


def composition(user: Any, term: Term) -> Panel | None:
    """Seats held today, cantons, women and men. Nothing before the first mandate is open."""
    (counts,) = COUNTS(term.pk)
    return Panel("members/_composition.html", counts, order=30, place="wide") if counts["members"] else None


def ages(user: Any, term: Term) -> Panel | None:
    """Bars of the members' ages; the mark is the population's, where it is known."""
    if not rules.can_manage(user, term):
        return None
    ((years, codes),) = PLACES(term.pk, term.assembly_id)
    if not years:
        return None
    return Panel("members/_age_chart.html", chart(years, population_of(codes)), order=30, place="wide")


def population_of(codes: list[str]) -> tuple[float, ...] | None:
    """The reference of the département, told by the INSEE codes of the cantons."""
    departments = {code[:2] for code in codes}
    return POPULATION.get(departments.pop()) if len(departments) == 1 else None


def chart(years: list[dict[str, int]], population: tuple[float, ...] | None) -> dict[str, Any]:
    this_year = timezone.localdate().year
    counted: Counter[int] = Counter()
    for row in years:
        counted[class_of(this_year - row["year"])] += row["n"]
    shares = [counted[index] / counted.total() for index in range(len(CLASSES))]
    bars = [
        {"label": words_of(index), "value": share, "text": percent(share)}
        | ({"reference": population[index], "reference_text": percent(population[index])} if population else {})
        for index, share in enumerate(shares)
    ]
    head = [_("Âge"), _("Membres"), _("Part")] + ([_("Population")] if population else [])
    table = [
        [words_of(index), counted[index], percent(share)] + ([percent(population[index])] if population else [])
        for index, share in enumerate(shares)
    ]
    return {"bars": bars, "head": head, "table": table, "has_population": population is not None}


def class_of(age: int) -> int:
    return next((index for index, (_low, high) in enumerate(CLASSES) if age <= high), len(CLASSES) - 1)


def words_of(index: int) -> str:
    low, high = CLASSES[index]
    return (
        _("%(low)s ans et plus") % {"low": low}
        if high > 100
        else _("%(low)s à %(high)s ans") % {"low": low, "high": high}
    )


def percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


register_panel("public", composition)
register_panel("desk", ages)
