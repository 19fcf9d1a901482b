"""URLs of the indicators; the public ones never change."""

from django.urls import URLPattern, path

from mission.indicators import views

DESK = "bureau/mission/indicateurs/"
SHEETS = f"{DESK}fiches/"
DIRECTORATE = "instructions/indicateurs/"
PUBLIC = "indicateurs/"

urlpatterns: list[URLPattern] = [
    path(DESK, views.desk_indicators, name="indicators"),
    path(f"{DESK}export.csv", views.desk_indicators_export, name="indicators-export"),
    path(f"{DESK}comparer/", views.desk_comparison, name="indicators-compare"),
    path(SHEETS, views.sheets, name="indicator-sheets"),
    path(f"{SHEETS}<int:pk>/", views.sheet, name="indicator-sheet"),
    path(f"{SHEETS}<int:pk>/pdf/", views.sheet_print, name="indicator-sheet-print"),
    path(f"{DESK}<slug:name>/", views.desk_indicator, name="indicator"),
    path(f"{DESK}<slug:name>/lignes/", views.desk_rows, name="indicator-rows"),
    path(f"{DESK}<slug:name>/saisir/", views.indicator_entry, name="indicator-entry"),
    path(DIRECTORATE, views.directorate_indicators, name="directorate-indicators"),
    path(f"{DIRECTORATE}<slug:name>/lignes/", views.directorate_rows, name="directorate-indicator-rows"),
    path("espace/indicateurs/", views.member_indicators, name="my-indicators"),
    path(PUBLIC, views.public_indicators, name="public-indicators"),
    path(f"{PUBLIC}chiffres.csv", views.public_indicators_file, name="public-indicators-file"),
    path(f"{PUBLIC}<slug:name>/", views.public_indicator, name="public-indicator"),
]
