"""Addresses that anybody may open: printed in the opinions, they never change."""

from django.urls import URLPattern, path

from answers.views import public

THREAD = "propositions/<str:reference>/"

urlpatterns: list[URLPattern] = [
    path(THREAD, public.thread, name="thread"),
    path(f"{THREAD}fil.atom", public.thread_feed, name="thread-feed"),
]
