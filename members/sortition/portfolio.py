"""Long computation: from an instance to numbered tickets and the certificate of their fairness."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from members.sortition import columns, decomposition, feasibility, targets
from members.sortition.certificate import FairnessCertificate, spread_of
from members.sortition.coverage import Coverage, cover
from members.sortition.decomposition import WeightedPanels
from members.sortition.instance import Instance
from members.sortition.protocol import TICKETS, Lot
from members.sortition.reading import csv_bytes
from members.sortition.solver import EXACT, CancelCheck, Floats, Phase, rows_of, seldom
from members.sortition.tickets import allot

type ProgressReport = Callable[[Phase, float], None]


class RecountFailed(Exception):
    """A panel of the solver is none by plain counting: nothing of this computation may be used."""


@dataclass(frozen=True)
class Portfolio:
    """Numbered lots with their certificate. `chances`: tickets of 10,000 by id, of everybody."""

    lots: tuple[Lot, ...]
    certificate: FairnessCertificate
    chances: dict[str, int]

    @cached_property
    def lots_csv(self) -> bytes:
        rows = [(lot.number, lot.first, lot.last, " ".join(lot.members)) for lot in self.lots]
        return csv_bytes(("lot", "de", "a", "membres"), rows)

    @cached_property
    def certificate_json(self) -> bytes:
        return self.certificate.to_json()


def compute(
    instance: Instance,
    *,
    ceiling: float | None = None,
    names: feasibility.Labels | None = None,
    progress: ProgressReport | None = None,
    cancelled: CancelCheck | None = None,
) -> Portfolio:
    """Compute the portfolio: the same one for the same instance and ceiling, in every process.

    `names`: as in `feasibility.examine`. Raises Infeasible, CeilingTooLow, Cancelled, Undecided where the solver gives
    up, RecountFailed where it is wrong.
    """
    stop = seldom(cancelled)
    report = progress or (lambda phase, share: None)
    rows, size = rows_of(instance), len(instance.volunteers)
    report(Phase.RELAXATION, 0.0)
    feasibility.check_counts(instance, names)
    coverage = cover(rows, size, stop)
    if coverage is None:
        raise feasibility.explanation(instance, names, stop)
    lower, upper = coverage.certain.astype(float), coverage.possible.astype(float)
    if ceiling is not None:
        targets.check_ceiling(rows, lower, upper, ceiling, stop)
        upper = np.minimum(upper, ceiling)
    bound = targets.leximin(rows, lower, upper, cancelled=stop, tick=partial(report, Phase.RELAXATION))
    weighted = decomposition.decompose(
        rows, bound, instance.digest, cancelled=stop, tick=partial(report, Phase.DECOMPOSITION)
    )
    if weighted.left > EXACT:
        known = np.unique(np.concatenate([weighted.panels, coverage.panels]), axis=0)
        weighted = columns.fairest(rows, bound, known, ceiling=ceiling, cancelled=stop)
    report(Phase.RECOUNT, 0.0)
    recount(instance, weighted)
    report(Phase.TICKETS, 0.0)
    return portfolio(instance, ceiling, coverage, bound, weighted)


def members_of(instance: Instance, panel: decomposition.Members) -> tuple[str, ...]:
    return tuple(instance.volunteers[column].id for column in np.flatnonzero(panel))


def recount(instance: Instance, weighted_panels: WeightedPanels) -> None:
    """Count each panel again in whole numbers, without the solver's arrays. Raise RecountFailed."""
    for panel in weighted_panels.panels:
        if wrong := instance.invalid(members_of(instance, panel)):
            raise RecountFailed(wrong)


def portfolio(
    instance: Instance, ceiling: float | None, coverage: Coverage, bound: Floats, weighted_panels: WeightedPanels
) -> Portfolio:
    """Number the tickets panel by panel, in the order of their members, and certify how fair they are."""
    tickets = allot(weighted_panels)
    panels = sorted(
        (members_of(instance, panel), int(many)) for panel, many in zip(weighted_panels.panels, tickets, strict=True)
    )
    lots: list[Lot] = []
    for members, count in panels:
        first = lots[-1].last + 1 if lots else 0
        if count:
            lots.append(Lot(len(lots) + 1, first, first + count - 1, members))
    ids = [volunteer.id for volunteer in instance.volunteers]
    chances = dict.fromkeys(ids, 0)
    for lot in lots:
        for one in lot.members:
            chances[one] += lot.tickets
    reached = weighted_panels.weights / weighted_panels.weights.sum() @ weighted_panels.panels
    exact = np.array(list(chances.values())) / TICKETS
    certificate = FairnessCertificate(
        digest=instance.digest,
        pool_size=len(ids),
        seats=instance.seats,
        ceiling=ceiling,
        panels=len(lots),
        bound=spread_of(bound.tolist()),
        reached=spread_of(reached.tolist()),
        tickets=spread_of(exact.tolist()),
        residual=float(np.abs(bound - reached).max()),
        largest_rounding=float(np.abs(exact - reached).max()),
        forced=tuple(one for one, certain in zip(ids, coverage.certain, strict=True) if certain),
        excluded=tuple(one for one, possible in zip(ids, coverage.possible, strict=True) if not possible),
    )
    return Portfolio(tuple(lots), certificate, chances)
