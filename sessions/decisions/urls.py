"""URLs of votes and decisions, of the tasks that they make, and the former addresses of these."""

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
    path("bureau/actions/", views.former_list, {"route": "tasks:list"}, name="actions"),
    path("bureau/actions/export.csv", views.former_list, {"route": "tasks:export"}, name="actions-export"),
    path("bureau/actions/<int:pk>/", views.former_action, name="action"),
    path("bureau/actions/<int:pk>/<slug:slug>/", views.former_action, name="action-step"),
]
