"""Addresses of the referrals."""

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from assembly.institution.pages import list_file, list_page
from consultations import pages
from consultations.referrals import views
from consultations.referrals.importing import REFERRALS_FILE
from consultations.referrals.lists import REFERRALS, REFERRALS_IN_FILE

DESK = "bureau/saisines/"
ONE = f"{DESK}<int:pk>/"
OFFICE = "instructions/saisines/<int:pk>/"

desk: list[URLPattern] = [
    path(DESK, list_page(REFERRALS), name="list"),
    path(f"{DESK}export.csv", list_file(REFERRALS_IN_FILE), name="export"),
    *import_routes(f"{DESK}importer/", REFERRALS_FILE),
    path(f"{DESK}nouvelle/", views.referral_create, name="create"),
    path(ONE, views.referral_show, name="referral"),
    path(f"{ONE}modifier/", views.referral_edit, name="edit"),
    pages.STEPS.path(f"{ONE}etapes/"),
    path(f"{ONE}lettre/", views.referral_letter, name="letter"),
    path(f"{ONE}historique/", views.referral_history, name="history"),
    path(f"{ONE}groupes/", views.committees, name="committees"),
    path(f"{ONE}groupes/<int:row>/mandat/", views.committee_mandate, name="committee-mandate"),
    path(f"{ONE}groupes/<int:row>/retirer/", views.committee_release, name="committee-release"),
]
office_area: list[URLPattern] = [
    path(OFFICE, views.office_referral, name="office-referral"),
    views.OFFICE_STEPS.path(f"{OFFICE}etapes/"),
]
member_area: list[URLPattern] = [
    path("espace/saisines/", views.member_referral_list, name="my-list"),
    path("espace/saisines/<int:pk>/", views.member_referral, name="my-referral"),
]
open_to_all: list[URLPattern] = [
    path("saisines/", views.public_referral_list, name="public-list"),
    path("saisines/<str:reference>/", views.public_referral, name="public"),
    path("saisines/<str:reference>/partage.png", views.public_card, name="public-card"),
]

urlpatterns = [*desk, *office_area, *member_area, *open_to_all]
