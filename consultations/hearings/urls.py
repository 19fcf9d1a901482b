"""Addresses of hearings and site visits: the back office's, then those of the members' area."""

from django.urls import URLPattern, path

from consultations.briefing.urls import REFERRAL
from consultations.hearings import views

HEARING = "bureau/saisines/auditions/<int:pk>"

heard: list[URLPattern] = [
    path(f"{REFERRAL}/auditions/", views.hearings, name="hearings"),
    path(f"{REFERRAL}/auditions/nouvelle/", views.hearing_create, name="hearing-create"),
    path(f"{HEARING}/", views.hearing, name="hearing"),
    path(f"{HEARING}/modifier/", views.hearing_edit, name="hearing-edit"),
    views.STEPS.path(f"{HEARING}/etapes/"),
    path(f"{HEARING}/personnes/", views.guest_add, name="guest-add"),
    path(f"{HEARING}/personnes/<int:guest_pk>/retirer/", views.guest_remove, name="guest-remove"),
    path(f"{HEARING}/compte-rendu/", views.hearing_report, name="hearing-report"),
]
member_hearings: list[URLPattern] = [
    path("espace/saisines/auditions/<int:pk>/", views.member_hearing, name="my-hearing"),
    path("espace/saisines/auditions/<int:pk>/agenda.ics", views.member_hearing_event, name="my-hearing-event"),
]

urlpatterns = [*heard, *member_hearings]
