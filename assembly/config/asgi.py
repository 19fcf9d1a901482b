"""ASGI entry: pages through Django, sockets through Channels."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")

application = ProtocolTypeRouter({"http": get_asgi_application()})
