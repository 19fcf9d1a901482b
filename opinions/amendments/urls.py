"""Addresses of the amendments."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from opinions.amendments.views import desk, member

MY_LIST = "espace/avis/<int:pk>/amendements/"
MY_ITEM = "espace/amendements/<int:pk>/"
DESK = "bureau/avis-citoyens/<int:pk>/amendements/"
ONE = "bureau/amendements/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(MY_LIST, member.member_list, name="my-amendments"),
    path(f"{MY_LIST}texte/", member.member_text, name="my-amend-text"),
    path(f"{MY_LIST}nouveau/", member.member_new, name="amendment-new"),
    path(f"{MY_LIST}nouvelle-preconisation/", member.member_new_recommendation, name="amendment-new-recommendation"),
    path(f"{MY_LIST}rapporteur/", member.member_rapporteur, name="my-rapporteur"),
    path(f"{MY_LIST}liasse/", member.member_booklet, name="my-amendments-booklet"),
    path(f"{MY_LIST}texte-amende/", member.member_next_text, name="my-amended-text"),
    path(MY_ITEM, member.member_show, name="my-amendment"),
    path(f"{MY_ITEM}modifier/", member.member_edit, name="amendment-edit"),
    path(f"{MY_ITEM}relire/", member.member_check, name="amendment-check"),
    path(f"{MY_ITEM}effacer/", member.STEPS.view, {"slug": "effacer"}, name="amendment-discard"),
    path(f"{MY_ITEM}retirer/", member.STEPS.view, {"slug": "retirer"}, name="amendment-withdraw"),
    path(f"{MY_ITEM}proposer-de-signer/", member.invite, name="amendment-invite"),
    path(f"{MY_ITEM}signer/", require_POST(member.STEPS.view), {"slug": "signer"}, name="amendment-sign"),
    path(
        f"{MY_ITEM}ne-pas-signer/",
        require_POST(member.STEPS.view),
        {"slug": "ne-pas-signer"},
        name="amendment-decline",
    ),
    path(f"{MY_ITEM}reprendre/", member.begin_again, name="amendment-begin-again"),
    path(f"{MY_ITEM}confirmer/", require_POST(member.STEPS.view), {"slug": "confirmer"}, name="amendment-confirm"),
    path(f"{MY_ITEM}avis/", member.STEPS.view, {"slug": "avis"}, name="amendment-view"),
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
    desk.STEPS.path(ONE),
]
