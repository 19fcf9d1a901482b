"""Addresses of the pack, of hearings and site visits: the back office's, then those of the members' area."""

from django.urls import URLPattern, path

from consultations.briefing import views as briefing_release
from consultations.hearings import views as hearings
from consultations.views import briefing, hearing_report, member_briefing

REFERRAL = "bureau/saisines/<int:pk>"
PACK = f"{REFERRAL}/dossier"
PAPER = "bureau/saisines/documents/<int:pk>"
HEARING = "bureau/saisines/auditions/<int:pk>"
MY_BRIEFING = "espace/saisines/<int:pk>/dossier"

pack: list[URLPattern] = [
    path(f"{PACK}/", briefing.briefing, name="briefing"),
    path(f"{PACK}/presentation/", briefing.briefing_introduction, name="briefing-introduction"),
    path(f"{PACK}/ajouter/", briefing.briefing_add, name="briefing-add"),
    path(f"{PACK}/deposer/", briefing.briefing_drop, name="briefing-drop"),
    path(f"{PACK}/decrire/", briefing.briefing_describe, name="briefing-describe"),
    path(f"{PACK}/note/", briefing.briefing_note, name="briefing-note"),
    path(f"{PACK}/ouvrir/", briefing_release.briefing_release, name="briefing-release"),
    path(f"{PACK}/ne-pas-ouvrir/", briefing_release.briefing_unschedule, name="briefing-unschedule"),
    path(f"{PACK}/archive.zip", member_briefing.briefing_zip, name="briefing-zip"),
    path(f"{PACK}/pdf/", member_briefing.briefing_pdf, name="briefing-pdf"),
    path(f"{PAPER}/modifier/", briefing.document_edit, name="document-edit"),
    path(f"{PAPER}/version/", briefing.document_version, name="document-version"),
    path(f"{PAPER}/deplacer/", briefing.document_move, name="document-move"),
    path(f"{PAPER}/retirer/", briefing.document_remove, name="document-remove"),
]
heard: list[URLPattern] = [
    path(f"{REFERRAL}/auditions/", hearings.hearings, name="hearings"),
    path(f"{REFERRAL}/auditions/nouvelle/", hearings.hearing_create, name="hearing-create"),
    path(f"{HEARING}/", hearings.hearing, name="hearing"),
    path(f"{HEARING}/modifier/", hearings.hearing_edit, name="hearing-edit"),
    hearings.STEPS.path(f"{HEARING}/etapes/"),
    path(f"{HEARING}/personnes/", hearings.guest_add, name="guest-add"),
    path(f"{HEARING}/personnes/<int:guest_pk>/retirer/", hearings.guest_remove, name="guest-remove"),
    path(f"{HEARING}/compte-rendu/", hearing_report.hearing_report, name="hearing-report"),
]
member_area: list[URLPattern] = [
    path(f"{MY_BRIEFING}/", member_briefing.member_briefing, name="my-briefing"),
    path(f"{MY_BRIEFING}/<int:document_pk>/lu/", member_briefing.member_briefing_mark, name="my-briefing-mark"),
    path(f"{MY_BRIEFING}/archive.zip", member_briefing.member_briefing_zip, name="my-briefing-zip"),
    path(f"{MY_BRIEFING}/pdf/", member_briefing.member_briefing_pdf, name="my-briefing-pdf"),
    path("espace/saisines/auditions/<int:pk>/", member_briefing.member_hearing, name="my-hearing"),
    path(
        "espace/saisines/auditions/<int:pk>/agenda.ics", member_briefing.member_hearing_event, name="my-hearing-event"
    ),
]

urlpatterns = [*pack, *heard, *member_area]
