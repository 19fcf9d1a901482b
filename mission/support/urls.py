"""Addresses of the support beside those of its register."""

from django.urls import path

from mission.support import views

BASE = "bureau/mission/appui/"
urlpatterns = [
    path(f"{BASE}qui-a-mene-quoi/", views.support_map, name="support-map"),
    path(f"{BASE}<int:pk>/note/", views.advice_note, name="support-note"),
    path(
        f"{BASE}<int:pk>/formations/<int:line>/attestation/", views.attendance_certificate, name="support-certificate"
    ),
]
