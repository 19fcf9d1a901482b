"""Addresses of the referrals."""

from django.urls import URLPattern, path

from assembly.institution.list_pages import list_file, list_page
from consultations.lists import REFERRALS
from consultations.referrals import views as committees
from consultations.views import member_referrals, offices, public, referrals, steps

DESK = "bureau/saisines/"
ONE = f"{DESK}<int:pk>/"
OFFICE = "instructions/saisines/<int:pk>/"

desk: list[URLPattern] = [
    path(DESK, list_page(REFERRALS), name="list"),
    path(f"{DESK}export.csv", list_file(REFERRALS), name="export"),
    path(f"{DESK}nouvelle/", referrals.referral_create, name="create"),
    path(ONE, referrals.referral_show, name="referral"),
    path(f"{ONE}modifier/", referrals.referral_edit, name="edit"),
    steps.STEPS.path(f"{ONE}etapes/"),
    path(f"{ONE}lettre/", referrals.referral_letter, name="letter"),
    path(f"{ONE}historique/", referrals.referral_history, name="history"),
    path(f"{ONE}groupes/", committees.committees, name="committees"),
    path(f"{ONE}groupes/<int:row>/mandat/", committees.committee_mandate, name="committee-mandate"),
    path(f"{ONE}groupes/<int:row>/retirer/", committees.committee_release, name="committee-release"),
]
office_area: list[URLPattern] = [
    path(OFFICE, offices.office_referral, name="office-referral"),
    offices.OFFICE_STEPS.path(f"{OFFICE}etapes/"),
]
member_area: list[URLPattern] = [
    path("espace/saisines/", member_referrals.referral_list, name="my-list"),
    path("espace/saisines/<int:pk>/", member_referrals.referral_page, name="my-referral"),
]
open_to_all: list[URLPattern] = [
    path("saisines/", public.referral_list, name="public-list"),
    path("saisines/<str:reference>/", public.referral_page, name="public"),
    path("saisines/<str:reference>/partage.png", public.public_card, name="public-card"),
]

urlpatterns = [*desk, *office_area, *member_area, *open_to_all]
