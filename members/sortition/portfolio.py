"""Long computation: from an instance to numbered tickets and the certificate of their fairness.

Tickets are whole: 10,000 in all, so that four balls name one and everybody's chances can be counted. The certificate
states, before anything is drawn, how fair the portfolio is, and how fair any could have been.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from members.sortition import columns, decomposition, feasibility, targets
from members.sortition.decomposition import WeightedPanels
from members.sortition.feasibility import Coverage, cover
from members.sortition.instance import Instance
from members.sortition.protocol import TICKETS as protocol_TICKETS, Lot
from members.sortition.reading import csv_bytes
from members.sortition.solver import EXACT, VERSION, CancelCheck, Floats, Phase, rows_of, seldom
from members.sortition.verifier import TICKETS

ENGINE = "hemicycle members.sortition 1"


@dataclass(frozen=True)
class Spread:
    """Spread of the chances of all volunteers, between 0 and 1; the Gini coefficient is 0 where all have the same."""

    minimum: float
    maximum: float
    gini: float


def spread_of(chances: Sequence[float]) -> Spread:
    """Return smallest and largest chance and the Gini coefficient, from one chance a volunteer."""
    ordered = sorted(map(float, chances))
    many, total = len(ordered), sum(ordered)
    unequal = sum((2 * place - many + 1) * chance for place, chance in enumerate(ordered))
    return Spread(ordered[0], ordered[-1], unequal / (many * total))


@dataclass(frozen=True)
class FairnessCertificate:
    """Certificate of a portfolio. `bound`: the fairest chances by the linear relaxation, which no draw can exceed.

    `reached`: those of the weighted panels. `tickets`: those of the whole tickets, which are the exact ones.
    `residual`: the largest difference between a person's chance in the bound and in the panels. `forced` and
    `excluded`: ids in every valid panel and in none.
    """

    digest: str
    pool_size: int
    seats: int
    ceiling: float | None
    panels: int
    bound: Spread
    reached: Spread
    tickets: Spread
    residual: float
    largest_rounding: float
    forced: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def gap(self) -> float:
        """Return by how much the smallest chance stays below its bound."""
        return max(self.bound.minimum - self.reached.minimum, 0.0)

    @property
    def exact(self) -> bool:
        return self.residual <= 1e-4

    @property
    def sentence(self) -> str:
        """Return « borne / atteint / écart » in a sentence, for the certificate and the procès-verbal."""
        figures = [
            f"{100 * chance:.3f}".replace(".", ",") for chance in (self.bound.minimum, self.reached.minimum, self.gap)
        ]
        figures_text = "Plus petite chance : borne {} %, atteint {} %, écart {} point.".format(*figures)
        if self.exact:
            capped = "" if self.ceiling is None else " avec ce plafond"
            return f"{figures_text} Aucun tirage ne peut être plus égal{capped}."
        widest = f"{100 * self.residual:.3f}".replace(".", ",")
        return (
            f"{figures_text} Les panels ne permettent pas d’atteindre la borne : la chance d’une personne s’en écarte "
            f"de {widest} points au plus. La personne qui prépare le tirage en décide par écrit."
        )

    def to_json(self) -> bytes:
        """Return the certificate with six decimals; the exact chances are the tickets of `lots.csv`."""
        content = {
            "protocol": "AC-TIRAGE/1",
            "engine": ENGINE,
            "solver": f"HiGHS {VERSION}",
            **{name: rounded(value) for name, value in asdict(self).items()},
            "gap": rounded(self.gap),
            "sentence": self.sentence,
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return round(value, 6) + 0.0 if isinstance(value, float) else value


type Counts = NDArray[np.int64]

MILLION = 1_000_000


def allot(weighted_panels: WeightedPanels, total: int = TICKETS) -> Counts:
    """Allot by largest remainder, then move single tickets between panels while the sum of squared errors falls.

    In whole numbers, a millionth of a ticket each: equal errors are equal, and the first pair of panels is taken.
    """
    exact = np.rint(weighted_panels.weights / weighted_panels.weights.sum() * total * MILLION).astype(np.int64)
    tickets = exact // MILLION
    order = np.lexsort((np.arange(len(exact)), tickets * MILLION - exact))
    tickets[order[: total - int(tickets.sum())]] += 1
    panels = weighted_panels.panels.astype(np.int64)
    errors = panels.T @ (tickets * MILLION - exact)
    apart = distances(panels)
    while True:
        pull = panels @ errors
        # Change of the sum when a ticket goes from the panel of the row to that of the column, halved.
        change = MILLION * apart + 2 * (pull[None, :] - pull[:, None])
        change[tickets == 0] = 0
        giver, taker = np.unravel_index(int(change.argmin()), change.shape)
        if change[giver, taker] >= 0:
            return tickets
        tickets[giver] -= 1
        tickets[taker] += 1
        errors += MILLION * (panels[taker] - panels[giver])


def distances(panels: Counts) -> Counts:
    """Return in how many people each two panels differ."""
    shared = panels @ panels.T
    size = shared.diagonal()
    return np.asarray(size[:, None] + size[None, :] - 2 * shared)


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
    exact = np.array(list(chances.values())) / protocol_TICKETS
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
