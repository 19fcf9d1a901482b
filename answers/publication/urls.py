"""Addresses of threads and answer tables; printed in the opinions, they never change."""

from django.urls import URLPattern, path

from answers.publication import views
from opinions.versions.models import PROPOSAL_ROUTE as THREAD

publication_urls: list[URLPattern] = [
    path(THREAD, views.thread, name="thread"),
    path(f"{THREAD}fil.atom", views.thread_feed, name="thread-feed"),
    path(f"{THREAD}carte/", views.thread_card, name="thread-card"),
    path("avis/<str:reference>/reponses/", views.table, name="table"),
    path("avis/<str:reference>/reponses.json", views.table_json, name="table-json"),
]

DESK = "bureau/reponses/"

seal_urls: list[URLPattern] = [
    path(f"{DESK}avis/<int:pk>/", views.desk_table, name="desk-table"),
]

urlpatterns = [*publication_urls, *seal_urls]
