"""URLs of votes, decisions and action items."""

from django.urls import URLPattern, path

from sessions.decisions import views
from sessions.decisions.views import BALLOT_STEPS

urlpatterns: list[URLPattern] = [
    path("bureau/points/<int:pk>/decisions/ajouter/", views.decision_add, name="decision-add"),
    path("bureau/decisions/<int:pk>/", views.decision_change, name="decision-change"),
    path("bureau/decisions/<int:pk>/retirer/", views.decision_withdraw, name="decision-withdraw"),
    path("bureau/points/<int:pk>/votes/preparer/", views.ballot_prepare, name="ballot-prepare"),
    path("bureau/votes/<int:pk>/compter/", views.ballot_count, name="ballot-count"),
    path("bureau/votes/<int:pk>/proclamer/", views.ballot_proclaim, name="ballot-proclaim"),
    BALLOT_STEPS.path("bureau/votes/<int:pk>/resultat/"),
    path("bureau/votes/<int:pk>/annuler/", views.ballot_cancel, name="ballot-cancel"),
    path("bureau/points/<int:pk>/actions/ajouter/", views.action_add, name="action-add"),
    path("bureau/actions/choisies/", views.actions_chosen, name="actions-chosen"),
    path("bureau/actions/<int:pk>/", views.action_change, name="action-change"),
    path("bureau/actions/<int:pk>/faite/", views.ACTION_STEPS.view, {"slug": "faite"}, name="action-finish"),
    path("bureau/actions/<int:pk>/abandonner/", views.ACTION_STEPS.view, {"slug": "abandonner"}, name="action-drop"),
    path("bureau/actions/<int:pk>/rouvrir/", views.ACTION_STEPS.view, {"slug": "rouvrir"}, name="action-reopen"),
]
