"""ASGI entry: pages through Django, sockets through Channels."""

import asyncio
import io
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponse, parse_cookie
from django.urls import re_path, set_script_prefix
from django.utils.module_loading import import_string

from assembly.config.start import refuse_wrong_settings
from assembly.ui.after_answer import Deferred, take_deferred
from assembly.ui.pool import give_connections_back
from assembly.ui.unreadable import is_unreadable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")
django.setup(set_prefix=False)


from assembly.config import bodies  # noqa: E402 -- settings come first
from assembly.ui import errors, request_bodies  # noqa: E402 -- the same

IDLE_THREADS = 32  # kept for the next requests; those of a rush beyond them end with it


class Pages(ASGIHandler):
    """Django's handler for views that are all synchronous: one way into a thread for each request.

    Django enters one for the signal that opens it, its middleware, each `process_view`, its view and the signal that
    ends it, and starts that thread anew each time: two thirds of the processor of an empty page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer in a thread that has answered before."""
        thread = self.idle.pop() if self.idle else ThreadPoolExecutor(max_workers=1, thread_name_prefix="page")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            if len(self.idle) < IDLE_THREADS:
                self.idle.append(thread)
            else:
                thread.shutdown(wait=False)

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the chain as under WSGI."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Read a request here, answer it in the thread, send from here what it says."""
        try:
            body = await bodies.receive_body(scope, receive)
        except RequestAborted:
            return
        except bodies.BodyRefused as refused:
            await self.send_response(HttpResponse(status=refused.status, headers={"Connection": "close"}), send)
            return
        except bodies.BodyTooLarge:
            await self.refuse_body(errors.too_large, scope, receive, send)
            return
        except OSError as error:
            if not errors.is_disk_full(error):
                raise
            await self.refuse_body(errors.disk_full, scope, receive, send)
            return
        with closing(body):
            set_script_prefix(get_script_prefix(scope))
            response, deferred = await sync_to_async(self.answer)(scope, body)
            try:
                if response.streaming:
                    await self.send_stream(response, receive, send)
                else:
                    await self.send_response(response, send)
            finally:
                for act in deferred:
                    await sync_to_async(act)()

    def answer(self, scope: Any, body: Any) -> tuple[Any, list[Deferred]]:
        """Answer a whole request; return the response and what is to be done once it has been sent.

        A response without a stream is closed, one with a stream holds no connection between two pieces: readers may be
        slow.
        """
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__  # noqa: SLF001 -- who sends `request_finished`, as in Django's handlers
        deferred = take_deferred(response)
        if response.streaming:
            give_connections_back()  # each piece takes its own
        else:
            response.close()
        return response, deferred

    async def send_stream(self, response: Any, receive: Any, send: Any) -> None:
        """Send a stream until its visitor leaves: a server would take all of it for nobody."""
        try:
            async with asyncio.TaskGroup() as tasks:
                both = {tasks.create_task(self.send_response(response, send)), tasks.create_task(receive())}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for task in both:
                    task.cancel()
        finally:
            await sync_to_async(response.close)()

    async def refuse_body(self, answer: Any, scope: Any, receive: Any, send: Any) -> None:
        """Answer a body that is not kept: 413, or 507 without room. No middleware has seen the request yet."""
        try:
            dropped = 0
            # A browser reads no answer before it has sent everything.
            while (message := await bodies.next_message(receive)).get("more_body"):
                dropped += len(message.get("body", b""))
                if dropped > request_bodies.FILES_BYTES:
                    break
        except (RequestAborted, bodies.BodyRefused):
            return
        request = self.request_class(scope, io.BytesIO())
        response = await sync_to_async(answer)(request)
        response["Connection"] = "close"
        await self.send_response(response, send)


pages = Pages()


def refuse_deaf_siblings() -> None:
    """Web processes of one machine that cannot speak to each other would show each other's words two seconds late."""
    backend = settings.CHANNEL_LAYERS.get("default", {}).get("BACKEND", "")
    several = multiprocessing.parent_process() is not None or int(os.environ.get("WEB_CONCURRENCY") or 1) > 1
    if several and (not backend or backend.endswith("InMemoryChannelLayer")):
        raise ImproperlyConfigured("More than one web process needs a channel layer that they share (Redis).")


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Close before the handshake (403): a router without a route raises, which answers 500."""
    await send({"type": "websocket.close"})


def readable_cookies(sockets: Any) -> Any:
    """Hand the cookies on, if the database can look them up: one may spell NUL, which pages refuse in a middleware."""

    async def judge(scope: dict[str, Any], receive: Any, send: Any) -> None:
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
        cookies = parse_cookie("; ".join(sent))
        known = not any(map(is_unreadable, cookies.values()))
        await (sockets if known else nowhere)({**scope, "cookies": cookies}, receive, send)

    return judge


refuse_wrong_settings()
refuse_deaf_siblings()
routes = [*import_string("assembly.collab.routing.websocket_urlpatterns"), re_path("", nowhere)]  # type: ignore[arg-type]  # -- channels routes applications, Django's types know views
# The origin is judged before the session is read: another site's page may carry our cookie.
sockets = AllowedHostsOriginValidator(readable_cookies(URLRouter(routes)))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
