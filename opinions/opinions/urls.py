"""Addresses of the opinions: the back office, the members' area, the offices."""

from django.urls import URLPattern, path

from assembly.institution.pages import list_file, list_page
from opinions import pages
from opinions.opinions import views
from opinions.opinions.lists import OPINIONS

DESK = "bureau/avis-citoyens/"
ONE = f"{DESK}<int:pk>/"
MY_OPINIONS = "espace/avis/"

urlpatterns: list[URLPattern] = [
    path(DESK, list_page(OPINIONS), name="list"),
    path(f"{DESK}export.csv", list_file(OPINIONS), name="export"),
    path(f"{DESK}nouveau/", views.opinion_create, name="create"),
    path("bureau/reglages/avis/", views.settings, name="settings"),
    path(ONE, views.opinion_show, name="opinion"),
    path(f"{ONE}modifier/", views.opinion_edit, name="edit"),
    pages.STEPS.path(f"{ONE}etapes/"),
    path(f"{ONE}historique/", views.opinion_history, name="history"),
    path(MY_OPINIONS, views.member_opinion_list, name="my-list"),
    path(f"{MY_OPINIONS}<int:pk>/", views.member_opinion_page, name="my-opinion"),
    path("instructions/avis-citoyens/<int:pk>/", views.office_opinion, name="office-opinion"),
]
