"""Pages under ASGI: how a request reaches its view."""

import asyncio
import threading

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from assembly.config.asgi import Pages

seen: list[int] = []


@login_not_required
def look(request):
    seen.append(threading.get_ident())
    return HttpResponse(b"ok")


@login_not_required
def wait_for_another(request):
    """Answer once a second request is here too; `together` breaks after five seconds."""
    seen.append(threading.get_ident())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
    together.wait(5)
    return HttpResponse(b"ok")


@login_not_required
def left_open(request):
    """Whether this thread still holds the connection of an earlier request."""
    return HttpResponse(b"open" if connection.connection else b"closed")


together = threading.Barrier(2)
urlpatterns = [
    path("regarder/", look),
    path("attendre/", wait_for_another),
    path("reste/", left_open),
]


@pytest.fixture(autouse=True)
def _nothing_seen():
    seen.clear()


async def asked(pages, address):
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"x-forwarded-proto", b"https")],
    }
    wire = ApplicationCommunicator(pages, scope)
    await wire.send_input({"type": "http.request", "body": b""})
    return wire


async def get(pages, address):
    wire = await asked(pages, address)
    start, body = await wire.receive_output(10), await wire.receive_output(10)
    await wire.wait(10)
    return start["status"], body["body"]


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_request_enters_a_thread_once_for_all_its_middleware_and_its_view(monkeypatch):
    """The signals of its beginning and end enter one too; a way into a thread costs a fifth of a millisecond."""
    entered, call = [], SyncToAsync.__call__

    async def count(self, *args, **kwargs):
        entered.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await call(self, *args, **kwargs)

    pages = Pages()
    assert (await get(pages, "/regarder/"))[0] == 200
    monkeypatch.setattr(SyncToAsync, "__call__", count)
    assert await get(pages, "/regarder/") == (200, b"ok")
    assert len(entered) <= 3, entered
    assert len(seen) == 2


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_requests_after_one_another_share_a_thread_and_those_at_once_have_one_each():
    pages = Pages()
    for _ in range(3):
        assert await get(pages, "/regarder/") == (200, b"ok")
    assert len(set(seen)) == 1
    assert await asyncio.gather(*(get(pages, "/attendre/") for _ in range(2))) == [(200, b"ok")] * 2
    assert len(set(seen)) == 2


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_thread_keeps_no_connection_of_the_request_before():
    pages = Pages()
    await asyncio.gather(*(get(pages, "/attendre/") for _ in range(2)))
    assert [await get(pages, "/reste/") for _ in range(3)] == [(200, b"closed")] * 3


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_threads_of_a_rush_end_with_it(monkeypatch):
    monkeypatch.setattr("assembly.config.asgi.IDLE_THREADS", 1)
    pages = Pages()
    await asyncio.gather(*(get(pages, "/attendre/") for _ in range(2)))
    assert len(pages.idle) == 1
    assert await get(pages, "/regarder/") == (200, b"ok")


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_the_thread_of_a_visitor_who_left_is_idle_once_the_view_has_ended():
    pages = Pages()
    wire = await asked(pages, "/attendre/")
    while not seen:
        await asyncio.sleep(0.01)
    await wire.send_input({"type": "http.disconnect"})
    await asyncio.sleep(0.1)
    assert pages.idle == []
    await asyncio.to_thread(together.wait, 5)
    await wire.wait(10)
    assert len(pages.idle) == 1
    assert await get(pages, "/regarder/") == (200, b"ok")
    assert len(set(seen)) == 1
