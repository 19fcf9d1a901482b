"""Comparison of terms, each at the same age."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from assembly.indicators.registry import Indicator, indicators
from assembly.institution.models import Term
from mission.indicators.queries import Figure, Reader, figures_of, months_earlier

AGES = (3, 6, 9, 12, 18, 24, 30)


@dataclass(frozen=True)
class ComparedRow:
    """Indicator with its figure in each term, in the order of the terms."""

    indicator: Indicator
    figures: list[Figure]

    @property
    def is_empty(self) -> bool:
        return not any(map(is_shown, self.figures))

    @property
    def most(self) -> float:
        """Return the length of the longest bar; 0 if only one term has a value."""
        sizes = [one.size for one in self.figures if one.value is not None]
        return max(sizes) if len(sizes) > 1 else 0.0


def months_offered(term: Term) -> list[int]:
    """Return the ages, in months, that the term has reached; the first one in any case."""
    today = timezone.localdate()
    return [one for one in AGES if day_at(term, one) <= today] or [AGES[0]]


def day_at(term: Term, months: int) -> date:
    return months_earlier(term.starts_on, -months)


def comparison(reader: Reader, months: int) -> tuple[list[Term], list[ComparedRow]]:
    """Return the terms with figures and a row for each indicator, so many months after each start.

    It takes four statements a term.
    """
    terms = list(Term.objects.filter(assembly=reader.term.assembly_id).order_by("number"))
    by_term = [
        figures_of(Reader(term, reader.user, reader.area), indicators(), until=day_at(term, months)) for term in terms
    ]
    empty = [Figure(one, None, None) for one in indicators()]
    begun = [
        (term, figures) for term, figures in zip(terms, by_term, strict=True) if any(map(is_shown, figures.values()))
    ]
    rows = [
        ComparedRow(
            one.indicator,
            [replace(figures.get(one.indicator.key, one), label=term.name) for term, figures in begun],
        )
        for one in empty
    ]
    return [term for term, _figures in begun], [row for row in rows if not row.is_empty]


def is_shown(figure: Figure) -> bool:
    return figure.value is not None or figure.is_hidden
