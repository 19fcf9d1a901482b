"""Addresses of follow-ups, of the committee and of commitments."""

from django.urls import URLPattern, path

from answers.follow_up import views
from answers.follow_up.lists import FOLLOW_UPS
from answers.follow_up.views import COMMITTEE_STEPS, DESK_FOLLOW_UP_STEPS
from answers.pages import DIRECTORATE_FOLLOW_UP_STEPS
from assembly.institution.pages import list_file, list_page

DESK = "bureau/suites/"

COMMITTEE = "espace/suites/"
AREA = "instructions/suites/"

follow_up_urls: list[URLPattern] = [
    path(DESK, list_page(FOLLOW_UPS), name="follow-ups"),
    path(f"{DESK}export.csv", list_file(FOLLOW_UPS), name="follow-ups-export"),
    path(f"{DESK}engagements/", views.commitments, name="commitments"),
    path(f"{DESK}engagements/export.csv", views.commitments_export, name="commitments-export"),
    path("bureau/reponses/<int:pk>/suites/", views.desk_follow_up, name="desk-follow-up"),
    DESK_FOLLOW_UP_STEPS.path(f"{DESK}<int:pk>/etapes/"),
    path(AREA, views.directorate_follow_ups, name="directorate-follow-ups"),
    path(COMMITTEE, views.committee_follow_ups, name="committee-follow-ups"),
    path(f"{COMMITTEE}<int:pk>/", views.committee_follow_up, name="committee-follow-up"),
    COMMITTEE_STEPS.path(f"{COMMITTEE}<int:pk>/etapes/"),
    DIRECTORATE_FOLLOW_UP_STEPS.path(f"{AREA}<int:pk>/etapes/"),
]

commitment_urls: list[URLPattern] = [
    path("engagements/", views.public_commitments, name="public-commitments"),
    path("engagements/engagements.csv", views.public_commitments_file, name="public-commitments-file"),
]

urlpatterns = [*follow_up_urls, *commitment_urls]
