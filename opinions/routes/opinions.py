"""Addresses of the opinions: the back office, the members' area, the offices, the directorates, the public site."""

from django.urls import URLPattern, path

from assembly.institution.list_pages import list_file, list_page
from opinions.checks import views as checks
from opinions.opinions import views as opinions
from opinions.opinions.lists import OPINIONS
from opinions.sections import views as outline
from opinions.versions import views as consolidation
from opinions.views import areas, sections, steps, votes

DESK = "bureau/avis-citoyens/"
ONE = f"{DESK}<int:pk>/"
SECTION = f"{ONE}parties/<int:section>/"
READING = f"{DESK}lectures/<int:pk>/"
MY_OPINIONS = "espace/avis/"
CHECK = "instructions/preconisations/<int:pk>/"

desk: list[URLPattern] = [
    path(DESK, list_page(OPINIONS), name="list"),
    path(f"{DESK}export.csv", list_file(OPINIONS), name="export"),
    path(f"{DESK}nouveau/", opinions.opinion_create, name="create"),
    path("bureau/reglages/avis/", opinions.settings, name="settings"),
    path(ONE, opinions.opinion_show, name="opinion"),
    path(f"{ONE}modifier/", opinions.opinion_edit, name="edit"),
    steps.STEPS.path(f"{ONE}etapes/"),
    path(f"{ONE}historique/", opinions.opinion_history, name="history"),
    path(f"{ONE}plan/", outline.outline, name="outline"),
    path(f"{ONE}plan/coller/", outline.sections_paste, name="sections-paste"),
    path(f"{ONE}plan/ordre/", outline.sections_arrange, name="sections-arrange"),
    path(f"{SECTION}modifier/", outline.section_edit, name="section-edit"),
    path(f"{SECTION}deplacer/", outline.section_move, name="section-move"),
    path(f"{SECTION}dupliquer/", outline.section_duplicate, name="section-duplicate"),
    path(f"{SECTION}retirer/", outline.section_remove, name="section-remove"),
    path(f"{SECTION}remettre/", outline.section_restore, name="section-restore"),
    path(f"{SECTION}texte/", sections.section_text, name="section-text"),
    path(f"{ONE}texte/", sections.opinion_text, name="text"),
    path(f"{ONE}directions/", checks.checks, name="checks"),
    path(f"{ONE}preconisations/", consolidation.recommendations, name="recommendations"),
    path(f"{ONE}preconisations/relever/", consolidation.recommendations_read, name="recommendations-read"),
    path(f"{ONE}preconisations/<int:recommendation>/", consolidation.recommendation, name="recommendation"),
    path(
        f"{ONE}preconisations/<int:recommendation>/reunir/",
        consolidation.recommendation_merge,
        name="recommendation-merge",
    ),
    path(f"{ONE}vote/", votes.vote, name="vote"),
    path(f"{ONE}vote/parties/", votes.part_add, name="part-add"),
    path(f"{ONE}vote/parties/<int:part>/retirer/", votes.part_drop, name="part-drop"),
    path(f"{ONE}priorites/", votes.ranking, name="ranking"),
    path(f"{ONE}porte-parole/", votes.spokespersons, name="spokespersons"),
    path(f"{ONE}porte-parole/tirer/", votes.spokespersons_draw, name="spokespersons-draw"),
    path(f"{READING}clore/", checks.DESK_STEPS.view, {"slug": "clore"}, name="check-close"),
    path(f"{READING}date/", checks.DESK_STEPS.view, {"slug": "date"}, name="check-due"),
    path(f"{READING}relancer/", checks.DESK_STEPS.view, {"slug": "relancer"}, name="check-remind"),
]
member_area: list[URLPattern] = [
    path(MY_OPINIONS, areas.member_opinion_list, name="my-list"),
    path(f"{MY_OPINIONS}<int:pk>/", areas.member_opinion_page, name="my-opinion"),
    path(f"{MY_OPINIONS}<int:pk>/texte/", sections.member_text, name="my-text"),
    path(f"{MY_OPINIONS}<int:pk>/parties/<int:section>/texte/", sections.member_section_text, name="my-section-text"),
    path(f"{MY_OPINIONS}parties/<int:pk>/valider/", sections.STEPS.view, {"slug": "valider"}, name="section-validate"),
    path(f"{MY_OPINIONS}parties/<int:pk>/rouvrir/", sections.STEPS.view, {"slug": "rouvrir"}, name="section-reopen"),
]
directorates: list[URLPattern] = [
    path(CHECK, checks.check, name="check"),
    path(f"{CHECK}<int:recommendation>/", checks.check_note, name="check-note"),
    path(f"{CHECK}envoyer/", checks.STEPS.view, {"slug": "envoyer"}, name="check-submit"),
    path(f"{CHECK}visa/", checks.STEPS.view, {"slug": "visa"}, name="check-visa"),
    path(f"{CHECK}a-reprendre/", checks.STEPS.view, {"slug": "a-reprendre"}, name="check-return"),
    path("instructions/avis-citoyens/<int:pk>/parties/<int:section>/texte/", checks.check_text, name="check-text"),
    path("instructions/avis-citoyens/<int:pk>/", areas.office_opinion, name="office-opinion"),
]
open_to_all: list[URLPattern] = [
    path("avis/", areas.public_list, name="public-list"),
    path("avis/<str:reference>/", areas.public_opinion, name="public"),
    path("avis/<str:reference>/partage.png", areas.public_card, name="public-card"),
]

urlpatterns = [*desk, *member_area, *directorates, *open_to_all]
