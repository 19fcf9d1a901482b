"""Addresses of the minority positions."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.adoption import views as minority

MY_LIST = "espace/avis/<int:pk>/positions-minoritaires/"
MY_ITEM = "espace/positions-minoritaires/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/positions-minoritaires/"

urlpatterns: list[URLPattern] = [
    path(MY_LIST, minority.member_list, name="my-positions"),
    path(f"{MY_LIST}nouvelle/", minority.member_new, name="position-new"),
    path(MY_ITEM, minority.member_show, name="my-position"),
    path(f"{MY_ITEM}modifier/", minority.member_edit, name="position-edit"),
    path(f"{MY_ITEM}relire/", minority.STEPS.view, {"slug": "relire"}, name="position-check"),
    path(f"{MY_ITEM}effacer/", minority.STEPS.view, {"slug": "effacer"}, name="position-discard"),
    path(f"{MY_ITEM}retirer/", minority.STEPS.view, {"slug": "retirer"}, name="position-withdraw"),
    path(f"{MY_ITEM}signer/", require_POST(minority.STEPS.view), {"slug": "signer"}, name="position-sign"),
    path(
        f"{MY_ITEM}retirer-ma-signature/",
        require_POST(minority.STEPS.view),
        {"slug": "retirer-ma-signature"},
        name="position-unsign",
    ),
    path(f"{MY_ITEM}confirmer/", require_POST(minority.STEPS.view), {"slug": "confirmer"}, name="position-confirm"),
    path(DESK, minority.desk_list, name="positions"),
    path(f"{DESK}saisir/", minority.record, name="position-record"),
]
