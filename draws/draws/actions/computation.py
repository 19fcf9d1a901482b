"""Long computations of a draw: queued in a transaction, run by one worker at a time, restarted if it dies."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.jobs import hints
from draws.draws.models import RUNNING_COMPUTATIONS, require_row
from draws.draws.queries.draw import instance_of, names_of, trial_pool
from draws.draws.workflow.draw import DRAW
from draws.models import Computation, ComputationKind, ComputationState, Draw, DrawState
from members.sortition.feasibility import Infeasible, examine
from members.sortition.instance import Instance
from members.sortition.portfolio import compute
from members.sortition.protocol import sha256
from members.sortition.reading import InvalidInput, read_instance
from members.sortition.solver import Cancelled, Phase, Undecided
from members.sortition.targets import CeilingTooLow

TASK = "draws.tasks.compute"
LOCK_KEY = 7236505
SECONDS_BETWEEN_NOTES = 1.0
PHASES = {
    Phase.RELAXATION: gettext_lazy("Recherche des chances les plus justes"),
    Phase.DECOMPOSITION: gettext_lazy("Composition des panels"),
    Phase.RECOUNT: gettext_lazy("Recomptage de chaque panel"),
    Phase.TICKETS: gettext_lazy("Répartition des 10 000 billets"),
}


@DRAW.action("ask_trial")
@transaction.atomic
def ask_trial(draw: Draw, *, by: User) -> Computation:
    """Queue a trial: can these quotas be met by the volunteers of today? Nobody is drawn."""
    step = DRAW.require(draw, "ask_trial", by=by)
    DRAW.take(draw, step, by=by)
    return _ask(draw, ComputationKind.TRIAL, by=by)


@DRAW.action("ask_portfolio")
@transaction.atomic
def ask_portfolio(draw: Draw, *, by: User) -> Computation:
    """Queue the computation of the lots of the frozen list. A repeat must give the same bytes, which is checked."""
    step = DRAW.require(draw, "ask_portfolio", by=by)
    DRAW.take(draw, step, by=by, facts={"ceiling": str(draw.ceiling or "")})
    return _ask(draw, ComputationKind.PORTFOLIO, by=by, pool=draw.pool, ceiling=draw.ceiling)


def _ask(draw: Draw, kind: ComputationKind, *, by: User, **inputs: Any) -> Computation:
    row = Computation.objects.create(draw=draw, kind=kind, quotas=require_row(draw.quotas), asked_by=by, **inputs)
    hints.send_at_commit(TASK, row.pk)
    return row


@transaction.atomic
def cancel(computation: Computation, *, by: User) -> None:
    """Cancel a computation: at once while it is queued, else when the worker next checks. A finished one stays."""
    draw = computation.draw
    DRAW.check(by, draw, "ask_trial" if computation.kind == ComputationKind.TRIAL else "ask_portfolio")
    rows = Computation.objects.filter(pk=computation.pk, state__in=RUNNING_COMPUTATIONS)
    if rows.filter(state=ComputationState.QUEUED).update(
        state=ComputationState.CANCELLED, is_cancelled=True, finished_at=timezone.now()
    ) or rows.update(is_cancelled=True):
        record("draw.computation_cancelled", computation, by=by, dossier=draw)


@contextlib.contextmanager
def try_advisory_lock() -> Iterator[bool]:
    """Take a session-level advisory lock without waiting; yield whether it was free. It ends with its worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
        is_locked = cursor.fetchone()[0]
    try:
        yield is_locked
    finally:
        if is_locked and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


def run_computation(pk: int) -> None:
    """Run one computation. Under the lock a row is « running » only where its worker died: it is restarted."""
    with try_advisory_lock() as mine:
        if not mine:
            return
        begun = {"state": ComputationState.RUNNING, "progressed_at": Now(), "phase": "", "done": 0}
        waiting = Computation.objects.filter(pk=pk, state__in=RUNNING_COMPUTATIONS)
        if not waiting.update(**begun):
            return
        row = Computation.objects.select_related("draw__call__term__assembly", "pool__quotas", "quotas").get(pk=pk)
        try:
            changes = _compute_portfolio(row)
        except Cancelled:
            changes = {"state": ComputationState.CANCELLED}
        except (InvalidInput, Infeasible, CeilingTooLow, Undecided) as refused:
            changes = {"state": ComputationState.FAILED, "error": str(refused)[:2000]}
        except Exception:
            message = _("Le calcul s’est arrêté sur une erreur.")
            finish_computation(row, {"state": ComputationState.FAILED, "error": message})
            raise
        finish_computation(row, changes)


def _compute_portfolio(row: Computation) -> dict[str, Any]:
    watch = Watch(row)
    if row.kind == ComputationKind.TRIAL:
        return _run_trial(row, watch)
    instance = instance_of(require_row(row.pool))
    ceiling = float(row.ceiling) if row.ceiling else None
    portfolio = compute(instance, ceiling=ceiling, progress=watch.progress, cancelled=watch.is_cancelled)
    findings = {"exact": portfolio.certificate.exact, "sentence": str(portfolio.certificate.sentence)}
    lots = portfolio.lots_csv
    return {
        "state": ComputationState.READY,
        "digest": instance.digest,
        "lots": lots,
        "lots_sha256": sha256(lots),
        "certificate": portfolio.certificate_json,
        "findings": findings,
    }


def _run_trial(row: Computation, watch: "Watch") -> dict[str, Any]:
    """Return the result of a trial; « impossible » is a valid result, with its remedies."""
    names = names_of(row.draw.term)
    instance: Instance = read_instance(trial_pool(row.draw), bytes(row.quotas.content), row.quotas.seats)
    try:
        extremes = examine(instance, names=names, cancelled=watch.is_cancelled)
        findings: dict[str, Any] = {"forced": list(extremes.forced), "excluded": list(extremes.excluded)}
    except Infeasible as impossible:
        findings = {
            "impossible": str(impossible),
            "remedies": [
                {
                    "kind": str(remedy.kind),
                    "sentence": str(remedy.sentence),
                    "seats": remedy.seats,
                    "changes": [[line.feature, line.value, line.minimum, line.maximum] for line in remedy.changes],
                }
                for remedy in impossible.remedies
            ],
        }
    return {"state": ComputationState.READY, "digest": instance.digest, "findings": findings}


@transaction.atomic
def finish_computation(row: Computation, changes: dict[str, Any]) -> None:
    """Store the end of a computation, once; a portfolio with other bytes than one of the same inputs is a failure."""
    changes |= {"finished_at": timezone.now(), "done": 100 if changes["state"] == ComputationState.READY else row.done}
    if row.kind == ComputationKind.PORTFOLIO and changes["state"] == ComputationState.READY:
        same_inputs = Computation.objects.filter(
            kind=row.kind, state=ComputationState.READY, digest=changes["digest"], ceiling=row.ceiling
        )
        if same_inputs.exclude(lots_sha256=changes["lots_sha256"]).exists():
            error = _("Le même calcul a donné d’autres octets. N’annoncez rien, prévenez l’administration technique.")
            changes = {"state": ComputationState.FAILED, "error": error, "finished_at": changes["finished_at"]}
    running = Computation.objects.filter(pk=row.pk, state__in=RUNNING_COMPUTATIONS)
    if not running.update(**changes):
        return
    is_portfolio_ready = row.kind == ComputationKind.PORTFOLIO and changes["state"] == ComputationState.READY
    draw = Draw.objects.get(pk=row.draw_id)
    if is_portfolio_ready and draw.state in DrawState.tagged("computable") and draw.pool_id == row.pool_id:
        facts = {"lots": changes["lots_sha256"], "ceiling": str(row.ceiling or "")}
        DRAW.follow(draw, "compute", by=row.asked_by, facts=facts)


def sweep() -> None:
    """Queue again what waits and what a dead worker left; whoever does not get the lock returns at once."""
    for pk in Computation.objects.filter(state__in=RUNNING_COMPUTATIONS).order_by("pk").values_list("pk", flat=True):
        hints.send_hint(TASK, pk)


class Watch:
    """Monitor of a running computation: writes its progress and reads whether to stop, once a second at most."""

    def __init__(self, row: Computation) -> None:
        self.row = row
        self.noted_at = 0.0
        self.asked_at = 0.0
        self.stops = False

    def progress(self, phase: Phase, share: float) -> None:
        now = time.monotonic()
        done = min(99, int(share * 100))
        if str(phase) == self.row.phase and now - self.noted_at < SECONDS_BETWEEN_NOTES:
            return
        self.row.phase, self.row.done, self.noted_at = str(phase), done, now
        values = {"phase": self.row.phase, "done": done, "progressed_at": Now()}
        Computation.objects.filter(pk=self.row.pk).update(**values)

    def is_cancelled(self) -> bool:
        now = time.monotonic()
        if now - self.asked_at >= SECONDS_BETWEEN_NOTES:
            self.asked_at = now
            self.stops = Computation.objects.filter(pk=self.row.pk, is_cancelled=True).exists()
        return self.stops
