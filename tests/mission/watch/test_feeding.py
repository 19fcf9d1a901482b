"""Feeds become items: once, in the order of their hour, one worker a source, whatever a neighbour does."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from assembly.audit.models import Entry
from mission.fetcher.fetching import fetch_feed
from mission.fetcher.policy import Policy
from mission.watch import actions as watch
from mission.watch.models import SourceState, WatchItem, WatchSource
from tests.factories.watch import WatchSourceFactory
from tests.mission.fetcher import hostile
from tests.mission.fetcher.hostile import HOST, answer, item, redirect, repeated, rss, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    pages = {
        "/good.xml": sent(answer(rss(item("Séance") + item("Arrêt", "https://exemple.fr/arret")), 'ETag: "1"')),
        "/same.xml": sent(answer(rss(item("Un autre titre", "http://www.exemple.fr/arret/?utm_source=x")))),
        "/old.xml": sent(answer(rss(item(more="<pubDate>Fri, 02 Jan 2026 08:00:00 GMT</pubDate>")))),
        "/many.xml": sent(answer(rss("".join(item(f"N° {n}", f"https://exemple.fr/n/{n}") for n in range(80))))),
        "/inside.xml": redirect("http://127.0.0.1/"),
        "/silent.xml": repeated(b"", b"", 100, 0.2),
    }
    with hostile.serving(HOST, pages) as server:
        yield server


@pytest.fixture
def fetch(server):
    return partial(
        fetch_feed,
        policy=Policy(ports=(80, server.port), networks=(f"{HOST}/32",), total_seconds=2, idle_seconds=1),
    )


@pytest.fixture
def source(people, server):
    def make(page, **facts):
        facts.setdefault("assembly", people.assembly)
        return WatchSourceFactory(address=f"http://{HOST}:{server.port}/{page}.xml", **facts)

    return make


def test_a_feed_becomes_items_once(source, fetch):
    feed = source("good", item_kind="territorial", topics=["climat"], territory="Gers")
    assert watch.fetch_due(fetch) == 1
    rows = list(WatchItem.objects.order_by("pk").values_list("name", "link", "kind", "topics", "territory", "state"))
    shared = ("territorial", ["climat"], "Gers", "new")
    assert rows == [("Séance", "https://exemple.fr/a", *shared), ("Arrêt", "https://exemple.fr/arret", *shared)]
    assert Entry.objects.filter(event_type="watch_item.fetched", actor=None).count() == 2
    feed.refresh_from_db()
    assert (feed.etag, feed.failures, feed.failing_since, feed.refusal) == ('"1"', 0, None, "")
    assert timedelta(hours=5) < feed.next_fetch_at - timezone.now() < timedelta(hours=6)
    assert watch.fetch_due(fetch) == 0
    WatchSource.objects.update(next_fetch_at=timezone.now())
    assert (watch.fetch_due(fetch), WatchItem.objects.count()) == (1, 2)


def test_what_another_source_told_is_not_told_again(source, fetch):
    source("good")
    source("same")
    watch.fetch_due(fetch)
    assert sorted(WatchItem.objects.values_list("name", flat=True)) == ["Arrêt", "Séance"]


def test_a_first_fetch_does_not_flood_the_list(source, fetch):
    source("old")
    source("many")
    watch.fetch_due(fetch)
    assert WatchItem.objects.count() == 50


def test_a_failure_is_told_and_asked_again_later_while_the_others_go_on(source, fetch, server):
    silent, inside, good = source("silent"), source("inside"), source("good")
    began = time.monotonic()
    assert watch.fetch_due(fetch) == 3
    assert time.monotonic() - began < 30
    found = {row.pk: row for row in WatchSource.objects.all()}
    assert [found[row.pk].refusal for row in (silent, inside, good)] == ["slow", "private", ""]
    assert [found[row.pk].failures for row in (silent, inside, good)] == [1, 1, 0]
    assert found[silent.pk].failing_since == timezone.localdate()
    assert WatchItem.objects.count() == 2


def test_a_source_that_works_again_has_failed_never(source, fetch):
    feed = source("good", failures=3, failing_since=timezone.localdate() - timedelta(days=9), refusal="slow")
    watch.fetch_due(fetch)
    feed.refresh_from_db()
    assert (feed.failures, feed.failing_since, feed.refusal) == (0, None, "")


def test_only_active_feeds_whose_hour_has_come_are_fetched(source, fetch):
    source("good", state=SourceState.PAUSED)
    source("same", kind="typed")
    later = source("many")
    WatchSource.objects.filter(pk=later.pk).update(next_fetch_at=timezone.now() + timedelta(minutes=1))
    assert watch.fetch_due(fetch) == 0


def test_an_answer_for_an_address_that_was_changed_meanwhile_is_left_aside(source, fetch):
    feed = source("good")
    found = fetch(feed.address)
    WatchSource.objects.update(address="https://exemple.fr/autre.xml")
    assert (watch.note_items(feed, found), WatchItem.objects.count()) == (0, 0)
    watch.note_failure(feed, "slow")
    assert WatchSource.objects.get().failures == 0
