"""Pages under ASGI: how a request reaches its view."""

import asyncio
import itertools
import threading

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.decorators import login_not_required
from django.core.signals import request_finished
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from assembly.config.asgi import Pages

seen: list[int | str] = []


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
    """Respond whether this thread still has the connection of an earlier request."""
    return HttpResponse(b"open" if connection.connection else b"closed")


class Drip(StreamingHttpResponse):
    """Pieces without an end; `closed` once nobody reads them."""

    async def __aiter__(self):
        for number in itertools.count():
            dripped.append(number)
            yield b"%d " % number
            await asyncio.sleep(0.01)

    def close(self):
        seen.append("closed")
        super().close()


@login_not_required
def drip(request):
    return Drip([])


@login_not_required
def three_pieces(request):
    async def pieces():
        for piece in (b"one ", b"two ", b"three"):
            yield piece

    return StreamingHttpResponse(pieces())


dripped: list[int] = []
together = threading.Barrier(2)
urlpatterns = [
    path("regarder/", look),
    path("attendre/", wait_for_another),
    path("reste/", left_open),
    path("goutte/", drip),
    path("trois/", three_pieces),
]


@pytest.fixture(autouse=True)
def _nothing_seen():
    seen.clear()
    dripped.clear()


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
    """The signals of its beginning and end are sent there too; a way into a thread costs a fifth of a millisecond."""
    entered, call = [], SyncToAsync.__call__

    async def count(self, *args, **kwargs):
        entered.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await call(self, *args, **kwargs)

    pages = Pages()
    assert (await get(pages, "/regarder/"))[0] == 200
    monkeypatch.setattr(SyncToAsync, "__call__", count)
    assert await get(pages, "/regarder/") == (200, b"ok")
    assert entered == ["Pages.answer"]
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


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_page_waits_for_its_reader_without_a_connection():
    """All is done with it before its first byte leaves: somebody with a slow line holds no connection."""
    order = []

    def finished(**kwargs):
        order.append("finished")

    request_finished.connect(finished)
    try:
        wire = await asked(Pages(), "/regarder/")
        await wire.receive_output(10)
        order.append("sent")
        await wire.wait(10)
    finally:
        request_finished.disconnect(finished)
    assert order == ["finished", "sent"]


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_stream_is_sent_whole_and_its_request_ends_after_it():
    pages = Pages()
    wire = await asked(pages, "/trois/")
    sent = [await wire.receive_output(10) for _ in range(5)]
    await wire.wait(10)
    assert b"".join(message.get("body", b"") for message in sent) == b"one two three"
    assert not sent[-1].get("more_body", False)
    assert len(pages.idle) == 1


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_stream_ends_when_its_visitor_leaves():
    pages = Pages()
    wire = await asked(pages, "/goutte/")
    while len(dripped) < 3:
        await asyncio.sleep(0.01)
    await wire.send_input({"type": "http.disconnect"})
    await wire.wait(10)
    assert seen == ["closed"]
    assert len(pages.idle) == 1
    count = len(dripped)
    await asyncio.sleep(0.1)
    assert len(dripped) == count


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_visitor_who_leaves_in_mid_sending_is_answered_nothing():
    """The body of a form breaks off: no view sees half of it."""
    pages = Pages()
    scope = {"type": "http", "method": "POST", "path": "/regarder/", "query_string": b"", "headers": []}
    wire = ApplicationCommunicator(pages, scope)
    await wire.send_input({"type": "http.request", "body": b"half", "more_body": True})
    await wire.send_input({"type": "http.disconnect"})
    await wire.wait(10)
    assert await wire.receive_nothing()
    assert seen == []
    assert len(pages.idle) == 1


@pytest.mark.urls(__name__)
@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_an_address_that_is_no_text_is_refused():
    scope = {"type": "http", "method": "GET", "path": "/regarder/", "query_string": b"\xff", "headers": []}
    wire = ApplicationCommunicator(Pages(), scope)
    await wire.send_input({"type": "http.request", "body": b""})
    assert (await wire.receive_output(10))["status"] == 400
    await wire.receive_output(10)
    await wire.wait(10)
    assert seen == []
