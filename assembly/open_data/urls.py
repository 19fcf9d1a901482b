"""Addresses of the open data, which never change: those of the sets, then those beside the public pages.

The declarations are added before the first address is resolved (`assembly.portal.apps`).
"""

from django.urls import path

from assembly.open_data import views
from assembly.open_data.registry import data_sets

app_name = "open_data"
urlpatterns = [
    path("donnees/", views.index, name="index"),
    path("donnees/openapi.json", views.description, name="description"),
    path("donnees/donnees.zip", views.archive_file, name="archive"),
    path("donnees/<slug:name>.csv", views.set_csv, name="set-csv"),
    path("donnees/<slug:name>.json", views.set_json, name="set-json"),
    *(
        path(f"{each.page.path}<str:reference>.json", views.page_json, {"key": each.key}, name=each.key)
        for each in data_sets()
        if each.page
    ),
]
