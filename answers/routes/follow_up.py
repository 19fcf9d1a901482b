"""Addresses of the follow-ups, in the bureau, the room of the directorates and that of the members."""

from django.urls import URLPattern, path

from answers.views import committee, follow_up
from answers.views.committee import COMMITTEE_STEPS
from answers.views.follow_up_steps import DESK_FOLLOW_UP_STEPS, ROOM_FOLLOW_UP_STEPS

DESK = "bureau/suites/"
COMMITTEE = "espace/suites/"
ROOM = "instructions/suites/"

urlpatterns: list[URLPattern] = [
    path(DESK, follow_up.follow_ups, name="follow-ups"),
    path(f"{DESK}export.csv", follow_up.follow_ups_export, name="follow-ups-export"),
    path("bureau/reponses/<int:pk>/suites/", follow_up.desk_follow_up, name="desk-follow-up"),
    DESK_FOLLOW_UP_STEPS.path(f"{DESK}<int:pk>/etapes/"),
    path(ROOM, follow_up.room_follow_ups, name="room-follow-ups"),
    path(COMMITTEE, committee.committee_follow_ups, name="committee-follow-ups"),
    path(f"{COMMITTEE}<int:pk>/", committee.committee_follow_up, name="committee-follow-up"),
    COMMITTEE_STEPS.path(f"{COMMITTEE}<int:pk>/etapes/"),
    ROOM_FOLLOW_UP_STEPS.path(f"{ROOM}<int:pk>/etapes/"),
]
