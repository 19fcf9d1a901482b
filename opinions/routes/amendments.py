"""Addresses of the amendments."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.views.amendments import desk, member, public, steps

ROOM = "espace/avis/<int:pk>/amendements/"
OWN = "espace/amendements/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/amendements/"
ONE = "bureau/amendements/<int:pk>/"
PUBLIC = "avis/<str:reference>/amendements/"

urlpatterns: list[URLPattern] = [
    path(ROOM, member.member_list, name="my-amendments"),
    path(f"{ROOM}texte/", member.member_text, name="my-amend-text"),
    path(f"{ROOM}nouveau/", member.member_new, name="amendment-new"),
    path(f"{ROOM}nouvelle-preconisation/", member.member_new_recommendation, name="amendment-new-recommendation"),
    path(f"{ROOM}rapporteur/", member.member_rapporteur, name="my-rapporteur"),
    path(f"{ROOM}liasse/", public.member_booklet, name="my-amendments-booklet"),
    path(f"{ROOM}texte-amende/", public.member_next_text, name="my-amended-text"),
    path(OWN, member.member_show, name="my-amendment"),
    path(f"{OWN}modifier/", member.member_edit, name="amendment-edit"),
    path(f"{OWN}relire/", member.member_check, name="amendment-check"),
    path(f"{OWN}effacer/", member.STEPS.view, {"slug": "effacer"}, name="amendment-discard"),
    path(f"{OWN}retirer/", member.STEPS.view, {"slug": "retirer"}, name="amendment-withdraw"),
    path(f"{OWN}proposer-de-signer/", member.invite, name="amendment-invite"),
    path(f"{OWN}signer/", require_POST(member.STEPS.view), {"slug": "signer"}, name="amendment-sign"),
    path(
        f"{OWN}ne-pas-signer/",
        require_POST(member.STEPS.view),
        {"slug": "ne-pas-signer"},
        name="amendment-decline",
    ),
    path(f"{OWN}reprendre/", member.begin_again, name="amendment-begin-again"),
    path(f"{OWN}confirmer/", require_POST(member.STEPS.view), {"slug": "confirmer"}, name="amendment-confirm"),
    path(f"{OWN}avis/", member.STEPS.view, {"slug": "avis"}, name="amendment-view"),
    path(DESK, desk.desk_list, name="amendments"),
    path(f"{DESK}export/", desk.export, name="amendments-export"),
    path(f"{DESK}liasse/", desk.desk_booklet, name="amendments-booklet"),
    path(f"{DESK}saisir/", desk.record, name="amendment-record"),
    path(
        f"{DESK}saisir-une-preconisation/",
        desk.record_recommendation,
        name="amendment-record-recommendation",
    ),
    path(f"{DESK}texte-amende/", desk.desk_next_text, name="amended-text"),
    path(ONE, desk.show, name="amendment"),
    steps.STEPS.path(ONE),
    path(PUBLIC, public.public_list, name="public-amendments"),
]
