"""ASGI entry: pages through Django, sockets through Channels."""

import io
import multiprocessing
import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.utils.module_loading import import_string

from assembly.config.start import refuse_wrong_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")
django.setup(set_prefix=False)


class Pages(ASGIHandler):
    """Django's handler, which keeps the body of a large request in a temporary file before anything else runs."""

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


refuse_wrong_settings()
refuse_deaf_siblings()
# The origin is judged before the session is read: another site's page may carry our cookie.
sockets = AllowedHostsOriginValidator(
    AuthMiddlewareStack(URLRouter(import_string("assembly.collab.routing.websocket_urlpatterns")))
)
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
