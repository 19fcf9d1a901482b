"""Addresses of the plan and of the texts of sections."""

from django.urls import URLPattern, path

from opinions.opinions.urls import MY_OPINIONS, ONE
from opinions.sections import views

SECTION = f"{ONE}parties/<int:section>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}plan/", views.outline, name="outline"),
    path(f"{ONE}plan/coller/", views.sections_paste, name="sections-paste"),
    path(f"{ONE}plan/ordre/", views.sections_arrange, name="sections-arrange"),
    path(f"{SECTION}modifier/", views.section_edit, name="section-edit"),
    path(f"{SECTION}deplacer/", views.section_move, name="section-move"),
    path(f"{SECTION}dupliquer/", views.section_duplicate, name="section-duplicate"),
    path(f"{SECTION}retirer/", views.section_remove, name="section-remove"),
    path(f"{SECTION}remettre/", views.section_restore, name="section-restore"),
    path(f"{SECTION}texte/", views.section_text, name="section-text"),
    path(f"{ONE}texte/", views.opinion_text, name="text"),
    path(f"{MY_OPINIONS}<int:pk>/texte/", views.member_text, name="my-text"),
    path(f"{MY_OPINIONS}<int:pk>/parties/<int:section>/texte/", views.member_section_text, name="my-section-text"),
    path(f"{MY_OPINIONS}parties/<int:pk>/valider/", views.STEPS.view, {"slug": "valider"}, name="section-validate"),
    path(f"{MY_OPINIONS}parties/<int:pk>/rouvrir/", views.STEPS.view, {"slug": "rouvrir"}, name="section-reopen"),
]
