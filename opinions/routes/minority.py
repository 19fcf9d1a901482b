"""Addresses of the minority positions."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.views import minority

ROOM = "espace/avis/<int:pk>/positions-minoritaires/"
OWN = "espace/positions-minoritaires/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/positions-minoritaires/"

urlpatterns: list[URLPattern] = [
    path(ROOM, minority.member_list, name="my-positions"),
    path(f"{ROOM}nouvelle/", minority.member_new, name="position-new"),
    path(OWN, minority.member_show, name="my-position"),
    path(f"{OWN}modifier/", minority.member_edit, name="position-edit"),
    path(f"{OWN}relire/", minority.STEPS.view, {"slug": "relire"}, name="position-check"),
    path(f"{OWN}effacer/", minority.STEPS.view, {"slug": "effacer"}, name="position-discard"),
    path(f"{OWN}retirer/", minority.STEPS.view, {"slug": "retirer"}, name="position-withdraw"),
    path(f"{OWN}signer/", require_POST(minority.STEPS.view), {"slug": "signer"}, name="position-sign"),
    path(
        f"{OWN}retirer-ma-signature/",
        require_POST(minority.STEPS.view),
        {"slug": "retirer-ma-signature"},
        name="position-unsign",
    ),
    path(f"{OWN}confirmer/", require_POST(minority.STEPS.view), {"slug": "confirmer"}, name="position-confirm"),
    path(DESK, minority.desk_list, name="positions"),
    path(f"{DESK}saisir/", minority.record, name="position-record"),
]
