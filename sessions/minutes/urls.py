"""URLs of minutes, corrections and notes."""

from django.urls import URLPattern, path

from sessions.minutes.views import members, tab, writing
from sessions.minutes.views.steps import STEPS
from sessions.sittings.urls import ONE

DESK = "bureau/comptes-rendus/<int:pk>/"
ITEM = DESK + "points/<int:item_pk>/"

minutes_urls: list[URLPattern] = [
    path("bureau/seances/<int:pk>/compte-rendu/", tab.minutes_tab, name="minutes"),
    path("bureau/seances/<int:pk>/compte-rendu/commencer/", tab.minutes_start, name="minutes-start"),
    path(DESK + "projet/", tab.minutes_draft, name="minutes-draft"),
    STEPS.path(DESK + "etapes/"),
    path(DESK + "corrections/noter/", writing.correction_note, name="correction-note"),
    path(DESK + "corrections/choisies/", writing.corrections_chosen, name="corrections-chosen"),
    path(ITEM, writing.section, name="section"),
    path(ITEM + "versions/", writing.section_history, name="section-history"),
    path(ITEM + "versions/<int:revision_pk>/reprendre/", writing.section_restore, name="section-restore"),
    path("bureau/corrections/<int:pk>/accepter/", writing.correction_accept, name="correction-accept"),
    path("bureau/corrections/<int:pk>/corriger/", writing.correction_edit, name="correction-edit"),
    path("bureau/corrections/<int:pk>/refuser/", writing.correction_refuse, name="correction-refuse"),
    path("espace/comptes-rendus/", members.minutes_list, name="minutes-list"),
    path("espace/comptes-rendus/<int:pk>/", members.minutes_read, name="minutes-read"),
    path(
        "espace/comptes-rendus/<int:pk>/points/<int:item_pk>/corriger/",
        members.correction_ask,
        name="correction-ask",
    ),
    path("espace/comptes-rendus/<int:pk>/visa/", members.minutes_visa, name="minutes-visa"),
]

notes_urls: list[URLPattern] = [
    path(f"{ONE}notes/", writing.notes_board, name="notes"),
    path(f"{ONE}notes/<int:item>/", writing.note_take, name="note-take"),
]

urlpatterns = [*minutes_urls, *notes_urls]
