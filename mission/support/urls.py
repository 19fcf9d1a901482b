"""URLs of the support, in addition to those of its register: back office, and area of directorates."""

from django.urls import path

from mission.support import room_views, views

BASE = "bureau/mission/appui/"
ROOM = "instructions/appui/"
urlpatterns = [
    path(f"{BASE}qui-a-mene-quoi/", views.support_map, name="support-map"),
    path(f"{BASE}intercommunalites/", views.support_territories, name="support-territories"),
    path(f"{BASE}<int:pk>/note/", views.advice_note, name="support-note"),
    path(
        f"{BASE}<int:pk>/formations/<int:line>/attestations/",
        views.attendance_certificates,
        name="support-certificates",
    ),
    path(ROOM, room_views.room_support, name="room-support"),
    path(f"{ROOM}demander/", room_views.room_support_new, name="room-support-new"),
    path(f"{ROOM}<int:pk>/", room_views.room_support_row, name="room-support-row"),
    path(f"{ROOM}<int:pk>/corriger/", room_views.room_support_edit, name="room-support-edit"),
    path(f"{ROOM}<int:pk>/note/", room_views.room_support_note, name="room-support-note"),
    room_views.ROOM_STEPS.path(f"{ROOM}<int:pk>/"),
]
