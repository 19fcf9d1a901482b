"""Addresses of the referrals."""

from django.urls import URLPattern, path

from consultations.views import referrals, steps

DESK = "bureau/saisines/"
ONE = f"{DESK}<int:pk>/"

desk: list[URLPattern] = [
    path(DESK, referrals.referral_list, name="list"),
    path(f"{DESK}export.csv", referrals.referral_export, name="export"),
    path(f"{DESK}nouvelle/", referrals.referral_create, name="create"),
    path(ONE, referrals.referral_show, name="referral"),
    path(f"{ONE}modifier/", referrals.referral_edit, name="edit"),
    path(f"{ONE}etapes/<slug:slug>/", steps.step, name="step"),
    path(f"{ONE}lettre/", referrals.referral_letter, name="letter"),
    path(f"{ONE}historique/", referrals.referral_history, name="history"),
]

urlpatterns = [*desk]
