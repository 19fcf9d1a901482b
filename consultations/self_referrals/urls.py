"""Addresses of the suggestions."""

from django.urls import URLPattern, path

from assembly.institution.list_pages import list_file, list_page
from consultations.lists import SUGGESTIONS
from consultations.self_referrals import views as suggestions
from consultations.views import self_referral_steps, self_referrals_desk

AREA = "espace/sujets/"
MINE = f"{AREA}<int:pk>/"
DESK = "bureau/auto-saisines/"
ONE = "bureau/saisines/<int:pk>/recevabilite/"

member_area: list[URLPattern] = [
    path(AREA, suggestions.member_list, name="my-suggestions"),
    path(f"{AREA}proposer/", suggestions.suggest, name="suggest"),
    path(f"{AREA}proposer/brouillon/", suggestions.suggest_draft, name="suggest-draft"),
    path(f"{AREA}proposer/verifier/", suggestions.suggest_check, name="suggest-check"),
    path(MINE, suggestions.member_show, name="my-suggestion"),
    path(f"{MINE}points/", suggestions.put_dots, name="my-dots"),
    path(f"{MINE}modifier/", suggestions.member_change, name="my-suggestion-edit"),
    path(f"{MINE}retirer/", suggestions.member_take_back, name="my-suggestion-withdraw"),
]
desk: list[URLPattern] = [
    path(DESK, list_page(SUGGESTIONS), name="suggestions"),
    path(f"{DESK}export.csv", list_file(SUGGESTIONS, fresh=True), name="suggestions-export"),
    path(f"{DESK}nouvelle/", self_referrals_desk.record, name="suggestion-record"),
    path("bureau/reglages/saisines/", self_referrals_desk.settings, name="settings"),
    path(ONE, self_referrals_desk.tab, name="suggestion"),
    path(f"{ONE}modifier/", self_referrals_desk.change, name="suggestion-edit"),
    self_referral_steps.SELF_REFERRAL_STEPS.path(ONE),
]

urlpatterns = [*member_area, *desk]
