"""URLs of sittings: back office, members, public pages."""

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from assembly.institution.pages import list_file, list_page
from sessions.attendance.lists import ABSENCES
from sessions.sittings.importing import SITTINGS_FILE
from sessions.sittings.lists import SITTINGS, SITTINGS_IN_FILE
from sessions.sittings.views import readers, team
from sessions.sittings.views.steps import STEPS

DESK = "bureau/seances/"
ONE = f"{DESK}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(DESK, list_page(SITTINGS), name="list"),
    path(f"{DESK}export.csv", list_file(SITTINGS_IN_FILE), name="export"),
    *import_routes(f"{DESK}importer/", SITTINGS_FILE),
    path(f"{DESK}nouvelle/", team.sitting_start, name="start"),
    path(f"{DESK}nouvelle/<str:body>/<str:start>/", team.sitting_create, name="create"),
    path(f"{ONE}modifier/", team.sitting_edit, name="edit"),
    STEPS.path(f"{ONE}confirmer/", "confirm"),
    STEPS.path(f"{ONE}archiver/", "archive"),
    path(f"{ONE}modele/", team.sitting_save_template, name="save-template"),
    path(f"{ONE}historique/", team.sitting_history, name="history"),
    path(f"{ONE}convocation/", team.notice_board, name="notice"),
    STEPS.path(f"{ONE}convoquer/", "notify"),
    path(f"{ONE}convoquer/essai/", team.notice_trial, name="notice-trial"),
    STEPS.path(f"{ONE}convoquer/changements/", "renotify"),
    STEPS.path(f"{ONE}relancer/", "remind"),
    STEPS.path(f"{ONE}reporter/", "postpone"),
    STEPS.path(f"{ONE}annuler/", "cancel"),
    STEPS.path(f"{ONE}convoquer-de-nouveau/", "reconvene"),
    path(f"{ONE}reponses/choisies/", team.answers_chosen, name="answers-chosen"),
    path(f"{ONE}reponses/<int:invitee>/", team.answer_record, name="answer-record"),
    path(f"{ONE}reponses/<int:invitee>/lien/", team.link_revoke, name="link-revoke"),
    path(f"{ONE}reponses.csv", team.answers_export, name="answers-export"),
    path(f"{ONE}invites/<int:invitee>/retirer/", team.guest_remove, name="guest-remove"),
    path(f"{ONE}logistique/", team.logistics_sheet, name="logistics"),
    path(f"{ONE}en-seance/", team.day, name="day"),
    path(f"{ONE}en-seance/direct/", team.day_live, name="day-live"),
    path(f"{ONE}en-seance/points/<int:item>/voter/", team.day_vote, name="day-vote"),
    STEPS.path(f"{ONE}tenue/", "hold"),
    STEPS.path(f"{ONE}pas-tenue/", "not-held"),
    STEPS.path(f"{ONE}cloture/defaire/", "reopen"),
    STEPS.path(f"{ONE}ouverture/defaire/", "undo-opening"),
    path("bureau/absences/", list_page(ABSENCES), name="absences"),
    path("espace/seances/", readers.member_list, name="my-list"),
    path("espace/seances/<int:pk>/", readers.member_sitting, name="my-sitting"),
    path("espace/seances/<int:pk>/seance.ics", readers.member_event, name="my-event"),
    path("espace/seances/<int:pk>/ordre-du-jour.pdf", readers.member_agenda, name="my-agenda"),
    path("compte/agenda/", readers.feed_settings, name="feed"),
    path("seances/", readers.public_list, name="public-list"),
    path("seances/<str:reference>/", readers.public_sitting, name="public"),
    path("seances/<str:reference>/partage.png", readers.public_card, name="public-card"),
    path("reponse/<str:token>/", readers.reply, name="reply"),
    path("reponse/<str:token>/nouveau-lien/", readers.reply_renew, name="reply-renew"),
    path("calendrier.ics", readers.public_calendar, name="public-calendar"),
    path("calendrier/<str:token>.ics", readers.my_calendar, name="my-calendar"),
]
