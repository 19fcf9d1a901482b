"""Addresses of the members, in three areas of the site."""

from django.urls import path

from assembly.imports.views import import_routes
from assembly.institution.pages import list_file, list_page
from members.consents import views as consents
from members.mandates import views as mandates
from members.members import views as members
from members.members.contributions import MEMBERS_FILE
from members.members.importing import PERSONS_FILE
from members.members.lists import MEMBERS
from members.portraits import views as portraits

app_name = "members"
DESK = "bureau/membres/"
ONE = f"{DESK}<int:pk>/"
MY_SPACE = "espace/moi/"
urlpatterns = [
    path(DESK, list_page(MEMBERS), name="member-list"),
    path(f"{DESK}export.csv", list_file(MEMBERS, fresh=True), name="member-export"),
    path(f"{DESK}coordonnees.csv", members.member_contacts, name="member-contacts"),
    path(f"{DESK}etiquettes/", members.member_labels, name="member-labels"),
    path(f"{DESK}mesures/", members.member_needs, name="member-needs"),
    path(f"{DESK}sieges/", mandates.seat_list, name="seat-list"),
    path(f"{DESK}charte/", consents.charter_list, name="charter-list"),
    path(f"{DESK}portraits/", portraits.portrait_list, name="portrait-list"),
    path(f"{DESK}anciens/", consents.alumni_list, name="alumni"),
    path(f"{DESK}anciens/coordonnees.csv", consents.alumni_contacts, name="alumni-contacts"),
    path(f"{DESK}ouvrir/", mandates.member_activate, name="member-activate"),
    path(f"{DESK}inviter/", mandates.member_invite, name="member-invite"),
    path(f"{DESK}ajouter/", mandates.member_add, name="member-add"),
    *import_routes(f"{DESK}importer/", MEMBERS_FILE),
    path(ONE, mandates.member_page, name="member-page"),
    path(f"{ONE}siege/", mandates.member_seat, name="member-seat"),
    path(f"{ONE}corriger/", members.member_correct, name="member-correct"),
    path(f"{ONE}charte/", consents.member_charter, name="member-charter"),
    path(f"{ONE}image/", consents.member_image, name="member-image"),
    path(f"{ONE}portrait/", portraits.member_portrait, name="member-portrait"),
    path(f"{ONE}portrait/mettre-en-ligne/", portraits.member_portrait_publish, name="member-portrait-publish"),
    path(f"{ONE}portrait/retirer/", portraits.member_portrait_offline, name="member-portrait-offline"),
    path(f"{ONE}portrait/supprimer/", portraits.member_portrait_delete, name="member-portrait-delete"),
    path(f"{ONE}contact/", consents.member_alumni, name="member-alumni"),
    path(f"{ONE}mesures/", consents.member_need, name="member-need"),
    path(f"{ONE}mesures/<int:need_pk>/retirer/", consents.member_need_end, name="member-need-end"),
    path(f"{ONE}nom/<int:request_pk>/<str:answer>/", members.member_name, name="member-name"),
    mandates.STEPS.path(f"{ONE}mandat/"),
    *import_routes("bureau/personnes/importer/", PERSONS_FILE),
    path("bureau/personnes/export.csv", members.person_export, name="person-export"),
    path("bureau/personnes/ajouter/", members.person_add, name="person-add"),
    path("bureau/personnes/<int:pk>/", members.person_page, name="person-page"),
    path("espace/membres/", members.public_directory, name="public-directory"),
    path(MY_SPACE, members.my_page, name="my-page"),
    path(f"{MY_SPACE}contact/", members.my_contact, name="my-contact"),
    path(f"{MY_SPACE}nom/", members.my_name, name="my-name"),
    path(f"{MY_SPACE}mesures/", consents.my_need, name="my-need"),
    path(f"{MY_SPACE}mesures/<int:need_pk>/retirer/", consents.my_need_end, name="my-need-end"),
    path(f"{MY_SPACE}image/", consents.my_image, name="my-image"),
    path(f"{MY_SPACE}portrait/", portraits.my_portrait, name="my-portrait"),
    path(f"{MY_SPACE}portrait/supprimer/", portraits.my_portrait_delete, name="my-portrait-delete"),
    path(f"{MY_SPACE}rester-en-contact/", consents.my_alumni, name="my-alumni"),
    path("rester-en-contact/<str:token>/", consents.alumni_leave, name="alumni-leave"),
    path(f"{MY_SPACE}charte/", consents.my_charter, name="my-charter"),
]
