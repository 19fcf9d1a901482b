"""Ages of the inhabitants, by class, and breakdowns of indicators of members: by canton, gender and age."""

from datetime import date

from django.db.models import Case, CharField, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from assembly.indicators.registry import Breakdown, Cells, Facts
from assembly.institution.models import Canton, Term
from members.enums import Gender, SeatGender

CLASSES = ((15, 29), (30, 44), (45, 59), (60, 74), (75, 120))
# Share of each class among inhabitants of 15 and more, by département: INSEE, recensement 2021 (domain.md D5).
POPULATION = {"31": (0.258, 0.245, 0.230, 0.170, 0.097)}


def population_of(codes: list[str]) -> tuple[float, ...] | None:
    """Return the shares of the département, identified by the INSEE codes of the cantons."""
    departments = {code[:2] for code in codes}
    return POPULATION.get(departments.pop()) if len(departments) == 1 else None


def class_of(age: int) -> int:
    return next((index for index, (_low, high) in enumerate(CLASSES) if age <= high), len(CLASSES) - 1)


AGES: Cells = {
    "0": _("moins de 30 ans"),
    "1": _("30 à 44 ans"),
    "2": _("45 à 59 ans"),
    "3": _("60 à 74 ans"),
    "4": _("75 ans et plus"),
    "": _("âge non connu"),
}


def cantons_of(term: Term) -> Cells:
    rows = Canton.objects.filter(assembly=term.assembly_id).order_by("number", "pk").values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def age_class(birth_year: str, day: date) -> Combinable:
    """Return the index of the census class, by the age reached in that year; "" where the year is not known."""
    *classes, _last = [
        When(**{f"{birth_year}__gte": day.year - high}, then=Value(str(place)))
        for place, (_low, high) in enumerate(CLASSES)
    ]
    unknown = When(**{f"{birth_year}__isnull": True}, then=Value(""))
    return Case(unknown, *classes, default=Value(str(len(CLASSES) - 1)), output_field=CharField())


def by_canton(path: str, facts: Facts = Facts.DATED, *, is_public: bool = True) -> Breakdown:
    """Return the breakdown by canton; `path`: its key. A member's canton may be corrected: dated at best."""
    return Breakdown("canton", _("canton"), lambda term, day: path, cantons_of, is_public=is_public, facts=facts)


def by_gender(path: str, facts: Facts = Facts.DATED, *, is_public: bool = True) -> Breakdown:
    """Return the breakdown by gender of a member, at `path`."""
    cells = {str(one): one.label for one in Gender}
    return Breakdown("genre", _("genre"), lambda term, day: path, lambda term: cells, is_public=is_public, facts=facts)


def by_seat_gender(path: str) -> Breakdown:
    """Return the breakdown by gender of a seat, at `path`; it never changes."""
    cells = {str(one): one.label for one in SeatGender}
    return Breakdown("genre", _("genre du siège"), lambda term, day: path, lambda term: cells)


def by_age(birth_year: str, *, is_public: bool = True) -> Breakdown:
    """Return the breakdown by age; `birth_year`: path to the year of birth of a member."""
    return Breakdown(
        "age",
        _("âge"),
        lambda term, day: age_class(birth_year, day),
        lambda term: AGES,
        is_public=is_public,
        facts=Facts.DATED,
    )
