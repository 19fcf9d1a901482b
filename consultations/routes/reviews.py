"""Addresses of the reviews."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
