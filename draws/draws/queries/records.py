"""Files of a draw, and the content of its record."""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pdf.source import canonical_json
from draws.calls.queries import call_ended_on
from draws.draws.models import require_row
from draws.draws.queries.draw import (
    FEATURE_LABELS,
    DrawOutcome,
    announcement_of,
    names_of,
    outcome_of,
    portfolio_of,
    value_label,
)
from draws.models import Draw, ExclusionReason, Ground
from draws.succession.queries import renounced_entries, replacements
from members.sortition import protocol, reading
from members.sortition.protocol import TICKETS, Announcement

VERIFIER = "verifier.py"
TABLE_HEADER = ("id", "candidature")
TEXT, CSV, JSON = "text/plain; charset=utf-8", "text/csv; charset=utf-8", "application/json"


@cache
def verifier_source() -> bytes:
    """Return the standalone verification program, as it is published."""
    return files("members.sortition").joinpath(VERIFIER).read_bytes()


def announcement(draw: Draw) -> bytes | None:
    portfolio = portfolio_of(draw)
    return announcement_of(draw, portfolio).text.encode() if portfolio else None


def quotas(draw: Draw) -> bytes | None:
    return bytes(draw.pool.quotas.content) if draw.pool else None


def lots(draw: Draw) -> bytes | None:
    portfolio = portfolio_of(draw)
    return bytes(portfolio.lots) if portfolio and portfolio.lots else None


def certificate(draw: Draw) -> bytes | None:
    portfolio = portfolio_of(draw)
    return bytes(portfolio.certificate) if portfolio and portfolio.certificate else None


def result(draw: Draw) -> bytes | None:
    """Return the result of the digits as JSON: pseudonyms only."""
    outcome = outcome_of(draw)
    if outcome is None:
        return None
    draw_result = outcome.result
    return canonical_json(
        {
            "reference": draw.reference,
            "boules": draw_result.balls,
            "des": draw_result.dice,
            "billet": f"{draw_result.ticket:04}",
            "lot": draw_result.lot,
            "graine": draw_result.seed,
            "membres": list(outcome.members),
            "suppleants": {cell.value: list(cell.ids) for cell in outcome.ranks},
        }
    )


def pool(draw: Draw) -> bytes | None:
    return bytes(draw.pool.content) if draw.pool else None


def sealed_table(draw: Draw) -> bytes | None:
    """Return the sealed table: pseudonym and number of the application, while candidates exist, or of the mandate."""
    if draw.pool is None:
        return None
    rows = draw.pool.entries.select_related("candidate", "mandate").order_by("pseudonym")
    return reading.csv_bytes(TABLE_HEADER, [(row.pseudonym, row.table_reference) for row in rows])


type Content = Callable[[Draw], bytes | None]
PUBLIC: dict[str, tuple[Content, str]] = {
    "annonce.txt": (announcement, TEXT),
    "quotas.csv": (quotas, CSV),
    "lots.csv": (lots, CSV),
    "certificate.json": (certificate, JSON),
    VERIFIER: (lambda draw: verifier_source(), TEXT),
    "resultat.json": (result, JSON),
}
PRIVATE: dict[str, tuple[Content, str]] = {"pool.csv": (pool, CSV), "table.csv": (sealed_table, CSV)}


def sums(draw: Draw) -> list[tuple[str, str]]:
    """Return names and hashes of the files that exist, for the public page."""
    contents = [(name, build(draw)) for name, (build, _kind) in PUBLIC.items()]
    return [(name, protocol.sha256(content)) for name, content in contents if content]


SCHEMA = "hemicycle/draw/1"


def record_content(draw: Draw) -> dict[str, Any]:
    """Return everything that the sealed record stores; only facts of the files and the ceremony."""
    outcome = require_row(outcome_of(draw))
    result = outcome.result
    pool = require_row(result.portfolio.pool)
    hashes = {
        "pool": pool.sha256,
        "quotas": pool.quotas.sha256,
        "lots": result.portfolio.lots_sha256,
        "table": pool.table_sha256,
    }
    return {
        "schema": SCHEMA,
        "reference": draw.reference,
        "draw": draw.number,
        "term": draw.term.name,
        "function": draw.title,
        "call": {
            "opens_on": draw.call.opens_on.isoformat(),
            "closes_on": call_ended_on(draw.call).isoformat(),
            "decision": draw.call.decision,
        }
        if draw.call
        else None,
        "place": draw.place,
        "applications": applications(pool.counts, pool.size),
        "pool_version": pool.version,
        "pool_size": pool.size,
        "quota_versions": [
            {"number": row.number, "decision": row.decision, "sha256": row.sha256, "seats": row.seats}
            for row in draw.quota_versions.order_by("number")
        ],
        "moments": {
            name: timezone.localtime(moment).isoformat(timespec="seconds")
            for name, moment in (
                ("frozen", pool.frozen_at),
                ("announced", draw.announced_at),
                ("drawn", draw.drawn_at),
            )
            if moment
        },
        "hashes": hashes,
        "announcement": Announcement(pool.sha256, pool.quotas.sha256, hashes["lots"], draw.number).text,
        "certificate": bytes(result.portfolio.certificate or b"").decode(),
        "exactness": result.portfolio.findings.get("sentence", ""),
        "gap_decision": draw.gap_decision,
        "sources": {"boules": result.balls, "des": result.dice},
        "seed": result.seed,
        "ticket": f"{result.ticket:04}",
        "lot": result.lot,
        "members": list(outcome.members),
        "composition": panel_composition(draw, outcome),
        "alternates": [
            {"cell": cell.value, "words": label_of(draw, outcome.cell_feature, cell.value), "ids": list(cell.ids)}
            for cell in outcome.ranks
        ],
        "told_alternates": draw.alternates,
        "renounced": renunciations(draw, outcome),
        "readings": [
            {"round": row.round, "place": row.place, "balls": row.balls, "dice": row.dice}
            for row in draw.readings.all()
        ],
        "incidents": [
            {"at": timezone.localtime(row.at).isoformat(timespec="seconds"), "words": row.text}
            for row in draw.incidents.all()
        ],
        "attendees": [line.strip() for line in draw.attendees.splitlines() if line.strip()],
    }


def renunciations(draw: Draw, outcome: DrawOutcome) -> list[dict[str, Any]]:
    """Return who of those drawn had renounced, and whom the rule names today, if anybody of the cell is left."""
    replacement = replacements(draw)
    after = {vacated.pseudonym: pair.id for vacated, pair in replacement.pairs} if replacement else {}
    drawn = [row for row in renounced_entries(draw) if row.pseudonym in outcome.members]
    return [
        {"id": row.pseudonym, "on": row.applicant.renounced_on.isoformat(), "after": after.get(row.pseudonym)}
        for row in drawn
        if row.applicant.renounced_on
    ]


def applications(counts: dict[str, Any], size: int) -> dict[str, Any]:
    """Return how many were registered, excluded (by ground, or without examination by reason) and retained."""
    excluded = [(str(Ground(value).label), n) for value, n in counts.get("grounds", {}).items()]
    excluded += [
        (_("sans examen, %(reason)s") % {"reason": ExclusionReason(value).label}, n)
        for value, n in counts.get("exclusions", {}).items()
    ]
    return {"registered": sum(counts.get("states", {}).values()), "excluded": excluded, "retained": size}


def label_of(draw: Draw, feature: str, value: str) -> str:
    return value_label(feature, value, names_of(draw.term))


def panel_composition(draw: Draw, outcome: DrawOutcome) -> list[dict[str, Any]]:
    """Compare the panel with each line of the quotas, by plain counting."""
    names = names_of(draw.term)
    counts = outcome.instance.counts(outcome.members)
    return [
        {
            "feature": FEATURE_LABELS.get(line.feature, line.feature),
            "words": value_label(line.feature, line.value, names),
            "minimum": line.minimum,
            "maximum": line.maximum,
            "count": counts[line.cell],
        }
        for line in outcome.instance.quotas
    ]


def certificate_in_tickets(content: bytes) -> dict[str, Any]:
    """Return `certificate.json` with its chances in tickets of 10,000, as people read them."""
    certificate: dict[str, Any] = json.loads(content)
    chances = certificate["tickets"]
    tickets = {name: round(chances[name] * TICKETS) for name in ("minimum", "maximum")}
    return certificate | {"tickets": tickets | {"gini": f"{chances['gini']:.3f}".replace(".", ",")}}
