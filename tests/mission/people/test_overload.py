"""Who has more work than time in the year to come: found by PostgreSQL, counted by the one rule."""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from assembly.institution.todo import backlog_of
from mission.people.contributions import overload_lines, overloads
from mission.people.models import Allocation, CapacityPeriod, TeamPost
from mission.people.queries import overload_candidates, with_lines
from mission.people.rules import first_overload, months_later, months_to_come
from tests.factories.institution import AssemblyFactory
from tests.factories.team import AllocationFactory, CapacityPeriodFactory, TeamPostFactory

EVER = date(2026, 1, 1)


def first_day(month):
    """Return the first day of the month that many months ahead."""
    return months_later(timezone.localdate().replace(day=1), month)


def day(month, number):
    return first_day(month).replace(day=number)


def last_day(month):
    return first_day(month + 1) - timedelta(days=1)


def spans(lines):
    """Return percent, first and last month, as an agent types them."""
    return [{"percent": percent, "starts_on": first_day(a), "ends_on": last_day(z)} for percent, a, z in lines]


def found_by(people):
    first = first_day(0)
    rows = list(overloads(people["lead"], people.term))
    assert [row["overload_due"] for row in rows] == [max(row["month"].month, timezone.localdate()) for row in rows]
    return {
        row["post"].name: (
            (row["month"].month.year - first.year) * 12 + row["month"].month.month - first.month,
            row["month"].load,
            row["month"].capacity,
        )
        for row in rows
    }


@pytest.mark.parametrize(
    ("post", "allocations", "periods", "told"),
    [
        ({}, [], [], None),
        ({}, [(100, 0, 11)], [], None),
        ({}, [(60, 0, 3), (60, 3, 5)], [], (3, 120, 100)),
        ({}, [(60, 0, 3), (60, 4, 5)], [], None),
        ({}, [(60, 0, 2), (60, 4, 5), (50, 5, 8)], [], (5, 110, 100)),
        ({"capacity": 80}, [(81, 0, 0)], [], (0, 81, 80)),
        ({"capacity": 80}, [(80, 0, 0)], [], None),
        ({}, [(100, -6, -1), (100, -3, -1)], [], None),
        ({}, [(100, -6, 0), (1, 0, 20)], [], (0, 101, 100)),
        ({}, [(100, 12, 14), (100, 12, 14)], [], None),
        ({}, [(100, 11, 14), (100, 11, 14)], [], (11, 200, 100)),
        ({}, [(50, 0, 11)], [(40, 5, 6)], (5, 50, 40)),
        ({}, [(50, 0, 4)], [(40, 5, 6)], None),
        ({}, [(50, 0, 11)], [(40, -3, -1), (40, 12, 13)], None),
        ({}, [(50, 0, 11)], [(60, 0, 2), (0, 7, 7)], (7, 50, 0)),
        ({"capacity": 50}, [(70, 2, 3)], [(90, 1, 3)], None),
        ({"capacity": 50}, [(70, 2, 4)], [(90, 1, 3)], (4, 70, 50)),
        ({}, [(10, 0, 11)], [(0, 0, 11)], (0, 10, 0)),
        ({"starts_on": 2}, [(10, 1, 5)], [], (1, 10, 0)),
        ({"starts_on": 2}, [(10, 2, 5)], [], None),
        ({"ends_on": 4}, [(10, 0, 11)], [], (5, 10, 0)),
        ({"ends_on": 4}, [(10, 0, 4)], [], None),
        ({"ends_on": 11}, [(10, 0, 30)], [], None),
        ({"ends_on": -1, "state": "left"}, [(10, -2, 3)], [], (0, 10, 0)),
    ],
)
def test_the_first_month_that_is_too_much_is_told(post, allocations, periods, told, people):
    given = {"starts_on": first_day(post["starts_on"]) if "starts_on" in post else EVER}
    if "ends_on" in post:
        given |= {"starts_on": date(2025, 1, 1), "ends_on": last_day(post["ends_on"])}
    one = TeamPostFactory(assembly=people.assembly, name="Assistant", **(post | given))
    for line in spans(allocations):
        AllocationFactory(row=one, **line)
    for line in spans(periods):
        CapacityPeriodFactory(row=one, **line)
    assert found_by(people) == ({"Assistant": told} if told else {})


def test_a_line_of_some_days_holds_for_the_month(people):
    """Of what the forms never make, and a repair or an import could."""
    one = TeamPostFactory(assembly=people.assembly, name="Assistant", starts_on=EVER)
    AllocationFactory(row=one, percent=50, starts_on=day(2, 3), ends_on=day(2, 9))
    CapacityPeriodFactory(row=one, percent=20, starts_on=day(2, 20), ends_on=day(3, 2))
    arriving = TeamPostFactory(assembly=people.assembly, name="Stagiaire", starts_on=day(3, 15), ends_on=day(5, 10))
    AllocationFactory(row=arriving, percent=30, starts_on=day(3, 1), ends_on=day(6, 1))
    until_the_first = TeamPostFactory(assembly=people.assembly, name="Chargée", capacity=40, starts_on=EVER)
    AllocationFactory(row=until_the_first, percent=50, starts_on=EVER, ends_on=day(0, 1))
    assert found_by(people) == {"Assistant": (2, 50, 20), "Stagiaire": (6, 30, 0), "Chargée": (0, 50, 40)}


def test_posts_of_another_assembly_are_not_told(people):
    theirs = TeamPostFactory(assembly=AssemblyFactory(second=True), capacity=10, starts_on=EVER)
    AllocationFactory(row=theirs, percent=50, starts_on=EVER, ends_on=last_day(3))
    assert found_by(people) == {}


def test_all_are_counted_and_the_first_are_worded(people):
    for month in (5, 3, 4):
        one = TeamPostFactory(assembly=people.assembly, name=f"Poste {month}", capacity=50, starts_on=EVER)
        AllocationFactory(row=one, percent=60, starts_on=first_day(month), ends_on=last_day(month))
    backlog = backlog_of(overload_lines(people["lead"], people.term), people["lead"], people.term, 2)
    assert (backlog.late_count, backlog.coming_count) == (0, 3)
    assert [(line.due_on, str(line.title).split(",")[0]) for line in backlog.lines] == [
        (first_day(3), "Alléger Poste 3"),
        (first_day(4), "Alléger Poste 4"),
    ]


def test_nobody_with_too_much_is_left_out(people):
    """Three hundred posts at random: those that the statement leaves out the rule would not find either."""
    chance = random.Random(20261128)
    by = {"created_by": people["lead"], "changed_by": people["lead"]}

    def some_days(least, most):
        starts, length = chance.randint(least, most), chance.choice([5, 40, 100, 400])
        begun = first_day(0) + timedelta(days=starts)
        return {"starts_on": begun, "ends_on": begun + timedelta(days=length)}

    posts = TeamPost.objects.bulk_create(
        TeamPost(
            assembly=people.assembly,
            reference=f"EQ-{number}",
            name=f"Poste {number}",
            state="active",
            capacity=chance.choice([20, 50, 80, 100, 100]),
            **(some_days(-300, 200) if number % 4 == 0 else {"starts_on": EVER}),
            **by,
        )
        for number in range(300)
    )
    Allocation.objects.bulk_create(
        Allocation(row=post, topic="Réseaux", percent=chance.randint(1, 60), **some_days(-200, 420), **by)
        for post in posts
        for _ in range(chance.randint(0, 3))
    )
    CapacityPeriod.objects.bulk_create(
        CapacityPeriod(row=post, percent=chance.choice([0, 30, 50, 100]), **some_days(-200, 420), **by)
        for post in posts
        if chance.random() < 0.4
    )
    months = months_to_come(timezone.localdate())
    counted = {post.pk: first_overload(post, months) for post in with_lines(TeamPost.objects.all())}
    told = {row["post"].pk: row["month"] for row in overloads(people["lead"], people.term)}
    assert told == {key: month for key, month in counted.items() if month}
    asked = overload_candidates(TeamPost.objects.all(), months[0], months_later(months[-1], 1)).count()
    assert 50 < len(told) <= asked < 250
