"""Addresses of the call and of its table of cells, in the back office."""

from django.urls import URLPattern, path

from draws.calls import views

DESK = "bureau/candidatures/"

urlpatterns: list[URLPattern] = [
    path(f"{DESK}cantons/", views.cell_table, name="call-cells"),
    path(f"{DESK}cantons.csv", views.cell_table_export, name="call-cells-export"),
    path(f"{DESK}appel/", views.call_page, name="call"),
    path(f"{DESK}appel/preparer/", views.call_prepare, name="call-prepare"),
    views.CALL_STEPS.path(f"{DESK}appel/<int:pk>/etapes/"),
]
