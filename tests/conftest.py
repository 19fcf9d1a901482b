"""Fixtures that every test may ask for. The engines themselves are started by tests/services.py."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from assembly.identity.cache import ForgivingRedisCache
from assembly.jobs import hints
from tests import databases
from tests.browsing import StrictClient
from tests.people import People
from tests.turns import SLOW, function_of, leave_to_another_day, write_slow_tests

pytest_plugins = ["tests.live"]
KEPT_TABLES = {"django_content_type", "auth_permission"}
# What these modules start or make for themselves costs more than their tests: one worker runs them whole, and a
# folder (with its final slash) as one of them.
IN_ONE_PIECE = {
    "tests/assembly/audit/test_database_roles.py",
    "tests/assembly/collab/document/test_editor.py",
    "tests/assembly/collab/test_processes.py",
    "tests/assembly/jobs/test_broker.py",
    "tests/assembly/local/test_supervisor.py",
    "tests/assembly/portal/test_backup.py",
    "tests/e2e/mission_year/",
    "tests/e2e/test_search.py",
    "tests/opinions/papers/test_pages_of_paper.py",
    "tests/test_compose.py",
    "tests/test_faults.py",
}
LONG_STORY = 8  # seconds


def piece_of(nodeid: str) -> str:
    """Return what one worker runs as a whole: the test itself, or its module or folder."""
    module = nodeid.split("::")[0]
    folder = f"{module.rpartition('/')[0]}/"
    return next((piece for piece in (module, folder) if piece in IN_ONE_PIECE), nodeid)


def begins_early(item: pytest.Item) -> bool:
    """Return whether a test runs first: browser tests, long stories, modules that one worker runs as a whole."""
    return bool(
        item.get_closest_marker("browser")
        or piece_of(item.nodeid) in IN_ONE_PIECE
        or SLOW.get(function_of(item.nodeid), 0) > LONG_STORY
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Deselect tests of another day; put the longest first, so that the workers end at the same time."""
    leave_to_another_day(items, piece_of)
    yield
    items.sort(key=lambda item: not begins_early(item))


def pytest_collection_finish() -> None:
    """Exclude the collected tests from garbage collection: they live until the end."""
    gc.collect()
    gc.freeze()


class WholeModules(LoadScopeScheduling):
    """Hand out test by test, but some modules whole: pytest 9.2 does not hear the `xdist_group` marks of xdist 3.8."""

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeModules:
    return WholeModules(config, log)


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Return a function: `count(pages=31, faults=0)` records numbers that are summed up at the end of the run."""
    return lambda **met: record_property("counted", met)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums of the tables over pages, addresses and steps; write the slow tests where requested."""
    if "ASSEMBLY_MEASURE" in os.environ:
        kinds = [terminalreporter.getreports(kind) for kind in ("passed", "failed", "")]
        write_slow_tests(report for reports in kinds for report in reports)
    sums: dict[str, Counter[str]] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        met = [value for name, value in report.user_properties if name == "counted"]
        if met and report.when == "call":
            name = report.nodeid.split("::")[-1].split("[")[0]
            sums.setdefault(name, Counter()).update({"cells": 1, "seconds": round(report.duration), **met[0]})
    for name, counted in sums.items():
        terminalreporter.write_line(f"{name}: " + ", ".join(f"{number} {what}" for what, number in counted.items()))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_createdb: bool
) -> None:
    """Make a database for this process, instead of running every migration in each worker as pytest-django does."""
    with django_db_blocker.unblock():
        databases.use_own_copy(os.environ.get("PYTEST_XDIST_WORKER", "main"), anew=django_db_createdb)


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Start each test without what another one left: rate limits, cached pages, the rest given to a dead neighbour."""
    hints.down_until = ForgivingRedisCache.down_until = 0.0
    cache.clear()


def delete_everything(self: DatabaseOperations, style: object, tables: list[str], **_: object) -> list[str]:
    """Empty the tables without triggers nor foreign keys: a hundred DELETE of few rows take less than one TRUNCATE."""
    filled = [self.quote_name(table) for table in tables if table not in KEPT_TABLES]
    deletes = "; ".join(f"DELETE FROM {table}" for table in filled)  # noqa: S608 -- names from our own models
    return [f"SET LOCAL session_replication_role = replica; {deletes}; SET LOCAL session_replication_role = origin"]


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_the_journal() -> Iterator[None]:
    """Let transactional tests empty every table at the end, which the triggers of the journal refuse.

    Rows of the migrations stay, so that they need not be written again after each of these tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete_everything)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **kwargs: None)
        yield


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """Return a client of this worker's own Redis database, emptied first."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def client() -> StrictClient:
    """Return an anonymous browser that refuses inline handlers, leftover braces and undefined template variables."""
    return StrictClient()


@pytest.fixture
def people(db: None) -> People:
    """Return the people: `people["officer"]` is made at first use; `people.elsewhere("officer")` too."""
    return People()


@pytest.fixture
def proved_for_long(settings: Any) -> None:
    """Make the proof of identity of sensitive pages outlast the test, for tables that sign in once."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600


@pytest.fixture
def signed_in(people: People) -> Callable[..., StrictClient]:
    """Return a function: `signed_in("officer")` or `signed_in(user)` gives a strict browser with a full session.

    `noted=True` is for tables whose cells are rolled back, see `StrictClient.enter`.
    """

    def open_browser(who: object, *, noted: bool = False) -> StrictClient:
        return StrictClient().enter(people.ready(people[who] if isinstance(who, str) else who), noted=noted)

    return open_browser
