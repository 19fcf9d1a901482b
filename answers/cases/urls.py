"""Addresses of those who write and decide: directorates, elected sponsor, president’s office."""

from django.urls import URLPattern, path, re_path

from answers.cases import views as directorate
from answers.views import directorate_decide, table_files
from answers.views.directorate_steps import DIRECTORATE_STEPS

AREA = "instructions/reponses/"
TABLE = f"{AREA}avis/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(AREA, directorate.directorate_list, name="directorate-list"),
    path(f"{AREA}decider/", directorate_decide.directorate_decide, name="directorate-decide"),
    path(TABLE, table_files.directorate_table, name="directorate-table"),
    path(f"{TABLE}garder/", table_files.directorate_table_keep, name="directorate-table-keep"),
    re_path(
        rf"^{AREA}avis/(?P<pk>[0-9]{{1,18}})/reponses\.(?P<suffix>docx|ods|csv)$",
        table_files.directorate_table_file,
        name="directorate-table-file",
    ),
    path(f"{AREA}<int:pk>/", directorate.directorate_case, name="directorate-case"),
    DIRECTORATE_STEPS.path(f"{AREA}<int:pk>/etapes/"),
]
