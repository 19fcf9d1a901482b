"""People shared by the cells of a table: making them costs more than a cell."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.people import People
from tests.security.everybody import everybody


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    """Made once for the module, inside a transaction that is never kept. A module says `people` to use it."""
    shared = transaction.atomic()
    shared._from_testcase = True  # as Django marks the transaction around a test: what runs inside has its own
    with django_db_blocker.unblock(), shared:
        yield everybody()
        transaction.set_rollback(True)
