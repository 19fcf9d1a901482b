"""Addresses of minutes, decisions and ballots."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
