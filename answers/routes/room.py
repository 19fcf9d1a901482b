"""Addresses of those who write and decide: directorates, elected sponsor, president’s office."""

from django.urls import URLPattern, path

from answers.views import room, room_decide
from answers.views.room_steps import ROOM_STEPS

ROOM = "instructions/reponses/"

urlpatterns: list[URLPattern] = [
    path(ROOM, room.room_list, name="room-list"),
    path(f"{ROOM}decider/", room_decide.room_decide, name="room-decide"),
    path(f"{ROOM}<int:pk>/", room.room, name="room"),
    ROOM_STEPS.path(f"{ROOM}<int:pk>/etapes/"),
]
