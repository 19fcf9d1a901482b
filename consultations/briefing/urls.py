"""Addresses of the pack: the back office's, then those of the members' area."""

from django.urls import URLPattern, path

from consultations.briefing import views

REFERRAL = "bureau/saisines/<int:pk>"
PACK = f"{REFERRAL}/dossier"
PAPER = "bureau/saisines/documents/<int:pk>"

MY_BRIEFING = "espace/saisines/<int:pk>/dossier"

pack: list[URLPattern] = [
    path(f"{PACK}/", views.briefing, name="briefing"),
    path(f"{PACK}/presentation/", views.briefing_introduction, name="briefing-introduction"),
    path(f"{PACK}/ajouter/", views.briefing_add, name="briefing-add"),
    path(f"{PACK}/deposer/", views.briefing_drop, name="briefing-drop"),
    path(f"{PACK}/decrire/", views.briefing_describe, name="briefing-describe"),
    path(f"{PACK}/note/", views.briefing_note, name="briefing-note"),
    path(f"{PACK}/ouvrir/", views.briefing_release, name="briefing-release"),
    path(f"{PACK}/ne-pas-ouvrir/", views.briefing_unschedule, name="briefing-unschedule"),
    path(f"{PACK}/archive.zip", views.briefing_zip, name="briefing-zip"),
    path(f"{PACK}/pdf/", views.briefing_pdf, name="briefing-pdf"),
    path(f"{PAPER}/modifier/", views.document_edit, name="document-edit"),
    path(f"{PAPER}/version/", views.document_version, name="document-version"),
    path(f"{PAPER}/deplacer/", views.document_move, name="document-move"),
    path(f"{PAPER}/retirer/", views.document_remove, name="document-remove"),
]

member_pack: list[URLPattern] = [
    path(f"{MY_BRIEFING}/", views.member_briefing, name="my-briefing"),
    path(f"{MY_BRIEFING}/<int:document_pk>/lu/", views.member_briefing_mark, name="my-briefing-mark"),
    path(f"{MY_BRIEFING}/archive.zip", views.member_briefing_zip, name="my-briefing-zip"),
    path(f"{MY_BRIEFING}/pdf/", views.member_briefing_pdf, name="my-briefing-pdf"),
]

urlpatterns = [*pack, *member_pack]
