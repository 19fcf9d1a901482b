"""Addresses of sittings, up to their minutes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
