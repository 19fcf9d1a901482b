"""ASGI entry: pages through Django, sockets through Channels."""

import io
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.http import parse_cookie
from django.urls import re_path
from django.utils.module_loading import import_string

from assembly.config.start import refuse_wrong_settings
from assembly.ui.unreadable import is_unreadable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")
django.setup(set_prefix=False)


IDLE_THREADS = 32  # kept for the next requests; those of a rush beyond them end with it


class Pages(ASGIHandler):
    """Django's handler, which keeps the body of a large request in a temporary file before anything else runs."""

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer in a thread that has answered before.

        Django starts one for each request and ends it: half the processor of an empty page.
        """
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
        """Load the chain as under WSGI: one way into a thread for the whole request.

        Every middleware and view of ours is synchronous. Django's own way goes back to the event loop before the view
        and enters a thread anew for it and for each `process_view`: six more ways, a fifth of a signed-in page.
        """
        super().load_middleware(is_async=False)
        chain = self._middleware_chain  # type: ignore[has-type]  # -- set by Django, told by no stub
        self._middleware_chain = sync_to_async(chain, thread_sensitive=True)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer 507 when that file finds no room: no middleware has seen the request yet."""
        from assembly.ui import errors  # noqa: PLC0415 -- settings come first

        try:
            await super().handle(scope, receive, send)
        except OSError as error:
            if not errors.is_disk_full(error):
                raise
            while (await receive()).get("more_body"):
                pass  # a browser reads no answer before it has sent everything
            request = self.request_class(scope, io.BytesIO())
            await self.send_response(await sync_to_async(errors.disk_full)(request), send)


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
