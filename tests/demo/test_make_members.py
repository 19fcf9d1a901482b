"""The file of 108 invented members that the demonstration starts from."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from assembly.imports import actions
from demo import make_members
from members.mandates import actions as mandates
from tests.factories.institution import CantonFactory, CommitteeFactory

FILE = Path(make_members.__file__).parent / "membres.csv"


def test_the_committed_file_is_what_the_generator_writes():
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source, delimiter=";"))
    assert rows == [make_members.HEADER, *make_members.people()]


def test_the_people_are_invented_and_varied():
    rows = [dict(zip(make_members.HEADER, row, strict=True)) for row in make_members.people()]
    assert len(rows) == 108
    assert set(Counter(row["canton"] for row in rows).values()) == {4}
    assert Counter(row["genre"] for row in rows) == {"F": 54, "M": 54}
    assert sum(not row["courriel"] for row in rows) == 4
    assert all(row["courriel"].endswith("@example.org") for row in rows if row["courriel"])
    assert all(row["téléphone"].startswith("06 39 98 ") for row in rows)
    assert len({row["téléphone"] for row in rows}) == 108
    needs = " ".join(row["besoins"] for row in rows)
    assert all(word in needs for word in ("LSF", "sans marche", "garde d’enfants"))


@pytest.mark.django_db
def test_the_file_imports_whole(people):
    term = people.term
    for number, (name, _communes) in enumerate(make_members.CANTONS, start=1):
        CantonFactory(assembly=term.assembly, number=number, name=name, slug=make_members.plain(name))
    for index, name in enumerate([*make_members.GROUPS, make_members.CROSS_CUTTING]):
        CommitteeFactory(term=term, name=name, slug=f"g{index}")
    mandates.create_seats(term, by=people["lead"])
    batch = actions.preview(term, FILE.read_bytes(), FILE.name, by=people["officer"], kind="members")
    assert (batch.errors, batch.counters["notes"], batch.counters["create"]) == ([], [], 108)
    result = actions.confirm(batch, by=people["officer"], state="active")
    assert result == {"create": 108, "update": 0, "same": 0, "late": 0, "refused": 0}
