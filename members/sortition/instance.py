"""What is drawn from whom: the volunteers, the quotas, the seats, in one order whatever the order of the files."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

type Cell = tuple[str, str]


@dataclass(frozen=True, order=True)
class Volunteer:
    """`values`: one a feature, in the order of `Instance.features`. `household`: an id alone is a household of one."""

    id: str
    values: tuple[str, ...]
    household: str


@dataclass(frozen=True, order=True)
class QuotaLine:
    """How many of the panel have this value, at least and at most."""

    feature: str
    value: str
    minimum: int
    maximum: int

    @property
    def cell(self) -> Cell:
        return self.feature, self.value


@dataclass(frozen=True)
class Instance:
    """Features, lines and volunteers sorted by bytes. `reading.py` sees to it that values have lines."""

    features: tuple[str, ...]
    quotas: tuple[QuotaLine, ...]
    volunteers: tuple[Volunteer, ...]
    seats: int

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the engine reads: the order of rows and unused columns do not change it."""
        told = "\n".join(
            [
                f"seats={self.seats}",
                *(f"{line.feature}\t{line.value}\t{line.minimum}\t{line.maximum}" for line in self.quotas),
                *("\t".join((one.id, one.household, *one.values)) for one in self.volunteers),
            ]
        )
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Volunteer]:
        return {volunteer.id: volunteer for volunteer in self.volunteers}

    @cached_property
    def households(self) -> tuple[tuple[str, ...], ...]:
        """The ids of each household of two or more."""
        found: dict[str, list[str]] = {}
        for volunteer in self.volunteers:
            found.setdefault(volunteer.household, []).append(volunteer.id)
        return tuple(tuple(ids) for ids in found.values() if len(ids) > 1)

    def cells(self, volunteer: Volunteer) -> list[Cell]:
        return list(zip(self.features, volunteer.values, strict=True))

    def counts(self, ids: Iterable[str]) -> dict[Cell, int]:
        """People by cell, the lines without anybody included."""
        found = Counter(cell for one in ids for cell in self.cells(self.by_id[one]))
        return {line.cell: found[line.cell] for line in self.quotas}

    def invalid(self, panel: Iterable[str]) -> str:
        """Why this is no panel, by plain counting; empty where it is one."""
        ids = list(panel)
        if len(ids) != self.seats or len(set(ids)) != len(ids):
            return f"{len(set(ids))} people for {self.seats} seats"
        if len({self.by_id[one].household for one in ids}) != len(ids):
            return "two people of one household"
        counts = self.counts(ids)
        wrong = [line for line in self.quotas if not line.minimum <= counts[line.cell] <= line.maximum]
        return "; ".join(f"{line.feature} {line.value}: {counts[line.cell]}" for line in wrong)
