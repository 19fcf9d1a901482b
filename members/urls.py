"""Addresses of the members, in three areas of the site."""

from django.urls import path

from assembly.imports.views import import_routes
from assembly.institution.list_pages import list_file, list_page
from members.consents import views as alumni
from members.imports import contributions as imports
from members.mandates import views as batches
from members.members import views as directory
from members.members.lists import MEMBERS, PEOPLE
from members.views import corrections, mandates, my_page, persons, seats

app_name = "members"
DESK = "bureau/membres/"
ONE = f"{DESK}<int:pk>/"
MY_SPACE = "espace/moi/"
urlpatterns = [
    path(DESK, list_page(MEMBERS), name="member-list"),
    path(f"{DESK}export.csv", list_file(MEMBERS, fresh=True), name="member-export"),
    path(f"{DESK}coordonnees.csv", directory.member_contacts, name="member-contacts"),
    path(f"{DESK}etiquettes/", directory.member_labels, name="member-labels"),
    path(f"{DESK}mesures/", directory.member_needs, name="member-needs"),
    path(f"{DESK}sieges/", seats.seat_list, name="seat-list"),
    path(f"{DESK}charte/", seats.charter_list, name="charter-list"),
    path(f"{DESK}anciens/", alumni.alumni_list, name="alumni"),
    path(f"{DESK}anciens/coordonnees.csv", alumni.alumni_contacts, name="alumni-contacts"),
    path(f"{DESK}ouvrir/", batches.member_activate, name="member-activate"),
    path(f"{DESK}inviter/", batches.member_invite, name="member-invite"),
    path(f"{DESK}ajouter/", mandates.member_add, name="member-add"),
    *import_routes(f"{DESK}importer/", imports.MEMBERS_FILE),
    path(ONE, mandates.member_page, name="member-page"),
    path(f"{ONE}siege/", mandates.member_seat, name="member-seat"),
    path(f"{ONE}corriger/", corrections.member_correct, name="member-correct"),
    path(f"{ONE}charte/", corrections.member_charter, name="member-charter"),
    path(f"{ONE}image/", corrections.member_image, name="member-image"),
    path(f"{ONE}contact/", alumni.member_alumni, name="member-alumni"),
    path(f"{ONE}mesures/", corrections.member_need, name="member-need"),
    path(f"{ONE}mesures/<int:need_pk>/retirer/", corrections.member_need_end, name="member-need-end"),
    path(f"{ONE}nom/<int:request_pk>/<str:answer>/", corrections.member_name, name="member-name"),
    mandates.STEPS.path(f"{ONE}mandat/"),
    path("bureau/personnes/", list_page(PEOPLE), name="person-list"),
    path("bureau/personnes/export.csv", list_file(PEOPLE, fresh=True), name="person-export"),
    path("bureau/personnes/ajouter/", persons.person_add, name="person-add"),
    path("bureau/personnes/<int:pk>/", persons.person_page, name="person-page"),
    path("espace/membres/", my_page.public_directory, name="public-directory"),
    path(MY_SPACE, my_page.my_page, name="my-page"),
    path(f"{MY_SPACE}contact/", my_page.my_contact, name="my-contact"),
    path(f"{MY_SPACE}nom/", my_page.my_name, name="my-name"),
    path(f"{MY_SPACE}mesures/", my_page.my_need, name="my-need"),
    path(f"{MY_SPACE}mesures/<int:need_pk>/retirer/", my_page.my_need_end, name="my-need-end"),
    path(f"{MY_SPACE}image/", my_page.my_image, name="my-image"),
    path(f"{MY_SPACE}rester-en-contact/", alumni.my_alumni, name="my-alumni"),
    path("rester-en-contact/<str:token>/", alumni.alumni_leave, name="alumni-leave"),
    path(f"{MY_SPACE}charte/", my_page.my_charter, name="my-charter"),
]
