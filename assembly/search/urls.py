"""The address of the search."""

from django.urls import path

from assembly.search import views

app_name = "search"
urlpatterns = [path("recherche/", views.results, name="results")]
