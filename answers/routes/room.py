"""Addresses of those who write and decide: directorates, elected sponsor, president’s office."""

from django.urls import URLPattern, path, re_path

from answers.views import room, room_decide, table_files
from answers.views.room_steps import ROOM_STEPS

ROOM = "instructions/reponses/"
TABLE = f"{ROOM}avis/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(ROOM, room.room_list, name="room-list"),
    path(f"{ROOM}decider/", room_decide.room_decide, name="room-decide"),
    path(TABLE, table_files.room_table, name="room-table"),
    path(f"{TABLE}garder/", table_files.room_table_keep, name="room-table-keep"),
    re_path(
        rf"^{ROOM}avis/(?P<pk>[0-9]{{1,18}})/reponses\.(?P<suffix>docx|ods|csv)$",
        table_files.room_table_file,
        name="room-table-file",
    ),
    path(f"{ROOM}<int:pk>/", room.room, name="room"),
    ROOM_STEPS.path(f"{ROOM}<int:pk>/etapes/"),
]
