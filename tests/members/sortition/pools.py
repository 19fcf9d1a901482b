"""The pools of `tests/data/sortition/` (invented people, 1059 for 108 seats), and small ones made by a seed."""

import random
from functools import cache
from pathlib import Path

from members.sortition.instance import Instance, QuotaLine, Volunteer
from members.sortition.protocol import Lot, read_lots
from members.sortition.reading import csv_bytes, read_instance

DATA = Path(__file__).parents[2] / "data" / "sortition"
SEATS = 108
QUOTAS = (DATA / "quotas.csv").read_bytes()


def pool_bytes(name: str = "faisable") -> bytes:
    return (DATA / f"pool_{name}.csv").read_bytes()


@cache
def instance(name: str = "faisable") -> Instance:
    return read_instance(pool_bytes(name), QUOTAS, SEATS)


@cache
def published_lots() -> tuple[Lot, ...]:
    """Return the files that `python -m members.sortition` made of the first pool."""
    return read_lots((DATA / "lots.csv").read_bytes())


def small_files(people: int = 60, seats: int = 12, seed: int = 7) -> tuple[list[tuple[str, ...]], bytes, int]:
    """Return the rows of a pool and its quotas: three cells, three ages, households; a panel always exists."""
    rng = random.Random(seed)
    rows = []
    for number in range(people):
        cell = f"31{number % 3:02d}-{'FH'[number % 2]}"
        age = rng.choice(("16-29", "30-59", "60+"))
        rows.append((f"V{number:03d}", cell, age, f"M{rng.randrange(people):03d}" if number % 4 else ""))
    cells = sorted({row[1] for row in rows})
    lines = [("canton_sexe", cell, seats // len(cells), seats // len(cells)) for cell in cells]
    lines += [("age", age, 2, 7) for age in ("16-29", "30-59", "60+")]
    return rows, csv_bytes(("feature", "value", "min", "max"), lines), seats


def small_instance(**asked: int) -> Instance:
    rows, quotas, seats = small_files(**asked)
    return read_instance(csv_bytes(("id", "canton_sexe", "age", "foyer"), rows), quotas, seats)


def tiny_instance(seed: int) -> Instance:
    """Return few people with narrow quotas: panels are rare, and often average less than the relaxation."""
    rng = random.Random(seed)
    if seed % 2:
        people, kinds, seats = (
            rng.randint(6, 13),
            [rng.randint(2, 4) for _ in range(rng.randint(2, 3))],
            rng.randint(2, 5),
        )
    else:
        people, kinds = rng.randint(6, 12), [rng.randint(3, 6) for _ in range(rng.randint(3, 4))]
        seats = rng.randint(2, min(4, *kinds))
    volunteers = [
        Volunteer(
            f"v{number:02d}",
            tuple(f"{rng.randrange(kind)}" for kind in kinds),
            f"={rng.randint(0, 2)}" if seed % 2 and rng.random() < 0.35 else f"v{number:02d}",
        )
        for number in range(people)
    ]
    lines = []
    sample = rng.sample(volunteers, min(seats, people))
    for place, kind in enumerate(kinds):
        for value in map(str, range(kind)):
            count = sum(one.values[place] == value for one in sample)
            slack = rng.choice((0, 0, 1))
            bounds = (max(count - slack, 0), count + slack)
            if not seed % 2:
                bounds = rng.choice((0, 0, 0, 0, 1)), rng.choice((1, 1, 1, 2))
            lines.append(QuotaLine(f"f{place}", value, *bounds))
    features = tuple(f"f{place}" for place in range(len(kinds)))
    return Instance(features, tuple(sorted(lines)), tuple(sorted(volunteers)), seats)
