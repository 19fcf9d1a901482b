"""Addresses of the suggestions."""

from django.urls import URLPattern, path

from assembly.institution.pages import list_file, list_page
from consultations import pages
from consultations.self_referrals import views
from consultations.self_referrals.lists import SUGGESTIONS

AREA = "espace/sujets/"
MINE = f"{AREA}<int:pk>/"
DESK = "bureau/auto-saisines/"
ONE = "bureau/saisines/<int:pk>/recevabilite/"

member_area: list[URLPattern] = [
    path(AREA, views.member_list, name="my-suggestions"),
    path(f"{AREA}proposer/", views.suggest, name="suggest"),
    path(f"{AREA}proposer/brouillon/", views.suggest_draft, name="suggest-draft"),
    path(f"{AREA}proposer/verifier/", views.suggest_check, name="suggest-check"),
    path(MINE, views.member_show, name="my-suggestion"),
    path(f"{MINE}points/", views.put_dots, name="my-dots"),
    path(f"{MINE}modifier/", views.member_change, name="my-suggestion-edit"),
    path(f"{MINE}retirer/", views.member_take_back, name="my-suggestion-withdraw"),
]
desk: list[URLPattern] = [
    path(DESK, list_page(SUGGESTIONS), name="suggestions"),
    path(f"{DESK}export.csv", list_file(SUGGESTIONS, fresh=True), name="suggestions-export"),
    path(f"{DESK}nouvelle/", views.suggestion_record, name="suggestion-record"),
    path("bureau/reglages/saisines/", views.suggestion_settings, name="settings"),
    path(ONE, views.suggestion_tab, name="suggestion"),
    path(f"{ONE}modifier/", views.suggestion_change, name="suggestion-edit"),
    pages.SELF_REFERRAL_STEPS.path(ONE),
]

urlpatterns = [*member_area, *desk]
