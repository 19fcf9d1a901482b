"""Addresses of the amendments."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.views import amendment_desk, amendment_public, amendment_steps, amendments

ROOM = "espace/avis/<int:pk>/amendements/"
OWN = "espace/amendements/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/amendements/"
ONE = "bureau/amendements/<int:pk>/"
PUBLIC = "avis/<str:reference>/amendements/"

urlpatterns: list[URLPattern] = [
    path(ROOM, amendments.member_list, name="own-amendments"),
    path(f"{ROOM}texte/", amendments.member_text, name="own-amend-text"),
    path(f"{ROOM}nouveau/", amendments.member_new, name="amendment-new"),
    path(f"{ROOM}nouvelle-preconisation/", amendments.member_new_recommendation, name="amendment-new-recommendation"),
    path(f"{ROOM}rapporteur/", amendments.member_rapporteur, name="own-rapporteur"),
    path(f"{ROOM}liasse/", amendment_public.own_booklet, name="own-amendments-booklet"),
    path(f"{ROOM}texte-amende/", amendment_public.own_next_text, name="own-amended-text"),
    path(OWN, amendments.member_show, name="own-amendment"),
    path(f"{OWN}modifier/", amendments.member_edit, name="amendment-edit"),
    path(f"{OWN}relire/", amendments.member_check, name="amendment-check"),
    path(f"{OWN}effacer/", require_POST(amendments.STEPS.view), {"slug": "effacer"}, name="amendment-discard"),
    path(f"{OWN}retirer/", amendments.STEPS.view, {"slug": "retirer"}, name="amendment-withdraw"),
    path(f"{OWN}proposer-de-signer/", amendments.invite, name="amendment-invite"),
    path(f"{OWN}signer/", require_POST(amendments.STEPS.view), {"slug": "signer"}, name="amendment-sign"),
    path(
        f"{OWN}ne-pas-signer/",
        require_POST(amendments.STEPS.view),
        {"slug": "ne-pas-signer"},
        name="amendment-decline",
    ),
    path(f"{OWN}reprendre/", amendments.begin_again, name="amendment-begin-again"),
    path(f"{OWN}confirmer/", require_POST(amendments.STEPS.view), {"slug": "confirmer"}, name="amendment-confirm"),
    path(f"{OWN}avis/", amendments.STEPS.view, {"slug": "avis"}, name="amendment-view"),
    path(DESK, amendment_desk.desk_list, name="amendments"),
    path(f"{DESK}export/", amendment_desk.export, name="amendments-export"),
    path(f"{DESK}liasse/", amendment_desk.desk_booklet, name="amendments-booklet"),
    path(f"{DESK}saisir/", amendment_desk.record, name="amendment-record"),
    path(
        f"{DESK}saisir-une-preconisation/",
        amendment_desk.record_recommendation,
        name="amendment-record-recommendation",
    ),
    path(f"{DESK}texte-amende/", amendment_desk.desk_next_text, name="amended-text"),
    path(ONE, amendment_desk.show, name="amendment"),
    amendment_steps.STEPS.path(ONE),
    path(PUBLIC, amendment_public.public_list, name="public-amendments"),
]
