"""Addresses of sockets."""

from django.urls import path

from assembly.collab.consumers import text_socket

websocket_urlpatterns = [
    path("ws/textes/<uuid:public_id>/", text_socket),  # type: ignore[arg-type]  # -- channels routes applications, Django's types know views
]
