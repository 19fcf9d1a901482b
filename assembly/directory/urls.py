"""Addresses of the directory."""

from django.urls import path

from assembly.directory import views
from assembly.directory.lists import DIRECTORY
from assembly.institution.pages import list_page

app_name = "directory"
DESK = "bureau/annuaire/"
urlpatterns = [
    path(DESK, list_page(DIRECTORY), name="list"),
    path(f"{DESK}fichier/", views.directory_file, name="file"),
    path(f"{DESK}imprimer/", views.directory_print, name="print"),
    path(f"{DESK}<int:pk>/", views.directory_person, name="person"),
    path(f"{DESK}<int:pk>/vcard/", views.directory_card, name="card"),
]
