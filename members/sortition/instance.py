"""Input of a draw: the volunteers, the quotas, the seats, in one order whatever the order of the files."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

type Cell = tuple[str, str]


@dataclass(frozen=True, order=True)
class Volunteer:
    """Volunteer. `values`: one a feature, in the order of `Instance.features`. `household`: their own id if alone."""

    id: str
    values: tuple[str, ...]
    household: str


@dataclass(frozen=True, order=True)
class QuotaLine:
    """Least and largest number of panel members with this value."""

    feature: str
    value: str
    minimum: int
    maximum: int

    @property
    def cell(self) -> Cell:
        return self.feature, self.value


@dataclass(frozen=True)
class Instance:
    """Features, lines and volunteers, sorted by bytes. `reading.py` checks that every value has a line."""

    features: tuple[str, ...]
    quotas: tuple[QuotaLine, ...]
    volunteers: tuple[Volunteer, ...]
    seats: int

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of all that the engine reads: the order of rows and unused columns do not change it."""
        text = "\n".join(
            [
                f"seats={self.seats}",
                *(f"{line.feature}\t{line.value}\t{line.minimum}\t{line.maximum}" for line in self.quotas),
                *("\t".join((one.id, one.household, *one.values)) for one in self.volunteers),
            ]
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Volunteer]:
        return {volunteer.id: volunteer for volunteer in self.volunteers}

    @cached_property
    def households(self) -> tuple[tuple[str, ...], ...]:
        """Return the ids of each household of two or more."""
        by_household: dict[str, list[str]] = {}
        for volunteer in self.volunteers:
            by_household.setdefault(volunteer.household, []).append(volunteer.id)
        return tuple(tuple(ids) for ids in by_household.values() if len(ids) > 1)

    def cells(self, volunteer: Volunteer) -> list[Cell]:
        return list(zip(self.features, volunteer.values, strict=True))

    def counts(self, ids: Iterable[str]) -> dict[Cell, int]:
        """Count people by cell, the lines without anybody included."""
        counter = Counter(cell for one in ids for cell in self.cells(self.by_id[one]))
        return {line.cell: counter[line.cell] for line in self.quotas}

    def invalid(self, panel: Iterable[str]) -> str:
        """Return why this is no panel, by plain counting; empty where it is one."""
        ids = list(panel)
        if len(ids) != self.seats or len(set(ids)) != len(ids):
            return f"{len(set(ids))} people for {self.seats} seats"
        if len({self.by_id[one].household for one in ids}) != len(ids):
            return "two people of one household"
        counts = self.counts(ids)
        wrong = [line for line in self.quotas if not line.minimum <= counts[line.cell] <= line.maximum]
        return "; ".join(f"{line.feature} {line.value}: {counts[line.cell]}" for line in wrong)
