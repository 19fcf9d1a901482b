"""Addresses of the check by the directorates."""

from django.urls import URLPattern, path

from opinions.checks import views
from opinions.opinions.urls import DESK, ONE

READING = f"{DESK}lectures/<int:pk>/"
CHECK = "instructions/preconisations/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}directions/", views.checks, name="checks"),
    path(f"{READING}clore/", views.DESK_STEPS.view, {"slug": "clore"}, name="check-close"),
    path(f"{READING}date/", views.DESK_STEPS.view, {"slug": "date"}, name="check-due"),
    path(f"{READING}relancer/", views.DESK_STEPS.view, {"slug": "relancer"}, name="check-remind"),
    path(CHECK, views.check, name="check"),
    path(f"{CHECK}<int:recommendation>/", views.check_note, name="check-note"),
    path(f"{CHECK}envoyer/", views.STEPS.view, {"slug": "envoyer"}, name="check-submit"),
    path(f"{CHECK}visa/", views.STEPS.view, {"slug": "visa"}, name="check-visa"),
    path(f"{CHECK}a-reprendre/", views.STEPS.view, {"slug": "a-reprendre"}, name="check-return"),
    path("instructions/avis-citoyens/<int:pk>/parties/<int:section>/texte/", views.check_text, name="check-text"),
]
