"""Addresses of the briefing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
