"""Addresses of representativeness, in the back office and in public."""

from django.urls import URLPattern, path

from draws.representation import views

DESK = "bureau/candidatures/"
PUBLIC = "representativite/"

urlpatterns: list[URLPattern] = [
    path(f"{DESK}profil/", views.representation_page, name="representation"),
    path(f"{DESK}profil.csv", views.representation_file, name="representation-export"),
    path(f"{DESK}profil/population/", views.population_import, name="population-import"),
    path(f"{DESK}profil/population/<int:pk>/<str:action>/", views.population_count, name="population-count"),
    path("qui-siege/", views.public_who_sits, name="public-who-sits"),
    path(PUBLIC, views.public_representation, name="public-representation"),
    path(f"{PUBLIC}chiffres.csv", views.public_representation_file, name="public-representation-file"),
]
