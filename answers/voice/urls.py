"""Addresses of those who read the answers: following a proposal, rating an answer."""

from django.urls import URLPattern, path

from answers.views import ratings
from answers.voice import views as following
from opinions.versions.models import PROPOSAL_ROUTE as THREAD

urlpatterns: list[URLPattern] = [
    path(f"{THREAD}suivre/", following.follow, name="follow"),
    path(f"{THREAD}suivre/demande/", following.follow_asked, name="follow-asked"),
    path("propositions/suivi/confirmer/<str:token>/", following.follow_confirm, name="follow-confirm"),
    path("propositions/suivi/arret/<str:token>/", following.follow_stop, name="follow-stop"),
    path("compte/propositions-suivies/", following.followed, name="followed"),
    path("espace/reponses/<int:pk>/noter/", ratings.rate, name="rate"),
]
