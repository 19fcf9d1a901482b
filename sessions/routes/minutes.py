"""URLs of minutes, decisions and ballots."""

from django.urls import URLPattern, path

from assembly.institution.current_term import allowed_term
from assembly.institution.list_pages import list_file, list_page
from sessions.decisions import views as action_items
from sessions.decisions.lists import ACTIONS
from sessions.minutes.views import members, writing
from sessions.minutes.views.steps import STEPS
from sessions.views import corrections, corrections_chosen, decisions, minutes
from sessions.views.ballot_steps import STEPS as BALLOT_STEPS

DESK = "bureau/comptes-rendus/<int:pk>/"
ITEM = DESK + "points/<int:item_pk>/"

urlpatterns: list[URLPattern] = [
    path("bureau/seances/<int:pk>/compte-rendu/", minutes.minutes_tab, name="minutes"),
    path("bureau/seances/<int:pk>/compte-rendu/commencer/", minutes.minutes_start, name="minutes-start"),
    path(DESK + "projet/", minutes.minutes_draft, name="minutes-draft"),
    STEPS.path(DESK + "etapes/"),
    path(DESK + "corrections/noter/", corrections.correction_note, name="correction-note"),
    path(DESK + "corrections/choisies/", corrections_chosen.corrections_chosen, name="corrections-chosen"),
    path(ITEM, writing.section, name="section"),
    path(ITEM + "versions/", writing.section_history, name="section-history"),
    path(ITEM + "versions/<int:revision_pk>/reprendre/", writing.section_restore, name="section-restore"),
    path("bureau/corrections/<int:pk>/accepter/", corrections.correction_accept, name="correction-accept"),
    path("bureau/corrections/<int:pk>/corriger/", corrections.correction_edit, name="correction-edit"),
    path("bureau/corrections/<int:pk>/refuser/", corrections.correction_refuse, name="correction-refuse"),
    path("bureau/points/<int:pk>/decisions/ajouter/", decisions.decision_add, name="decision-add"),
    path("bureau/decisions/<int:pk>/", decisions.decision_change, name="decision-change"),
    path("bureau/decisions/<int:pk>/retirer/", decisions.decision_withdraw, name="decision-withdraw"),
    path("bureau/points/<int:pk>/votes/preparer/", decisions.ballot_prepare, name="ballot-prepare"),
    path("bureau/votes/<int:pk>/compter/", decisions.ballot_count, name="ballot-count"),
    path("bureau/votes/<int:pk>/proclamer/", decisions.ballot_proclaim, name="ballot-proclaim"),
    BALLOT_STEPS.path("bureau/votes/<int:pk>/resultat/"),
    path("bureau/votes/<int:pk>/annuler/", decisions.ballot_cancel, name="ballot-cancel"),
    path("bureau/points/<int:pk>/actions/ajouter/", action_items.action_add, name="action-add"),
    path("bureau/actions/", list_page(ACTIONS, allowed_term), name="actions"),
    path("bureau/actions/export.csv", list_file(ACTIONS, allowed_term, fresh=True), name="actions-export"),
    path("bureau/actions/choisies/", action_items.actions_chosen, name="actions-chosen"),
    path("bureau/actions/<int:pk>/", action_items.action_change, name="action-change"),
    path("bureau/actions/<int:pk>/faite/", action_items.STEPS.view, {"slug": "faite"}, name="action-finish"),
    path("bureau/actions/<int:pk>/abandonner/", action_items.STEPS.view, {"slug": "abandonner"}, name="action-drop"),
    path("bureau/actions/<int:pk>/rouvrir/", action_items.STEPS.view, {"slug": "rouvrir"}, name="action-reopen"),
    path("espace/comptes-rendus/", members.minutes_list, name="minutes-list"),
    path("espace/comptes-rendus/<int:pk>/", members.minutes_read, name="minutes-read"),
    path(
        "espace/comptes-rendus/<int:pk>/points/<int:item_pk>/corriger/",
        members.correction_ask,
        name="correction-ask",
    ),
    path("espace/comptes-rendus/<int:pk>/visa/", members.minutes_visa, name="minutes-visa"),
]
