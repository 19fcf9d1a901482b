"""Queries of a draw: its dossier, its files, the state of its computations."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from assembly.documents.models import Document
from draws.draws.models import require_row
from draws.enums import ComputationKind, ComputationState
from draws.models import Computation, Contestation, Draw, DrawResult, FrozenPool
from members.sortition.instance import Instance, QuotaLine
from members.sortition.protocol import ALTERNATES, Announcement, Lot, drawn_lot, rank, read_lots
from members.sortition.reading import read_instance, read_quotas

RECORD_KIND = "draw-record"


def latest_trial(draw: Draw) -> Computation | None:
    """Return the last trial of the quotas that count now, whatever its state."""
    if draw.quotas_id is None:
        return None
    rows = draw.computations.filter(kind=ComputationKind.TRIAL, quotas=draw.quotas_id)
    return rows.defer("lots", "certificate").first()


def latest_portfolio(draw: Draw) -> Computation | None:
    """Return the last portfolio of the frozen list and the ceiling that count now, whatever its state."""
    return portfolios_of(draw).defer("lots").first() if draw.pool_id else None


def portfolios_of(draw: Draw) -> QuerySet[Computation]:
    return draw.computations.filter(kind=ComputationKind.PORTFOLIO, pool=draw.pool_id, ceiling=draw.ceiling)


def portfolio_of(draw: Draw) -> Computation | None:
    """Return the finished portfolio, whose lots would be announced."""
    if draw.pool_id is None:
        return None
    return portfolios_of(draw).filter(state=ComputationState.READY).first()


def running_computation(draw: Draw) -> Computation | None:
    return next((row for row in draw.computations.defer("lots", "certificate")[:1] if row.is_running), None)


def open_contestations(draw: Draw) -> QuerySet[Contestation]:
    return Contestation.objects.filter(entry__pool__draw=draw.pk, answered_at=None)


def quota_lines(draw: Draw) -> tuple[QuotaLine, ...]:
    return read_quotas(bytes(draw.quotas.content)) if draw.quotas else ()


def instance_of(pool: FrozenPool) -> Instance:
    return read_instance(bytes(pool.content), bytes(pool.quotas.content), pool.quotas.seats)


def announcement_of(draw: Draw, portfolio: Computation) -> Announcement:
    pool = require_row(portfolio.pool)
    return Announcement(pool.sha256, pool.quotas.sha256, portfolio.lots_sha256, draw.number)


def lots_of(portfolio: Computation) -> tuple[Lot, ...]:
    return read_lots(bytes(portfolio.lots or b""))


@dataclass(frozen=True)
class CellRank:
    """Alternates of one cell, the first one to call first."""

    value: str
    ids: Sequence[str]


@dataclass(frozen=True)
class DrawOutcome:
    """Result of the digits: all of it is computed again from the frozen files, nothing else is stored."""

    result: DrawResult
    instance: Instance
    members: tuple[str, ...]
    ranks: tuple[CellRank, ...]

    @property
    def cell_feature(self) -> str:
        return cell_feature(self.instance)

    def cell_of(self, pseudonym: str) -> str:
        return self.instance.by_id[pseudonym].values[self.instance.features.index(self.cell_feature)]


def cell_feature(instance: Instance) -> str:
    """Return the feature of the seats: canton and gender where quotas name them, else canton, else the first one."""
    return next((name for name in ("canton_sexe", "canton") if name in instance.features), instance.features[0])


def outcome_of(draw: Draw) -> DrawOutcome | None:
    """Return the outcome of a draw, computed from its files; None before the draw."""
    result = DrawResult.objects.filter(draw=draw.pk).select_related("portfolio__pool__quotas").first()
    if result is None or result.portfolio.pool is None:
        return None
    instance = instance_of(result.portfolio.pool)
    members = drawn_lot(lots_of(result.portfolio), result.ticket).members
    return DrawOutcome(result, instance, members, ranks_of(instance, members, bytes.fromhex(result.seed)))


def ranks_of(instance: Instance, members: Sequence[str], seed: bytes) -> tuple[CellRank, ...]:
    """Rank everybody of a cell who was not drawn by the hash of the public seed: anyone can compute it again."""
    position = instance.features.index(cell_feature(instance))
    seated = set(members)
    cells: dict[str, list[str]] = {}
    for volunteer in instance.volunteers:
        cells.setdefault(volunteer.values[position], [])
        if volunteer.id not in seated:
            cells[volunteer.values[position]].append(volunteer.id)
    return tuple(CellRank(value, rank(seed, ALTERNATES, ids)) for value, ids in sorted(cells.items()))


def record_of(draw: Draw) -> Document | None:
    """Return the sealed record (procès-verbal) in the register, published or not."""
    rows = Document.objects.filter(kind=RECORD_KIND, subject_type=Draw._meta.label, subject_id=str(draw.pk))
    return rows.select_related("published_revision").first()
