"""ASGI entry: pages through Django, sockets through Channels."""

import multiprocessing
import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from assembly.config.start import refuse_wrong_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")

pages = get_asgi_application()


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
