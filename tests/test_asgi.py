"""Pages under ASGI: how a request reaches its view."""

import threading

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from assembly.config.asgi import Pages

seen: list[int] = []


@login_not_required
def look(request):
    seen.append(threading.get_ident())
    return HttpResponse(b"ok")


urlpatterns = [path("regarder/", look)]


async def get(pages, address):
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"x-forwarded-proto", b"https")],
    }
    wire = ApplicationCommunicator(pages, scope)
    await wire.send_input({"type": "http.request", "body": b""})
    start, body = await wire.receive_output(10), await wire.receive_output(10)
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
