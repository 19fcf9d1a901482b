"""The demonstration as its file tells it, for tests that read all of it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from demo import archive, sealing
from demo.context import at
from demo.days import TODAY
from tests import databases


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Load the file and seal its documents, at noon of its day."""
    with django_db_blocker.unblock(), databases.beside(connection), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "BLOB_DIR", tmp_path_factory.mktemp("demonstration"))
        archive.load()
        call_command("migrate", verbosity=0)
        for name in sealing.steps_to_play():
            sealing.play(name)
        yield


@pytest.fixture
def noon(demonstration: None) -> Iterator[None]:
    with at(f"{TODAY} 12:00"), transaction.atomic():
        yield
        transaction.set_rollback(True)
