"""Addresses of the minority positions."""

from django.urls import URLPattern, path

from opinions.views import minority

ROOM = "espace/avis/<int:pk>/positions-minoritaires/"
OWN = "espace/positions-minoritaires/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/positions-minoritaires/"

urlpatterns: list[URLPattern] = [
    path(ROOM, minority.member_list, name="own-positions"),
    path(f"{ROOM}nouvelle/", minority.member_new, name="position-new"),
    path(OWN, minority.member_show, name="own-position"),
    path(f"{OWN}modifier/", minority.member_edit, name="position-edit"),
    path(f"{OWN}relire/", minority.member_check, name="position-check"),
    path(f"{OWN}effacer/", minority.discard, name="position-discard"),
    path(f"{OWN}retirer/", minority.withdraw, name="position-withdraw"),
    path(f"{OWN}signer/", minority.sign, name="position-sign"),
    path(f"{OWN}retirer-ma-signature/", minority.unsign, name="position-unsign"),
    path(f"{OWN}confirmer/", minority.confirm, name="position-confirm"),
    path(DESK, minority.desk_list, name="positions"),
    path(f"{DESK}saisir/", minority.record, name="position-record"),
]
