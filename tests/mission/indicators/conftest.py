"""A year shared by the tests of a module: making it takes longer than to look at it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import shared_by_a_module
from tests.mission.indicators.nights import counted_night
from tests.mission.indicators.year import a_year
from tests.people import People


@pytest.fixture(scope="module")
def shared_year(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    """Make the year once for a module, with its last night counted; all tests of the module use `year`."""
    with shared_by_a_module(django_db_blocker):
        people = People()
        a_year(people)
        counted_night(people.term)
        yield people


@pytest.fixture
def year(shared_year: People, db: None) -> People:
    return People(shared_year)
