"""URLs of the support, in addition to those of its register: back office, and area of directorates."""

from django.urls import path

from mission.support import directorate_views, views

BASE = "bureau/mission/appui/"
DIRECTORATE = "instructions/appui/"
urlpatterns = [
    path(f"{BASE}qui-a-mene-quoi/", views.support_map, name="support-map"),
    path(f"{BASE}intercommunalites/", views.support_territories, name="support-territories"),
    path(f"{BASE}<int:pk>/note/", views.advice_note, name="support-note"),
    path(
        f"{BASE}<int:pk>/formations/<int:line>/attestations/",
        views.attendance_certificates,
        name="support-certificates",
    ),
    path(DIRECTORATE, directorate_views.directorate_support, name="room-support"),
    path(f"{DIRECTORATE}demander/", directorate_views.directorate_support_new, name="room-support-new"),
    path(f"{DIRECTORATE}<int:pk>/", directorate_views.directorate_support_row, name="room-support-row"),
    path(f"{DIRECTORATE}<int:pk>/corriger/", directorate_views.directorate_support_edit, name="room-support-edit"),
    path(f"{DIRECTORATE}<int:pk>/note/", directorate_views.directorate_support_note, name="room-support-note"),
    directorate_views.DIRECTORATE_STEPS.path(f"{DIRECTORATE}<int:pk>/"),
]
