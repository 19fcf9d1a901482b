"""Fixtures that every test may ask for. The engines themselves are started by tests/services.py."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Start each test without what another one left in the cache: rate limits, cached pages."""
    cache.clear()
    return


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """Speak to this worker's own Redis database, emptied first."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.close()
