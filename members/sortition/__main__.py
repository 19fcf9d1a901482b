"""Write `lots.csv` and `certificate.json`: `python -m members.sortition POOL.csv QUOTAS.csv --seats 108 --out DIR`."""

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from members.sortition import feasibility, portfolio, reading
from members.sortition.solver import Undecided
from members.sortition.targets import CeilingTooLow


def chance(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} : un nombre entre 0 et 1")
    return value


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m members.sortition", description="Billets d’un tirage au sort.")
    parser.add_argument("pool", type=Path, metavar="POOL.csv")
    parser.add_argument("quotas", type=Path, metavar="QUOTAS.csv")
    parser.add_argument("--seats", type=int, required=True)
    parser.add_argument("--ceiling", type=chance, help="plus grande chance admise, comme 0.5")
    parser.add_argument("--names", type=Path, help="CSV « code,nom » des mots à écrire dans les phrases")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    return parser.parse_args(arguments)


def read_names(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row["nom"] for row in csv.DictReader(file)}


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(arguments)
    try:
        instance = reading.read_instance(options.pool.read_bytes(), options.quotas.read_bytes(), options.seats)
        panel_portfolio = portfolio.compute(instance, ceiling=options.ceiling, names=read_names(options.names))
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "lots.csv").write_bytes(panel_portfolio.lots_csv)
        (options.out / "certificate.json").write_bytes(panel_portfolio.certificate_json)
    except (OSError, reading.InvalidInput, feasibility.Infeasible, CeilingTooLow, Undecided) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{panel_portfolio.certificate.sentence}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
