"""Files of a draw, by name: those that anybody downloads, and those for the team and the commissaire de justice."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from assembly.documents.pdf.source import canonical_json
from draws.models import Draw
from draws.queries.draw import announcement_of, outcome_of, portfolio_of
from members.sortition import protocol, reading

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
