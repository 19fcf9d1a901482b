"""The address of the search."""

from django.urls import path

from assembly.search import views

app_name = "search"
urlpatterns = [
    path("bureau/recherche/", views.desk_results, name="desk"),
    path("recherche/", views.results, name="results"),
]
