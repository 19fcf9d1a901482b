"""Checks a draw by lot of the protocol AC-TIRAGE/1. Needs Python alone: no package, no network.

    python verifier.py FOLDER boules=4-1-7-2 des=3.5.1.6.6.2

FOLDER holds what was published before the draw: `annonce.txt`, `quotas.csv`, `lots.csv`, and `pool.csv` for those who
may have it. Prints the ticket, the members drawn and the alternates in their order; an alternate of a canton is the
first of this canton in the list. Ends with an error when a file is not the announced one, when tickets are missing or
given twice, or when a number that was drawn cannot be read.
"""

import csv
import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ANNOUNCEMENT = re.compile(
    r"AC-TIRAGE/1\npool=([0-9a-f]{64})\nquotas=([0-9a-f]{64})\nlots=([0-9a-f]{64})\ntirage=[1-9][0-9]{0,5}\n"
)
TICKETS = 10_000


class Refused(ValueError):
    """What was published or drawn is not as the protocol wants it."""


def ticket(balls: str) -> int:
    """Four balls, `4-1-7-2`, are ticket 4172."""
    if not re.fullmatch(r"[0-9](-[0-9]){3}", balls):
        raise Refused(f"« {balls} » : il faut quatre boules, comme 4-1-7-2.")
    return int(balls.replace("-", ""))


def seed(announcement: str, sources: Mapping[str, str]) -> bytes:
    """SHA-256 of the announcement and of what was drawn in public."""
    if not ANNOUNCEMENT.fullmatch(announcement):
        raise Refused("L’annonce n’a pas la forme prévue.")
    for name, value in sources.items():
        # Nothing else may pass: « 1\nb=2 » would read as two sources.
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) or not re.fullmatch(r"[0-9A-Za-z.:-]{1,200}", value):
            raise Refused(f"La source « {name} » a un nom ou une valeur inattendus.")
    drawn = "".join(f"{name}={value}\n" for name, value in sorted(sources.items()))
    return hashlib.sha256((announcement + drawn).encode("ascii")).digest()


def below(key: bytes, label: str, n: int) -> int:
    """A whole number from 0 to n - 1, each as likely as another: what would favour the small ones is drawn again."""
    limit, attempt = (1 << 256) // n * n, 0
    while True:
        x = int.from_bytes(hashlib.sha256(key + f"|{label}|{attempt}".encode()).digest(), "big")
        if x < limit:
            return x % n
        attempt += 1


def rank(key: bytes, label: str, ids: Iterable[str]) -> list[str]:
    """The ids in an order that nobody could foresee and anybody can compute."""
    return sorted(ids, key=lambda one: (hashlib.sha256(key + f"|{label}|{one}".encode()).digest(), one))


def read_ranges(content: bytes) -> list[tuple[int, int, list[str]]]:
    """First ticket, last ticket and members of each lot: all tickets once, panels of one size, ids sorted."""
    rows = list(csv.reader(content.decode("ascii").splitlines()))
    found = [(int(first), int(last), members.split(" ")) for _number, first, last, members in rows[1:]]
    expected = 0
    for number, (first, last, members) in enumerate(found, 1):
        if first != expected or last < first or rows[number][:3] != [str(number), str(first), str(last)]:
            raise Refused(f"Lot {number} : les billets ne se suivent pas.")
        if members != sorted(set(members) - {""}) or len(members) != len(found[0][2]):
            raise Refused(f"Lot {number} : les membres ne sont pas ceux d’un panel.")
        expected = last + 1
    if expected != TICKETS or rows[0] != ["lot", "de", "a", "membres"]:
        raise Refused(f"Les lots ne couvrent pas les billets 0 à {TICKETS - 1}.")
    return found


def verify_folder(folder: Path, sources: Mapping[str, str]) -> str:
    """What was drawn, in words, once everything published has been found as announced."""
    announcement = (folder / "annonce.txt").read_bytes().decode("ascii")
    key, drawn = seed(announcement, sources), ticket(sources.get("boules", ""))
    for line in announcement.splitlines()[1:4]:
        name, _, announced = line.partition("=")
        path = folder / f"{name}.csv"
        if path.exists() or name != "pool":
            if hashlib.sha256(path.read_bytes()).hexdigest() != announced:
                raise Refused(f"{name}.csv n’est pas le fichier annoncé.")
    ranges = read_ranges((folder / "lots.csv").read_bytes())
    everybody = {one for _first, _last, members in ranges for one in members}
    if (folder / "pool.csv").exists():
        everybody |= {row["id"] for row in csv.DictReader((folder / "pool.csv").read_text("utf-8").splitlines())}
    lot, panel = next((i, members) for i, (first, last, members) in enumerate(ranges, 1) if first <= drawn <= last)
    alternates = rank(key, "suppleants", everybody - set(panel))
    told = [f"graine {key.hex()}", f"billet {drawn:04d}, lot {lot}", "membres", *panel, "suppléants", *alternates]
    return "\n".join(told) + "\n"


if __name__ == "__main__":
    try:
        given = dict(argument.split("=", 1) for argument in sys.argv[2:])
        sys.stdout.write(verify_folder(Path(sys.argv[1]), given))
    except (IndexError, OSError, ValueError) as error:
        sys.exit(f"REFUSÉ : {error}")
