"""Two clocks at the same moment, each with its own connection: a source is fetched by one of them."""

import threading

import pytest

from mission.fetcher.fetching import Fetched
from mission.watch import actions as watch
from mission.watch.models import WatchSource
from tests.factories.watch import WatchSourceFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_never_fetch_one_source(people):
    for _ in range(4):
        WatchSourceFactory(assembly=people.assembly)
    asked, busy = [], threading.Barrier(2, timeout=10)

    def fetch(address, **validators):
        """Fetch while the other does: no lock is held meanwhile."""
        asked.append(address)
        busy.wait()
        return Fetched(address, "", [], "", "", is_unchanged=True)

    found = together(lambda: watch.fetch_due(fetch), lambda: watch.fetch_due(fetch))
    assert sorted(found) == [2, 2]
    assert sorted(asked) == sorted(WatchSource.objects.values_list("address", flat=True))


def test_a_worker_that_was_killed_keeps_its_source_ten_minutes(people):
    source = WatchSourceFactory(assembly=people.assembly)
    assert watch.claim() == source
    assert watch.claim() is None
    WatchSource.objects.update(next_fetch_at=source.next_fetch_at)
    assert watch.claim() == source
