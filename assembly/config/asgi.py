"""ASGI entry point: pages through Django, sockets through Channels."""

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
from assembly.files.slow_work import release_connections
from assembly.speed.after_response import Deferred, take_deferred
from assembly.web.middleware import is_unreadable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")
django.setup(set_prefix=False)


from assembly.config import bodies  # noqa: E402 -- settings come first
from assembly.web import errors, request_bodies  # noqa: E402 -- the same

IDLE_THREADS = 32  # reused for the next requests; threads of a peak beyond them end with it


class Pages(ASGIHandler):
    """Django's handler for views that are all synchronous: one thread per request.

    Django enters a thread for the signal that opens the request, its middleware, each `process_view`, its view and the
    signal that ends it, and starts that thread anew each time: two thirds of the processor time of an empty page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer in an idle thread, if there is one."""
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
        """Load the middleware chain as under WSGI."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the request in the event loop, answer it in the thread, send the response from the event loop."""
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
        """Answer a whole request; return the response and the calls to make after it was sent.

        A response without a stream is closed, one with a stream holds no connection between two pieces: readers may be
        slow.
        """
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__  # noqa: SLF001 -- the sender of `request_finished`, as in Django
        deferred = take_deferred(response)
        if response.streaming:
            release_connections()  # each piece takes its own
        else:
            response.close()
        return response, deferred

    async def send_stream(self, response: Any, receive: Any, send: Any) -> None:
        """Send a stream until the client disconnects; a server would otherwise read all of it in vain."""
        try:
            async with asyncio.TaskGroup() as tasks:
                both = {tasks.create_task(self.send_response(response, send)), tasks.create_task(receive())}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for task in both:
                    task.cancel()
        finally:
            await sync_to_async(response.close)()

    async def refuse_body(self, answer: Any, scope: Any, receive: Any, send: Any) -> None:
        """Answer a body that is not stored: 413, or 507 on a full disk. No middleware has run yet."""
        try:
            dropped = 0
            # A browser reads no response before it has sent everything.
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


def check_channel_layer() -> None:
    """Raise ImproperlyConfigured for several web processes without a shared channel layer.

    They would show each other's edits two seconds late.
    """
    backend = settings.CHANNEL_LAYERS.get("default", {}).get("BACKEND", "")
    several = multiprocessing.parent_process() is not None or int(os.environ.get("WEB_CONCURRENCY") or 1) > 1
    if several and (not backend or backend.endswith("InMemoryChannelLayer")):
        raise ImproperlyConfigured("More than one web process needs a channel layer that they share (Redis).")


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Close before the handshake (403): a router without a route raises, which answers 500."""
    await send({"type": "websocket.close"})


def readable_cookies(sockets: Any) -> Any:
    """Pass cookies on only if the database can store them.

    One may contain NUL, which a middleware refuses for pages.
    """

    async def filter_cookies(scope: dict[str, Any], receive: Any, send: Any) -> None:
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
        cookies = parse_cookie("; ".join(sent))
        known = not any(map(is_unreadable, cookies.values()))
        await (sockets if known else nowhere)({**scope, "cookies": cookies}, receive, send)

    return filter_cookies


refuse_wrong_settings()
check_channel_layer()
routes = [*import_string("assembly.collab.consumers.websocket_urlpatterns"), re_path("", nowhere)]  # type: ignore[arg-type]  # -- channels routes applications, Django's types declare views
# The origin is checked before the session is read: a page of another site may send our cookie.
sockets = AllowedHostsOriginValidator(readable_cookies(URLRouter(routes)))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
