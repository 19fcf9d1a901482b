"""Addresses of those who read the answers: following a proposal, a subject or everything; rating an answer."""

from django.urls import URLPattern, path

from answers.voice import views
from answers.voice.queries import EVERYTHING
from opinions.versions.models import PROPOSAL_ROUTE as THREAD

urlpatterns: list[URLPattern] = [
    path(f"{THREAD}suivre/", views.follow, name="follow"),
    path(f"{THREAD}suivre/demande/", views.follow_asked, name="follow-asked"),
    path("suivre/", views.follow, {"reference": EVERYTHING}, name="follow-assembly"),
    path("suivre/demande/", views.follow_asked, {"reference": EVERYTHING}, name="follow-assembly-asked"),
    path("suivre/<str:reference>/", views.follow, name="follow-subject"),
    path("suivre/<str:reference>/demande/", views.follow_asked, name="follow-subject-asked"),
    path("propositions/suivi/confirmer/<str:token>/", views.follow_confirm, name="follow-confirm"),
    path("propositions/suivi/arret/<str:token>/", views.follow_stop, name="follow-stop"),
    path("compte/propositions-suivies/", views.followed, name="followed"),
    path("espace/reponses/<int:pk>/noter/", views.rate, name="rate"),
]
