"""Addresses of the referrals."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
