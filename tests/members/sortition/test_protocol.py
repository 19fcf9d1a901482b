"""AC-TIRAGE/1: known answers, 20,000 seeds through the draw, and the file that verifies alone."""

import hashlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from members.sortition import protocol, verifier
from members.sortition.protocol import Announcement, Refused, below, drawn_lot, rank, read_lots, seed, ticket
from members.sortition.reading import canonical_pool, canonical_quotas
from tests.members.sortition.pools import DATA, QUOTAS, instance, pool_bytes, published_lots

POOL_SHA = "528c228fcf908296562edfd10f38bd05777b41cf9f9df830eab16e8c31efca53"
QUOTAS_SHA = "e131109174269469f8098dacf93fc11c98facd0e6654495833ed6ebfb60343ed"
KNOWN = Announcement(POOL_SHA, QUOTAS_SHA, "0" * 64)
SOURCES = {"boules": "4-1-7-2", "des": "3.5.1.6.6.2.4.1.1.5.3.2.6.4.2.5.1.3.6.2"}


def known_seed() -> bytes:
    return seed(KNOWN.text, SOURCES)


def test_known_answers():
    assert protocol.sha256(canonical_pool(pool_bytes())) == POOL_SHA
    assert protocol.sha256(canonical_quotas(QUOTAS)) == QUOTAS_SHA
    assert known_seed().hex() == "54fc4cf35ea21a354bede251c77d53571746c937fae6f461c7697fc43129ddf3"
    assert seed(KNOWN.text, dict(reversed(SOURCES.items()))) == known_seed()
    assert below(known_seed(), "lot", 10_000) == 3146
    assert [below(known_seed(), f"d{number}", 6) for number in range(6)] == [5, 3, 3, 5, 1, 4]
    assert ticket("4-1-7-2") == 4172
    assert ticket("0-0-0-0") == 0


def test_known_ranks_of_one_cell():
    at = instance().features.index("canton_sexe")
    cell = [one.id for one in instance().volunteers if one.values[at] == "3102-F"]
    alternates = rank(known_seed(), "suppleants", reversed(cell))
    assert alternates == ["V0233", "V0047", "V0339", "V0779", "V0924", "V1014"]
    assert protocol.draw_few(known_seed(), "suppleants", cell, 2) == ["V0233", "V0047"]
    assert protocol.draw_few(known_seed(), "porte_parole", cell, 2) != ["V0233", "V0047"]


@pytest.mark.parametrize("name", ["", "B", "1a", "a b", "é", "a" * 33, "a\nb"])
def test_names_of_sources_have_one_form(name):
    with pytest.raises(Refused):
        seed(KNOWN.text, {name: "1"})


@pytest.mark.parametrize("value", ["", "1\nb=2", "1 2", "1=2", "é", "1" * 201, "1\n"])
def test_values_of_sources_have_one_form(value):
    with pytest.raises(Refused):
        seed(KNOWN.text, {"a": value})


@pytest.mark.parametrize("balls", ["", "4172", "4-1-7", "4-1-7-2-0", "4-1-7-x", "٤-1-7-2", "4-1-7-2\n", "-4-1-7-2"])
def test_balls_have_one_form(balls):
    with pytest.raises(Refused):
        ticket(balls)


def test_an_announcement_of_another_form_gives_no_seed():
    for text in ("", KNOWN.text[:-1], KNOWN.text + "x=1\n", KNOWN.text.replace("tirage=1", "tirage=0")):
        with pytest.raises(Refused):
            seed(text, SOURCES)


def test_whole_numbers_below_draw_again_what_would_favour_the_small_ones():
    """Digests above the last full round are refused: with n = 3 · 2^254 the upper quarter of them."""
    n = 3 << 254
    found = [below(bytes([number]), "x", n) for number in range(64)]
    first = [int.from_bytes(hashlib.sha256(bytes([number]) + b"|x|0").digest(), "big") for number in range(64)]
    assert any(x >= n for x in first)
    assert all(x < n for x in found)
    assert [x for x in first if x < n] == [y for x, y in zip(first, found, strict=True) if x < n]


# ---- 20,000 seeds through the draw


def deviation(draw) -> float:
    """Return the largest |z| of a volunteer's frequency against the probability in `lots.csv`."""
    seeds = 20_000
    rows = [line.split(",") for line in (DATA / "lots.csv").read_text().splitlines()[1:]]
    ids = [one.id for one in instance().volunteers]
    inside = np.array([np.isin(ids, row[3].split(" ")) for row in rows])
    promised = np.array([int(row[2]) - int(row[1]) + 1 for row in rows]) @ inside / 10_000
    drawn = np.zeros(len(rows))
    for number in range(seeds):
        key = seed(KNOWN.text, {"essai": str(number)})
        lot = draw(published_lots(), below(key, "lot", 10_000))
        if lot is not None:
            drawn[lot.number - 1] += 1
    found = drawn @ inside
    spread = np.sqrt(seeds * promised * (1 - promised))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(found - seeds * promised) / spread
    # Whoever is certain is drawn each time.
    return float(np.where(spread > 1e-6, z, np.where(np.abs(found - seeds * promised) > 0.5, np.inf, 0)).max())


def test_everybody_is_drawn_as_often_as_promised():
    assert deviation(drawn_lot) < 4.5


def last_ticket_lost(lots, number):
    return next((lot for lot in lots if lot.first <= number < lot.last), None)


def first_ticket_lost(lots, number):
    return next((lot for lot in lots if lot.first < number <= lot.last), None)


def next_panel(lots, number):
    return lots[drawn_lot(lots, number).number % len(lots)]


def any_panel(lots, number):
    """Choose a panel uniformly, whatever its tickets."""
    return lots[number % len(lots)]


@pytest.mark.parametrize("mutant", [last_ticket_lost, first_ticket_lost, next_panel, any_panel])
def test_a_draw_that_is_wrong_is_noticed(mutant):
    assert deviation(mutant) > 4.5


def test_each_ticket_names_the_panel_that_was_published():
    rows = [line.split(",") for line in (DATA / "lots.csv").read_text().splitlines()[1:]]
    expected = [int(row[0]) for row in rows for _ticket in range(int(row[1]), int(row[2]) + 1)]
    assert [drawn_lot(published_lots(), number).number for number in range(10_000)] == expected


# ---- lots.csv that are wrong


def changed(old: str, new: str) -> bytes:
    text = (DATA / "lots.csv").read_text()
    assert text.count(old) >= 1
    return text.replace(old, new, 1).encode()


def second_row() -> list[str]:
    return (DATA / "lots.csv").read_text().splitlines()[2].split(",")


def test_ranges_with_a_gap_an_overlap_or_a_swap_are_refused():
    number, first, last, _members = second_row()
    head = f"{number},{first},{last},"
    for wrong in (
        f"{number},{int(first) + 1},{last},",
        f"{number},{int(first) - 1},{last},",
        f"{number},{first},{int(last) + 1},",
        f"{number},{last},{first}0,",
        f"3,{first},{last},",
        f"{number},{first},{last},V0000 ",
        f"{number},{first},{last}, ",
        f"{number},{first},{last},Z",
        f"0{number},{first},{last},",
        f"{number},0{first},{last},",
        f"{number},{first},+{last},",
        f"{number},a,{last},",
    ):
        with pytest.raises(Refused):
            read_lots(changed(head, wrong))
    for wrong in (b"", b"lot,de,a,membres\n", b"\xff", (DATA / "lots.csv").read_bytes().rpartition(b"\n75,")[0]):
        with pytest.raises(Refused):
            read_lots(wrong)


# ---- the verifier, alone


@pytest.fixture
def folder(tmp_path):
    for name in ("quotas.csv", "lots.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    shutil.copy(verifier.__file__, tmp_path / "verifier.py")
    lots = protocol.sha256((DATA / "lots.csv").read_bytes())
    (tmp_path / "annonce.txt").write_text(Announcement(POOL_SHA, QUOTAS_SHA, lots).text)
    return tmp_path


def verify(folder, *, sources=SOURCES):
    """Run the verifier in a process without access to our folder and packages."""
    command = [sys.executable, "-I", "-S", "verifier.py", ".", *(f"{name}={value}" for name, value in sources.items())]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_verifier_tells_members_and_alternates(folder):
    said = verify(folder)
    assert said.returncode == 0, said.stderr
    lot = drawn_lot(published_lots(), 4172)
    key = seed((folder / "annonce.txt").read_text(), SOURCES)
    others = {one for other in published_lots() for one in other.members} - set(lot.members)
    assert said.stdout.splitlines() == [
        f"graine {key.hex()}",
        f"billet 4172, lot {lot.number}",
        "membres",
        *lot.members,
        "suppléants",
        *rank(key, protocol.ALTERNATES, others),
    ]


def test_whoever_has_the_pool_gets_everybody(folder):
    without = verify(folder).stdout
    (folder / "pool.csv").write_bytes(pool_bytes())
    told = verify(folder)
    assert told.returncode == 0, told.stderr
    names = [line for line in told.stdout.splitlines() if line.startswith("V")]
    assert len(names) == len(set(names)) == 1059
    assert told.stdout.partition("suppléants")[0] == without.partition("suppléants")[0]
    (folder / "pool.csv").write_bytes(pool_bytes("infaisable_croise"))
    assert verify(folder).returncode == 1


def swap_member(folder) -> None:
    text = (folder / "lots.csv").read_text()
    line = text.splitlines()[1]
    stranger = next(one.id for one in instance().volunteers if one.id not in line)
    members = sorted([*line.split(",")[3].split(" ")[1:], stranger])
    (folder / "lots.csv").write_text(text.replace(line, ",".join([*line.split(",")[:3], " ".join(members)])))


def swap_range(folder) -> None:
    number, first, last, members = second_row()
    text = (folder / "lots.csv").read_text()
    (folder / "lots.csv").write_text(
        text.replace(f"\n{number},{first},{last},", f"\n{number},{first},{int(last) + 1},")
    )


def announce_again(folder) -> None:
    digest = hashlib.sha256((folder / "lots.csv").read_bytes()).hexdigest()
    (folder / "annonce.txt").write_text(Announcement(POOL_SHA, QUOTAS_SHA, digest).text)


@pytest.mark.parametrize("swap", [swap_member, swap_range])
def test_the_verifier_refuses_what_was_changed(folder, swap):
    swap(folder)
    said = verify(folder)
    assert said.returncode == 1
    assert "lots.csv n’est pas le fichier annoncé" in said.stderr
    assert said.stdout == ""


def test_a_range_that_is_wrong_is_refused_even_where_its_digest_was_announced(folder):
    swap_range(folder)
    announce_again(folder)
    said = verify(folder)
    assert said.returncode == 1
    assert "les billets ne se suivent pas" in said.stderr


def test_the_verifier_refuses_what_it_cannot_read(folder):
    for sources in ({}, {"boules": "4172"}, {"boules": "4-1-7-2", "B": "1"}, {"boules": "4-1-7-2", "a": "1 2"}):
        assert verify(folder, sources=sources).returncode == 1
    (folder / "annonce.txt").write_text("")
    assert verify(folder).returncode == 1
    (folder / "quotas.csv").unlink()
    assert verify(folder).returncode == 1


def test_other_digits_name_other_people(folder):
    told = verify(folder, sources={**SOURCES, "boules": "9-9-9-9"}).stdout
    assert tuple(told.splitlines()[3 : 3 + 108]) == published_lots()[-1].members
