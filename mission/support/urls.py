"""URLs of the support, in addition to those of its register: back office, and area of directorates."""

from django.urls import path

from mission.support import views

BASE = "bureau/mission/appui/"
AREA = "instructions/appui/"
urlpatterns = [
    path(f"{BASE}qui-a-mene-quoi/", views.support_map, name="support-map"),
    path(f"{BASE}intercommunalites/", views.support_territories, name="support-territories"),
    path(f"{BASE}<int:pk>/note/", views.advice_note, name="support-note"),
    path(
        f"{BASE}<int:pk>/formations/<int:line>/attestations/",
        views.attendance_certificates,
        name="support-certificates",
    ),
    path(AREA, views.directorate_support, name="directorate-support"),
    path(f"{AREA}demander/", views.directorate_support_new, name="directorate-support-new"),
    path(f"{AREA}<int:pk>/", views.directorate_support_row, name="directorate-support-row"),
    path(f"{AREA}<int:pk>/corriger/", views.directorate_support_edit, name="directorate-support-edit"),
    path(f"{AREA}<int:pk>/note/", views.directorate_support_note, name="directorate-support-note"),
    views.DIRECTORATE_STEPS.path(f"{AREA}<int:pk>/"),
]
