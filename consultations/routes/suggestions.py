"""Addresses of the suggestions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
