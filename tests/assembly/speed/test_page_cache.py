"""Public pages are made once a minute for everybody, and never hold what belongs to one visitor."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assembly.config import settings as house
from assembly.speed import page_cache
from assembly.speed.page_cache import PublicPageMiddleware, public_page
from tests.factories.institution import TermFactory
from tests.factories.sessions import SittingFactory

PUBLIC = ["portal:home", "portal:help", "portal:glossary", "portal:legal-notice", "portal:personal-data"]
PUBLIC += ["portal:accessibility", "documents:publications", "sittings:public-list"]


@pytest.fixture(autouse=True)
def _minute(settings):
    settings.PUBLIC_PAGE_SECONDS = 60
    forget()


def forget():
    """Empty the cache, as after a minute or without Redis."""
    cache.clear()
    page_cache.REMEMBERED.clear()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_kept_page_costs_no_sql(name, db, client, django_assert_num_queries):
    TermFactory()
    first = client.get(reverse(name))
    with django_assert_num_queries(0):
        second = client.get(reverse(name))
    assert second.content == first.content
    assert "Set-Cookie" not in second.headers
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_the_browser_that_has_the_page_gets_no_body(db, client):
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_session_neither_reads_nor_feeds_the_cache(db, client, signed_in):
    SittingFactory(title="Avant")
    assert "Se connecter" in client.get("/").content.decode()
    mine = signed_in("member").get("/")
    assert "Mon espace" in mine.content.decode()
    assert mine.headers["Cache-Control"] == "no-store"
    forget()
    signed_in("officer").get("/")
    assert "Se connecter" in Client().get("/").content.decode()


def test_a_page_changes_when_its_minute_is_over(db, client):
    SittingFactory(title="Avant")
    assert "Avant" in client.get("/seances/").content.decode()
    SittingFactory(title="Après", term=TermFactory())
    assert "Après" not in client.get("/seances/").content.decode()
    forget()
    assert "Après" in client.get("/seances/").content.decode()


@pytest.mark.parametrize("path", ["/compte/connexion/", "/verifier/", "/sante/", "/nulle-part/", "/?q=x"])
def test_forms_errors_and_questions_are_not_kept(path, db, client):
    client.get(path)
    assert "ETag" not in client.get(path).headers


def test_another_host_has_its_own_page(db, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    assert Client().get("/").headers["ETag"]
    page_cache.REMEMBERED.clear()
    cache.set("page:http:testserver/", ({"ETag": '"x"', "Content-Type": "text/html"}, b"mine"), 60)
    assert Client().get("/").content == b"mine"
    assert Client().get("/", headers={"host": "other.example.org"}).content != b"mine"


def test_the_cache_stands_before_sessions_and_after_the_headers():
    order = house.MIDDLEWARE
    at = order.index("assembly.speed.page_cache.PublicPageMiddleware")
    assert order.index("assembly.web.middleware.HeadersMiddleware") < at
    assert at < order.index("django.contrib.sessions.middleware.SessionMiddleware")


def test_a_process_gives_a_page_for_a_second_without_asking_redis(rf, monkeypatch):
    made = iter([b"first", b"second"])
    middleware = PublicPageMiddleware(public_page(lambda request: HttpResponse(next(made))))
    now = 1000.0
    monkeypatch.setattr(page_cache, "monotonic", lambda: now)
    looks = []
    for now in (1000.0, 1000.9, 1001.1):  # noqa: B007 -- the clock above reads it
        looks.append(middleware(rf.get("/une-seconde/")).content)
        cache.clear()
    assert looks == [b"first", b"first", b"second"]


def test_the_second_in_a_process_is_part_of_the_minute(rf, redis_client):
    middleware = PublicPageMiddleware(public_page(lambda request: HttpResponse("page")))
    middleware(rf.get("/une-minute/"))
    [key] = redis_client.keys("*une-minute*")
    assert 55 < redis_client.ttl(key) + page_cache.MEMORY_SECONDS <= 60


def test_a_process_holds_so_many_pages_and_no_more(rf, monkeypatch):
    monkeypatch.setattr(page_cache, "MEMORY_PAGES", 3)
    middleware = PublicPageMiddleware(public_page(lambda request: HttpResponse("page")))
    for number in range(10):
        middleware(rf.get(f"/page-{number}/"))
    assert len(page_cache.REMEMBERED) <= 3


def test_forty_visitors_at_once_make_a_lost_page_once(rf):
    """The cache went away (Redis frozen): one thread makes the page, the others take it from the process's memory."""
    made = []

    def view(request):
        made.append(1)
        time.sleep(0.2)
        return HttpResponse("page")

    middleware = PublicPageMiddleware(public_page(view))
    assert middleware(rf.get("/une-page/")).content == b"page"
    forget()
    made.clear()
    with ThreadPoolExecutor(40) as visitors:
        answers = list(visitors.map(lambda _: middleware(rf.get("/une-page/")).content, range(40)))
    assert answers == [b"page"] * 40
    assert len(made) == 1


def test_a_page_that_cannot_be_made_keeps_nobody_waiting_for_long(rf):
    """A view that fails slowly holds the others one second, not one after the other."""
    away = []

    def view(request):
        if away:
            time.sleep(1.5)
            return HttpResponse(status=503)
        return HttpResponse("page")

    middleware = PublicPageMiddleware(public_page(view))
    middleware(rf.get("/autre-page/"))
    forget()
    away.append(1)
    since = time.monotonic()
    with ThreadPoolExecutor(10) as visitors:
        answers = [
            answer.status_code for answer in visitors.map(lambda _: middleware(rf.get("/autre-page/")), range(10))
        ]
    assert answers == [503] * 10
    assert time.monotonic() - since < 5


def test_a_port_in_the_host_makes_no_other_page(rf, redis_client):
    """Anybody may write any port in the Host header, and its case: 65,535 entries a page otherwise."""
    middleware = PublicPageMiddleware(public_page(lambda request: HttpResponse("page")))
    for host in ("testserver", "testserver:80", "testserver:4430", "TESTSERVER:1", "testserver."):
        forgotten = page_cache.REMEMBERED.copy()
        assert middleware(rf.get("/un-port/", headers={"host": host})).content == b"page"
        page_cache.REMEMBERED.clear()
        page_cache.REMEMBERED.update(forgotten)
    assert len(redis_client.keys("*un-port*")) == 1
