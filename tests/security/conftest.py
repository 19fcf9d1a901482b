"""People shared by the cells of a table: making them costs more than a cell."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import shared_by_a_module
from tests.people import People
from tests.security.everybody import everybody


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    """Make the people once for the module; a module uses them through `people`."""
    with shared_by_a_module(django_db_blocker):
        yield everybody()
