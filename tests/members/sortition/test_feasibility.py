"""Pools that cannot fill the seats: the sentence, the remedies, and the people whom quotas force or shut out."""

import csv
import subprocess
import sys
from dataclasses import replace

import pytest

from assembly.local.addresses import ROOT
from members.sortition.feasibility import Infeasible, RemedyKind, examine, supplies
from members.sortition.instance import Instance, QuotaLine
from members.sortition.portfolio import compute
from members.sortition.reading import read_instance
from tests.members.sortition.pools import DATA, instance, small_instance

NAMES = {row["code"]: row["nom"] for row in csv.DictReader((DATA / "cantons.csv").read_text().splitlines())}
DECISION = "Chacun exige une décision motivée, inscrite au procès-verbal."


def refusal(of: Instance, names=None) -> Infeasible:
    with pytest.raises(Infeasible) as refused:
        examine(of, names)
    return refused.value


def with_changes(of: Instance, remedy) -> Instance:
    changed = {line.cell: line for line in remedy.changes}
    lines = tuple(changed.get(line.cell, line) for line in of.quotas)
    return replace(of, quotas=lines, seats=remedy.seats)


def test_one_man_in_a_canton_is_found_by_counting():
    said = refusal(instance("infaisable_cellule"), NAMES)
    assert str(said) == (
        "Tirage impossible en l’état. Bagnères-de-Luchon, hommes : 2 sièges, 1 candidat. "
        "Remèdes : (a) prolonger l’appel : Bagnères-de-Luchon, hommes ; "
        "(b) pourvoir 3 femmes + 1 homme (Bagnères-de-Luchon, hommes) ; (c) laisser le siège vacant (107) ; "
        f"(d) ouvrir le siège à un canton voisin. {DECISION}"
    )
    assert [(one.line.value, one.people, one.households) for one in said.short] == [("3102-H", 1, 1)]
    men = QuotaLine("canton_sexe", "3102-H", 1, 1)
    assert [(one.kind, one.changes, one.seats) for one in said.remedies] == [
        (RemedyKind.EXTEND_CALL, (), 108),
        (RemedyKind.OTHER_GENDER, (men, QuotaLine("canton_sexe", "3102-F", 3, 3)), 108),
        (RemedyKind.LEAVE_VACANT, (men,), 107),
        (RemedyKind.OPEN_TO_NEIGHBOUR, (men,), 108),
    ]
    for remedy in said.remedies[1:3]:
        assert examine(with_changes(instance("infaisable_cellule"), remedy)).excluded == ()


def test_workers_of_one_canton_are_found_by_the_solver():
    said = refusal(instance("infaisable_croise"), NAMES)
    assert str(said) == (
        "Tirage impossible en l’état. Chaque ligne des quotas peut être tenue seule, pas toutes ensemble "
        "(csp « ouvrier »). Remèdes : (a) prolonger l’appel ; (b) abaisser de 9 à 4 le minimum de csp « ouvrier ». "
        f"{DECISION}"
    )
    assert said.short == ()
    widen = said.remedies[1]
    assert (widen.kind, widen.changes) == (RemedyKind.WIDEN, (QuotaLine("csp", "ouvrier", 4, 13),))
    examine(with_changes(instance("infaisable_croise"), widen))


def made(pool: str, quotas: str, seats: int) -> Instance:
    return read_instance(pool.encode(), ("feature,value,min,max\n" + quotas).encode(), seats)


def test_two_men_of_one_household_are_one_candidate():
    pool = "id,canton_sexe,foyer\nV1,31-F,\nV2,31-F,\nV3,31-H,M\nV4,31-H,M\n"
    said = refusal(made(pool, "canton_sexe,31-F,2,2\ncanton_sexe,31-H,2,2\n", 4), {"31": "Luchon"})
    assert "Luchon, hommes : 2 sièges, 2 candidats, dont 1 seulement, un par foyer, peut siéger." in str(said)
    # Two women stand for what would be three seats: that is no remedy.
    assert [one.kind for one in said.remedies] == [
        RemedyKind.EXTEND_CALL,
        RemedyKind.LEAVE_VACANT,
        RemedyKind.OPEN_TO_NEIGHBOUR,
    ]


def test_a_line_without_anybody():
    pool = "id,age\nV1,a\nV2,a\nV3,b\n"
    said = refusal(made(pool, "age,a,1,2\nage,b,0,1\nage,c,1,2\n", 3))
    assert "age « c » : 1 siège au moins, aucun candidat." in str(said)
    assert said.remedies[1].sentence == "abaisser de 1 à 0 le minimum de age « c »"
    assert compute(with_changes(made(pool, "age,a,1,2\nage,b,0,1\nage,c,1,2\n", 3), said.remedies[1])).lots


def test_households_alone_may_forbid_the_seats():
    pool = "id,age,foyer\nV1,a,M\nV2,b,M\nV3,a,N\nV4,b,N\n"
    said = refusal(made(pool, "age,a,0,3\nage,b,0,3\n", 3))
    assert "3 sièges, 2 foyers : un seul par foyer peut siéger." in str(said)


def test_lines_of_one_number_give_way_where_nothing_else_does():
    pool = "id,age,csp\nV1,a,x\nV2,b,x\nV3,a,x\nV4,c,y\n"
    said = refusal(made(pool, "age,a,1,1\nage,b,1,1\nage,c,0,0\ncsp,x,1,1\ncsp,y,1,1\n", 2))
    assert {one.kind for one in said.remedies} == {RemedyKind.EXTEND_CALL, RemedyKind.WIDEN}


def test_who_sits_always_and_who_never_is_told():
    """V1 is the only farmer; V2 shares her household; V3 lives with nobody but her age is full of V1."""
    pool = "id,age,csp,foyer\nV1,a,x,M\nV2,b,y,M\nV3,a,y,\nV4,b,y,\nV5,b,y,\n"
    one = made(pool, "age,a,1,1\nage,b,1,1\ncsp,x,1,1\ncsp,y,1,1\n", 2)
    seen = examine(one)
    assert (seen.forced, seen.excluded) == (("V1",), ("V2", "V3"))
    portfolio = compute(one)
    assert (portfolio.certificate.forced, portfolio.certificate.excluded) == (("V1",), ("V2", "V3"))
    assert portfolio.chances == {"V1": 10_000, "V2": 0, "V3": 0, "V4": 5000, "V5": 5000}


def test_supply_stands_beside_each_line():
    told = {one.line.value: (one.people, one.households) for one in supplies(instance("infaisable_cellule"))}
    assert told["3102-H"] == (1, 1)
    assert sum(people for value, (people, _homes) in told.items() if value[-2:] in ("-F", "-H")) == 1059
    assert all(homes <= people for people, homes in told.values())
    assert [one.line for one in supplies(small_instance())] == list(small_instance().quotas)


@pytest.mark.parametrize(
    ("pool", "seats", "words"),
    [
        ("pool_infaisable_cellule.csv", "108", "Bagnères-de-Luchon, hommes : 2 sièges, 1 candidat."),
        ("pool_infaisable_croise.csv", "108", "csp « ouvrier »"),
        ("pool_faisable.csv", "107", "les minimums de « canton_sexe » font 108, pour 107 sièges."),
        ("absent.csv", "108", "absent.csv"),
    ],
)
def test_the_command_ends_with_a_sentence(tmp_path, pool, seats, words):
    command = [sys.executable, "-m", "members.sortition", DATA / pool, DATA / "quotas.csv", "--seats", seats]
    command += ["--names", DATA / "cantons.csv", "--out", tmp_path / "out"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert words in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "out").exists()
