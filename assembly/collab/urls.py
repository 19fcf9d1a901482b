"""Addresses beside a text; the page of the text itself belongs to the app that owns it."""

from django.urls import path

from assembly.collab.views import exchange

app_name = "collab"
TEXT = "co-redaction/<uuid:public_id>"
urlpatterns = [
    path(f"{TEXT}/echange/", exchange.exchange, name="exchange"),
]
