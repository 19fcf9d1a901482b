"""The files of a draw, by name: what anybody downloads, and what only the team and the commissaire de justice do."""

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
    """The program that stands alone, as it is published."""
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
    """What the digits gave: pseudonyms only."""
    outcome = outcome_of(draw)
    if outcome is None:
        return None
    found = outcome.result
    return canonical_json(
        {
            "reference": draw.reference,
            "boules": found.balls,
            "des": found.dice,
            "billet": f"{found.ticket:04}",
            "lot": found.lot,
            "graine": found.seed,
            "membres": list(outcome.members),
            "suppleants": {cell.value: list(cell.ids) for cell in outcome.ranks},
        }
    )


def pool(draw: Draw) -> bytes | None:
    return bytes(draw.pool.content) if draw.pool else None


def sealed_table(draw: Draw) -> bytes | None:
    """The sealed table: pseudonym and number of the application, while candidates are there, or of the mandate."""
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
    """Names and hashes of the files that are there, for the public page."""
    found = [(name, made(draw)) for name, (made, _kind) in PUBLIC.items()]
    return [(name, protocol.sha256(content)) for name, content in found if content]
