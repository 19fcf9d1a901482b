"""Addresses of sockets."""

from django.urls import path

from assembly.collab.consumers import TextConsumer

websocket_urlpatterns = [path("ws/textes/<uuid:public_id>/", TextConsumer.as_asgi())]
