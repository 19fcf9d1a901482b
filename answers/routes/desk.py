"""Addresses of the back office: the board of the answers, the page of one case, its steps."""

from django.urls import URLPattern, path

from answers.lists import ANSWERS
from answers.pages import DESK_STEPS
from answers.views import desk, desk_case, table
from assembly.institution.list_pages import list_file, list_page

DESK = "bureau/reponses/"
ONE = f"{DESK}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(DESK, list_page(ANSWERS), name="desk"),
    path(f"{DESK}export.csv", list_file(ANSWERS), name="desk-export"),
    path(f"{DESK}choisies/", desk.chosen, name="desk-chosen"),
    path(f"{DESK}avis/<int:pk>/", table.desk_table, name="desk-table"),
    path(ONE, desk_case.desk_case, name="desk-case"),
    path(f"{ONE}historique/", desk_case.history, name="desk-history"),
    DESK_STEPS.path(f"{ONE}etapes/"),
]
