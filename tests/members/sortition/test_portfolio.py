"""The portfolio of the pool of 1059, its certificate, and the same bytes in every process."""

import json
import os
import random
import subprocess
import sys
from collections import Counter

import pytest

from assembly.local.addresses import ROOT
from members.sortition.portfolio import compute, spread_of
from members.sortition.protocol import read_lots
from members.sortition.reading import csv_bytes
from members.sortition.solver import Cancelled, Phase
from members.sortition.targets import CeilingTooLow
from tests.members.sortition.pools import DATA, QUOTAS, SEATS, instance, pool_bytes, small_files, small_instance


def rows_of_file(content: bytes) -> list[dict[str, str]]:
    header, *rows = (line.split(",") for line in content.decode().splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def wrong_panels(lots: bytes, pool: bytes, quotas: bytes) -> list[str]:
    """Return the panels that break the quotas, from the text of the files, without the engine."""
    people = {row["id"]: row for row in rows_of_file(pool)}
    wrong = []
    for lot in rows_of_file(lots):
        panel = [people[one] for one in lot["membres"].split(" ")]
        counts = Counter((name, one[name]) for one in panel for name in one)
        for line in rows_of_file(quotas):
            if not int(line["min"]) <= counts[line["feature"], line["value"]] <= int(line["max"]):
                wrong.append(f"{lot['lot']}: {line}")
        if len({one["foyer"] for one in panel}) != SEATS or len({one["id"] for one in panel}) != SEATS:
            wrong.append(f"{lot['lot']}: people")
    return wrong


def gini(chances: list[float]) -> float:
    """Return the Gini coefficient, as in the paper of Flanigan and others (2021)."""
    ordered, many = sorted(chances), len(chances)
    return sum((2 * i - many + 1) * chance for i, chance in enumerate(ordered)) / (many * sum(ordered))


def test_the_pool_of_1059_reaches_its_bound():
    told: list[tuple[Phase, float]] = []
    portfolio = compute(instance(), progress=lambda phase, share: told.append((phase, share)))
    certificate = portfolio.certificate
    assert certificate.bound.minimum == pytest.approx(2 / 30, abs=1e-6)
    assert certificate.reached.minimum == pytest.approx(2 / 30, abs=1e-5)
    assert certificate.reached.gini == pytest.approx(0.2436, abs=0.001)
    assert certificate.tickets.minimum > 0.066
    assert certificate.residual < 1e-5
    assert certificate.exact
    assert certificate.sentence.startswith("Plus petite chance : borne 6,667 %, atteint 6,667 %, écart 0,000 point.")
    assert wrong_panels(portfolio.lots_csv, pool_bytes(), QUOTAS) == []
    assert read_lots(portfolio.lots_csv) == portfolio.lots
    counted = Counter()
    for lot in rows_of_file(portfolio.lots_csv):
        for one in lot["membres"].split(" "):
            counted[one] += int(lot["a"]) - int(lot["de"]) + 1
    assert portfolio.chances == {one.id: counted[one.id] for one in instance().volunteers}
    assert sum(portfolio.chances.values()) == SEATS * 10_000
    chances = [count / 10_000 for count in portfolio.chances.values()]
    assert certificate.tickets.gini == pytest.approx(gini(chances), abs=1e-12)
    assert certificate.largest_rounding < 0.0005
    # Each phase comes once, in its order, and goes forwards.
    assert list(dict.fromkeys(phase for phase, _share in told)) == list(Phase)
    assert all(before <= after for before, after in zip(told, told[1:], strict=False) if before[0] == after[0])
    assert min(share for _phase, share in told) >= 0
    assert max(share for _phase, share in told) <= 1


def test_the_published_example_is_valid():
    assert wrong_panels((DATA / "lots.csv").read_bytes(), pool_bytes(), QUOTAS) == []


@pytest.mark.long
def test_a_ceiling_costs_the_smallest_chance_nothing():
    certificate = compute(instance(), ceiling=0.5).certificate
    assert certificate.reached.minimum == pytest.approx(2 / 30, abs=1e-5)
    assert certificate.reached.maximum == pytest.approx(0.5, abs=1e-5)
    assert certificate.reached.gini == pytest.approx(0.2646, abs=0.001)


def test_a_ceiling_that_nothing_keeps_says_which_would_do():
    with pytest.raises(CeilingTooLow) as refused:
        compute(instance(), ceiling=0.3)
    assert refused.value.lowest == pytest.approx(0.4923, abs=0.001)
    assert str(refused.value).endswith("Sans rien perdre, il peut être 49,3 %.")


def test_a_small_pool_with_a_ceiling():
    free, capped = compute(small_instance()), compute(small_instance(), ceiling=0.25)
    assert free.certificate.exact
    assert capped.certificate.exact
    assert capped.certificate.reached.maximum <= 0.25 + 1e-6
    assert capped.certificate.sentence.endswith("Aucun tirage ne peut être plus égal avec ce plafond.")


def test_the_computation_stops_when_somebody_asks():
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(Cancelled):
        compute(instance(), cancelled=cancelled)
    assert len(asked) == 2


def test_gini_is_nothing_where_all_have_the_same():
    assert spread_of([0.1] * 7).gini == pytest.approx(0)
    assert spread_of([0, 0, 0, 1]).gini == pytest.approx(0.75)


def run(folder, out, *, hash_seed: str, seats: int, ceiling: str = "") -> list[bytes]:
    command = [sys.executable, "-m", "members.sortition", folder / "pool.csv", folder / "quotas.csv"]
    command += ["--seats", str(seats), "--out", out, *(["--ceiling", ceiling] if ceiling else [])]
    environ = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    return [(out / name).read_bytes() for name in ("lots.csv", "certificate.json")]


def same_bytes(tmp_path, header, rows, quotas: bytes, seats: int, hash_seeds) -> bytes:
    """Run in processes of their own, the rows of both files in another order each time."""
    head, *lines = quotas.decode().splitlines()
    made = []
    for number, hash_seed in enumerate(hash_seeds):
        folder = tmp_path / str(number)
        folder.mkdir()
        rng = random.Random(number)
        (folder / "pool.csv").write_bytes(csv_bytes(header, rng.sample(rows, len(rows))))
        shuffled = rng.sample(lines, len(lines))
        (folder / "quotas.csv").write_text("\n".join([head, *shuffled]) + "\n")
        made.append(run(folder, folder / "out", hash_seed=hash_seed, seats=seats))
    assert all(one == made[0] for one in made[1:])
    told = json.loads(made[0][1])
    assert told["seats"] == seats
    return made[0][0]


def test_every_process_makes_the_same_bytes(tmp_path):
    rows, quotas, seats = small_files()
    lots = same_bytes(tmp_path, ("id", "canton_sexe", "age", "foyer"), rows, quotas, seats, ("0", "1"))
    assert lots == compute(small_instance()).lots_csv


@pytest.mark.long
def test_every_process_makes_the_same_bytes_of_the_pool_of_1059(tmp_path):
    rows = rows_of_file(pool_bytes())
    cells = [tuple(row.values()) for row in rows]
    lots = same_bytes(tmp_path, tuple(rows[0]), cells, QUOTAS, SEATS, ("0", "1", "4294967295"))
    assert lots == (DATA / "lots.csv").read_bytes()
