"""Addresses of the minority positions, and of the vote with what follows it."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.adoption import views
from opinions.opinions.urls import ONE

MY_LIST = "espace/avis/<int:pk>/positions-minoritaires/"
MY_ITEM = "espace/positions-minoritaires/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/positions-minoritaires/"

urlpatterns: list[URLPattern] = [
    path(MY_LIST, views.member_list, name="my-positions"),
    path(f"{MY_LIST}nouvelle/", views.member_new, name="position-new"),
    path(MY_ITEM, views.member_show, name="my-position"),
    path(f"{MY_ITEM}modifier/", views.member_edit, name="position-edit"),
    path(f"{MY_ITEM}relire/", views.STEPS.view, {"slug": "relire"}, name="position-check"),
    path(f"{MY_ITEM}effacer/", views.STEPS.view, {"slug": "effacer"}, name="position-discard"),
    path(f"{MY_ITEM}retirer/", views.STEPS.view, {"slug": "retirer"}, name="position-withdraw"),
    path(f"{MY_ITEM}signer/", require_POST(views.STEPS.view), {"slug": "signer"}, name="position-sign"),
    path(
        f"{MY_ITEM}retirer-ma-signature/",
        require_POST(views.STEPS.view),
        {"slug": "retirer-ma-signature"},
        name="position-unsign",
    ),
    path(f"{MY_ITEM}confirmer/", require_POST(views.STEPS.view), {"slug": "confirmer"}, name="position-confirm"),
    path(DESK, views.desk_list, name="positions"),
    path(f"{DESK}saisir/", views.record, name="position-record"),
    path(f"{ONE}vote/", views.vote, name="vote"),
    path(f"{ONE}vote/parties/", views.part_add, name="part-add"),
    path(f"{ONE}vote/parties/<int:part>/retirer/", views.part_drop, name="part-drop"),
    path(f"{ONE}priorites/", views.ranking, name="ranking"),
    path(f"{ONE}porte-parole/", views.spokespersons, name="spokespersons"),
    path(f"{ONE}porte-parole/tirer/", views.spokespersons_draw, name="spokespersons-draw"),
]
