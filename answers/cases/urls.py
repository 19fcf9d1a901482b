"""Addresses of the board and of a case, for the back office and for those who write and decide."""

from django.urls import URLPattern, path, re_path

from answers.cases import views
from answers.cases.lists import ANSWERS
from answers.cases.views import DIRECTORATE_STEPS
from answers.pages import DESK_STEPS
from assembly.institution.pages import list_file, list_page

DESK = "bureau/reponses/"
ONE = f"{DESK}<int:pk>/"

desk_urls: list[URLPattern] = [
    path(DESK, list_page(ANSWERS), name="desk"),
    path(f"{DESK}export.csv", list_file(ANSWERS), name="desk-export"),
    path(f"{DESK}choisies/", views.chosen, name="desk-chosen"),
    path(ONE, views.desk_case, name="desk-case"),
    path(f"{ONE}historique/", views.history, name="desk-history"),
    DESK_STEPS.path(f"{ONE}etapes/"),
]

AREA = "instructions/reponses/"
TABLE = f"{AREA}avis/<int:pk>/"

directorate_urls: list[URLPattern] = [
    path(AREA, views.directorate_list, name="directorate-list"),
    path(f"{AREA}decider/", views.directorate_decide, name="directorate-decide"),
    path(TABLE, views.directorate_table, name="directorate-table"),
    path(f"{TABLE}garder/", views.directorate_table_keep, name="directorate-table-keep"),
    re_path(
        rf"^{AREA}avis/(?P<pk>[0-9]{{1,18}})/reponses\.(?P<suffix>docx|ods|csv)$",
        views.directorate_table_file,
        name="directorate-table-file",
    ),
    path(f"{AREA}<int:pk>/", views.directorate_case, name="directorate-case"),
    DIRECTORATE_STEPS.path(f"{AREA}<int:pk>/etapes/"),
]

urlpatterns = [*desk_urls, *directorate_urls]
