"""URLs of sittings, up to their minutes."""

from django.urls import URLPattern, path

from assembly.institution.list_pages import list_file, list_page
from sessions.actions.sheets import BADGES_KIND, SIGN_IN_KIND
from sessions.attendance import views as attendance
from sessions.attendance.lists import ABSENCES
from sessions.sittings.lists import SITTINGS
from sessions.sittings.views import readers
from sessions.sittings.views import team as sittings
from sessions.views import (
    absences,
    agenda,
    answers,
    calendar,
    certificates,
    day,
    member_sittings,
    notes,
    notices,
    public,
)
from sessions.views.sitting_steps import ROLL_STEPS, STEPS

DESK = "bureau/seances/"
ONE = f"{DESK}<int:pk>/"

planning: list[URLPattern] = [
    path(DESK, list_page(SITTINGS), name="list"),
    path(f"{DESK}export.csv", list_file(SITTINGS), name="export"),
    path(f"{DESK}nouvelle/", sittings.sitting_start, name="start"),
    path(f"{DESK}nouvelle/<str:body>/<str:start>/", sittings.sitting_create, name="create"),
    path(f"{ONE}modifier/", sittings.sitting_edit, name="edit"),
    STEPS.path(f"{ONE}confirmer/", "confirm"),
    STEPS.path(f"{ONE}archiver/", "archive"),
    path(f"{ONE}modele/", sittings.sitting_save_template, name="save-template"),
    path(f"{ONE}historique/", sittings.sitting_history, name="history"),
]
agendas: list[URLPattern] = [
    path(ONE, agenda.agenda_show, name="sitting"),
    path(f"{ONE}points/", agenda.item_add, name="item-add"),
    path(f"{ONE}points/actions/", agenda.actions_item_add, name="actions-item-add"),
    path(f"{ONE}points/coller/", agenda.items_paste, name="items-paste"),
    path(f"{ONE}points/ordre/", agenda.agenda_arrange, name="agenda-arrange"),
    path(f"{ONE}points/<int:item>/", agenda.item_edit, name="item-edit"),
    path(f"{ONE}points/<int:item>/deplacer/", agenda.item_move, name="item-move"),
    path(f"{ONE}points/<int:item>/dupliquer/", agenda.item_duplicate, name="item-duplicate"),
    path(f"{ONE}points/<int:item>/ouvrir/", agenda.item_open, name="item-open"),
    path(f"{ONE}points/<int:item>/clore/", agenda.item_close, name="item-close"),
    path(f"{ONE}points/<int:item>/heures/", agenda.item_hours, name="item-hours"),
    path(f"{ONE}points/<int:item>/retirer/", agenda.item_remove, name="item-remove"),
    path(f"{ONE}points/<int:item>/remettre/", agenda.item_restore, name="item-restore"),
    path(f"{ONE}documents/", agenda.papers, name="papers"),
    path(f"{ONE}documents/<int:paper>/retirer/", agenda.paper_remove, name="paper-remove"),
    path(f"{ONE}ordre-du-jour.pdf", agenda.agenda_file, name="agenda-file"),
]
convening: list[URLPattern] = [
    path(f"{ONE}convocation/", notices.notice_board, name="notice"),
    STEPS.path(f"{ONE}convoquer/", "notify"),
    path(f"{ONE}convoquer/essai/", notices.notice_trial, name="notice-trial"),
    STEPS.path(f"{ONE}convoquer/changements/", "renotify"),
    STEPS.path(f"{ONE}relancer/", "remind"),
    STEPS.path(f"{ONE}reporter/", "postpone"),
    STEPS.path(f"{ONE}annuler/", "cancel"),
    STEPS.path(f"{ONE}ecrire/", "write"),
    STEPS.path(f"{ONE}convoquer-de-nouveau/", "reconvene"),
    path(f"{ONE}reponses/choisies/", answers.answers_chosen, name="answers-chosen"),
    path(f"{ONE}reponses/<int:invitee>/", answers.answer_record, name="answer-record"),
    path(f"{ONE}reponses/<int:invitee>/lien/", answers.link_revoke, name="link-revoke"),
    path(f"{ONE}reponses.csv", answers.answers_export, name="answers-export"),
    path(f"{ONE}invites/<int:invitee>/retirer/", answers.guest_remove, name="guest-remove"),
    path(f"{ONE}logistique/", answers.logistics_sheet, name="logistics"),
]
the_day: list[URLPattern] = [
    path(f"{ONE}presences/", attendance.attendance_board, name="attendance"),
    path(f"{ONE}en-seance/", day.day, name="day"),
    path(f"{ONE}en-seance/direct/", day.day_live, name="day-live"),
    path(f"{ONE}en-seance/points/<int:item>/voter/", day.day_vote, name="day-vote"),
    path(f"{ONE}appel/", attendance.roll_call, name="roll"),
    path(f"{ONE}appel/arrivee/", attendance.roll_arrive, name="roll-arrive"),
    path(f"{ONE}appel/tous/", attendance.roll_all, name="roll-all"),
    path(f"{ONE}appel/tous/defaire/", attendance.roll_all_undo, name="roll-all-undo"),
    ROLL_STEPS.path(f"{ONE}appel/"),
    STEPS.path(f"{ONE}tenue/", "hold"),
    STEPS.path(f"{ONE}pas-tenue/", "not-held"),
    STEPS.path(f"{ONE}cloture/defaire/", "reopen"),
    STEPS.path(f"{ONE}ouverture/defaire/", "undo-opening"),
    path(f"{ONE}presences/<int:invitee>/<str:action>/noter/", attendance.tap, name="tap"),
    path(f"{ONE}presences/<int:invitee>/", attendance.person_attendance, name="person-attendance"),
    path(f"{ONE}presences/<int:invitee>/absence/", attendance.absence_record, name="absence"),
    path(f"{ONE}presences/sejour/<int:stay>/", attendance.stay_edit, name="stay-edit"),
    path(f"{ONE}presences/sejour/<int:stay>/annuler/", attendance.stay_void, name="stay-void"),
    path(f"{ONE}notes/", notes.notes_board, name="notes"),
    path(f"{ONE}notes/<int:item>/", notes.note_take, name="note-take"),
    path(f"{ONE}attestations/", certificates.certificates_send, name="certificates-send"),
    path(f"{ONE}attestations/<int:invitee>.pdf", certificates.certificate, name="certificate"),
    path(f"{ONE}emargement/", attendance.sheet, {"kind": SIGN_IN_KIND}, name="sign-in-sheet"),
    path(f"{ONE}badges/", attendance.sheet, {"kind": BADGES_KIND}, name="badges"),
]
mandates: list[URLPattern] = [
    path("bureau/absences/", list_page(ABSENCES), name="absences"),
    path("bureau/absences/<int:pk>/", absences.absence_case, name="absence-case"),
    absences.STEPS.path("bureau/absences/<int:pk>/"),
    path("bureau/presences/<int:pk>/attestation.pdf", certificates.mandate_certificate, name="mandate-certificate"),
]
member_area: list[URLPattern] = [
    path("espace/seances/", member_sittings.member_list, name="my-list"),
    path("espace/seances/<int:pk>/", member_sittings.member_sitting, name="my-sitting"),
    path("espace/seances/<int:pk>/seance.ics", member_sittings.member_event, name="my-event"),
    path("espace/seances/<int:pk>/ordre-du-jour.pdf", member_sittings.member_agenda, name="my-agenda"),
    path("espace/seances/<int:pk>/attestation.pdf", certificates.member_certificate, name="my-certificate"),
    path("espace/seances/attestation.pdf", certificates.my_mandate_certificate, name="my-mandate-certificate"),
    path("espace/agenda/", calendar.feed_settings, name="feed"),
]
open_to_all: list[URLPattern] = [
    path("seances/", public.public_list, name="public-list"),
    path("seances/<str:reference>/", public.public_sitting, name="public"),
    path("seances/<str:reference>/partage.png", public.public_card, name="public-card"),
    path("reponse/<str:token>/", readers.reply, name="reply"),
    path("reponse/<str:token>/nouveau-lien/", readers.reply_renew, name="reply-renew"),
    path("calendrier.ics", calendar.public_calendar, name="public-calendar"),
    path("calendrier/<str:token>.ics", calendar.my_calendar, name="my-calendar"),
]

urlpatterns = [*planning, *agendas, *convening, *the_day, *mandates, *member_area, *open_to_all]
