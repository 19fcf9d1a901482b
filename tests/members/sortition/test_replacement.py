"""The rule of replacement against an oracle that tries everybody, written apart from it."""

import itertools
import random

import pytest

from members.sortition.protocol import rank
from members.sortition.replacement import succeed, together
from tests.members.sortition.pools import QUOTAS, instance, pool_bytes, published_lots

ORDER = ["canton_sexe", "csp", "age"]
SEED = bytes(32)


def table(content: bytes) -> list[dict[str, str]]:
    header, *rows = (line.split(",") for line in content.decode().splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


PEOPLE = {row["id"]: row for row in table(pool_bytes())}
BOUNDS = {(row["feature"], row["value"]): (int(row["min"]), int(row["max"])) for row in table(QUOTAS)}


def excess(panel: list[str]) -> tuple[int, ...]:
    """Return by how many people a panel violates the quotas of each feature, from the text of the files."""
    out = []
    for feature in ORDER:
        total = 0
        for (name, value), (least, most) in BOUNDS.items():
            if name == feature:
                count = sum(PEOPLE[one][feature] == value for one in panel)
                total += max(0, count - most, least - count)
        out.append(total)
    return tuple(out)


def best(sitting: list[str], vacated: list[str], available: list[str]) -> list[str | None]:
    """Try every set of successors; of the best, the one whose first differing member comes first in rank."""
    homes = {PEOPLE[one]["foyer"] for one in sitting}
    free = [one for one in available if PEOPLE[one]["foyer"] not in homes]
    cells = sorted({PEOPLE[one]["canton_sexe"] for one in vacated})
    choices = []
    for cell in cells:
        many = sum(PEOPLE[one]["canton_sexe"] == cell for one in vacated)
        mine = [one for one in free if PEOPLE[one]["canton_sexe"] == cell]
        choices.append([found for size in range(many + 1) for found in itertools.combinations(mine, size)])
    found = []
    for parts in itertools.product(*choices):
        taken = [one for part in parts for one in part]
        if len({PEOPLE[one]["foyer"] for one in taken}) == len(taken):
            places = sorted(available.index(one) for one in taken)
            # Whoever is earlier in rank is rather taken: compare membership along the rank, taken before not taken.
            along = tuple(place not in places for place in range(len(available)))
            found.append((-len(taken), excess([*sitting, *taken]), along, taken))
    taken = sorted(min(found)[-1], key=available.index)
    out: list[str | None] = []
    for one in vacated:
        mine = [other for other in taken if PEOPLE[other]["canton_sexe"] == PEOPLE[one]["canton_sexe"]]
        out.append(mine[0] if mine else None)
        taken = [other for other in taken if other != out[-1]]
    return out


def ranked(panel: tuple[str, ...], *, without: set[str] | None = None) -> list[str]:
    left = set(PEOPLE) - set(panel) - (without or set())
    return rank(SEED, "suppleants", left)


def test_all_108_resignations():
    panel = published_lots()[40].members
    available = ranked(panel)
    exact = 0
    for one in panel:
        sitting = [other for other in panel if other != one]
        told = succeed(instance(), sitting=sitting, vacated=[one], available=available, order=ORDER)
        cell = [other for other in available if PEOPLE[other]["canton_sexe"] == PEOPLE[one]["canton_sexe"]]
        (successor,) = told.successors
        assert [successor.id] == best(sitting, [one], cell), one
        assert all(considered.excess == excess([*sitting, considered.id]) for considered in successor.considered[:3])
        assert told.after.excess == excess([*sitting, successor.id])
        assert told.before.excess == (0, 0, 0)
        assert told.after.counts["canton_sexe", PEOPLE[one]["canton_sexe"]] == 2
        exact += not any(told.after.excess)
    assert 50 < exact < 108


def few(panel: tuple[str, ...], vacated: list[str], most: int) -> list[str]:
    """Return the first ranks of each cell, so that the oracle can try all of them."""
    kept = []
    for cell in {PEOPLE[one]["canton_sexe"] for one in vacated}:
        kept += [one for one in ranked(panel) if PEOPLE[one]["canton_sexe"] == cell][:most]
    return sorted(kept, key=ranked(panel).index)


@pytest.mark.parametrize("many", [2, 3])
def test_several_vacancies_of_one_day(many):
    rng = random.Random(many)
    for case in range(6):
        panel = published_lots()[rng.randrange(len(published_lots()))].members
        vacated = rng.sample(panel, many)
        if case == 0:  # both women of one canton
            cell = PEOPLE[panel[0]]["canton_sexe"]
            vacated = [one for one in panel if PEOPLE[one]["canton_sexe"] == cell]
        sitting = [one for one in panel if one not in vacated]
        available = few(panel, vacated, 5)
        told = succeed(instance(), sitting=sitting, vacated=vacated, available=available, order=ORDER)
        assert [one.id for one in told.successors] == best(sitting, vacated, available)
        assert told.after.excess == excess([*sitting, *(one.id for one in told.successors)])


def test_one_vacancy_has_the_same_answer_by_the_solver():
    panel = published_lots()[3].members
    available = ranked(panel)
    for one in panel[:6]:
        sitting = [other for other in panel if other != one]
        cell = PEOPLE[one]["canton_sexe"]
        homes = {PEOPLE[other]["foyer"] for other in sitting}
        mine = [x for x in available if PEOPLE[x]["canton_sexe"] == cell and PEOPLE[x]["foyer"] not in homes]
        told = succeed(instance(), sitting=sitting, vacated=[one], available=available, order=ORDER)
        assert [told.successors[0].id] == together(instance(), sitting, mine, ORDER, {cell: 1})


def test_refusals_are_passed_over():
    panel = published_lots()[40].members
    sitting = [other for other in panel if other != panel[7]]
    asked = {"sitting": sitting, "vacated": [panel[7]], "order": ORDER}
    first = succeed(instance(), available=ranked(panel), **asked).successors[0].id
    left = ranked(panel, without={first})
    (second,) = succeed(instance(), available=left, **asked).successors
    assert second.id not in {None, first}
    assert first not in [one.id for one in second.considered]


def test_housemates_of_those_who_sit_are_passed_over():
    panel = published_lots()[40].members
    homes = {PEOPLE[one]["foyer"]: one for one in panel}
    housemate = next(one for one in ranked(panel) if PEOPLE[one]["foyer"] in homes)
    cell = [one for one in panel if PEOPLE[one]["canton_sexe"] == PEOPLE[housemate]["canton_sexe"]]
    leaving = next(one for one in cell if one != homes[PEOPLE[housemate]["foyer"]])
    sitting = [one for one in panel if one != leaving]
    (successor,) = succeed(
        instance(), sitting=sitting, vacated=[leaving], available=[housemate], order=ORDER
    ).successors
    assert (successor.id, successor.considered) == (None, ())


def test_a_cell_without_anybody_leaves_the_seat_vacant():
    panel = published_lots()[40].members
    one, other = panel[7], panel[8]
    sitting = [x for x in panel if x not in {one, other}]
    available = [x for x in ranked(panel) if PEOPLE[x]["canton_sexe"] != PEOPLE[one]["canton_sexe"]]
    alone = succeed(instance(), sitting=[*sitting, other], vacated=[one], available=available, order=ORDER)
    assert alone.successors[0].id is None
    assert alone.successors[0].considered == ()
    assert alone.after.excess[0] == 1
    told = succeed(instance(), sitting=sitting, vacated=[one, other], available=available, order=ORDER)
    assert told.successors[0].id is None
    assert told.successors[1].id is not None
    nobody = succeed(instance(), sitting=sitting, vacated=[one, other], available=[], order=ORDER)
    assert [x.id for x in nobody.successors] == [None, None]
    nothing = succeed(instance(), sitting=panel, vacated=[], available=available, order=ORDER)
    assert nothing.successors == ()
    assert nothing.after == nothing.before


@pytest.mark.parametrize(
    "wrong",
    [
        {"available": ["V0001", "V0001"]},
        {"available": ["nobody"]},
        {"sitting": ["V0001"], "vacated": ["V0001"]},
        {"order": ["canton_sexe", "csp"]},
        {"order": ["canton_sexe", "csp", "csp"]},
    ],
)
def test_lists_that_cannot_be_are_refused(wrong):
    asked = {"sitting": [], "vacated": [], "available": [], "order": ORDER, **wrong}
    with pytest.raises(ValueError, match=r"id|order"):
        succeed(instance(), **asked)
