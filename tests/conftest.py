"""Fixtures that every test may ask for. The engines themselves are started by tests/services.py."""

from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.browsing import StrictClient
from tests.people import People

pytest_plugins = ["tests.live"]


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Start each test without what another one left in the cache: rate limits, cached pages."""
    cache.clear()
    return


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_the_journal() -> Iterator[None]:
    """The journal refuses TRUNCATE, which is how transactional tests clean up: only there, its triggers are off."""
    flush = DatabaseOperations.execute_sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            DatabaseOperations,
            "execute_sql_flush",
            lambda self, statements: flush(
                self,
                [
                    "SET LOCAL session_replication_role = replica",
                    *statements,
                    "SET LOCAL session_replication_role = origin",
                ],
            ),
        )
        yield


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """Speak to this worker's own Redis database, emptied first."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def client() -> StrictClient:
    """An anonymous browser that refuses inline handlers, leftover braces and undefined template variables."""
    return StrictClient()


@pytest.fixture
def people(db: None) -> People:
    """`people["officer"]`: the user who holds that role, made at first use; `people.elsewhere("officer")` too."""
    return People()


@pytest.fixture
def signed_in(people: People) -> Callable[..., StrictClient]:
    """`signed_in("officer")` or `signed_in(user)`: a strict browser behind the sign-in, second factor included."""

    def open_browser(who: object) -> StrictClient:
        return StrictClient().enter(people.ready(people[who] if isinstance(who, str) else who))

    return open_browser
