"""Addresses of the suggestions."""

from django.urls import URLPattern, path

from consultations.views import own_desk, own_steps, suggestions

ROOM = "espace/sujets/"
MINE = f"{ROOM}<int:pk>/"
DESK = "bureau/auto-saisines/"
ONE = "bureau/saisines/<int:pk>/recevabilite/"

own_room: list[URLPattern] = [
    path(ROOM, suggestions.own_list, name="own-suggestions"),
    path(f"{ROOM}proposer/", suggestions.suggest, name="suggest"),
    path(f"{ROOM}proposer/brouillon/", suggestions.suggest_draft, name="suggest-draft"),
    path(f"{ROOM}proposer/verifier/", suggestions.suggest_check, name="suggest-check"),
    path(MINE, suggestions.own_show, name="own-suggestion"),
    path(f"{MINE}points/", suggestions.put_dots, name="own-dots"),
    path(f"{MINE}modifier/", suggestions.own_change, name="own-suggestion-edit"),
    path(f"{MINE}retirer/", suggestions.own_take_back, name="own-suggestion-withdraw"),
]
desk: list[URLPattern] = [
    path(DESK, own_desk.desk_list, name="suggestions"),
    path(f"{DESK}export.csv", own_desk.export, name="suggestions-export"),
    path(f"{DESK}nouvelle/", own_desk.record, name="suggestion-record"),
    path("bureau/reglages/saisines/", own_desk.settings, name="settings"),
    path(ONE, own_desk.tab, name="suggestion"),
    path(f"{ONE}modifier/", own_desk.change, name="suggestion-edit"),
    own_steps.OWN_STEPS.path(ONE),
]

urlpatterns = [*own_room, *desk]
