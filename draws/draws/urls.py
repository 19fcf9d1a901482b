"""Addresses of the draw: in the back office, and in public."""

from django.urls import path

from draws.draws.views import draw as draws
from draws.draws.views import preparation
from draws.draws.views.frame import STEPS
from draws.views import draw_ceremony, draw_computation, draw_pool, draw_public, internal

DESK = "bureau/tirages/"
urlpatterns = [
    path(DESK, draws.draw_list, name="list"),
    path(f"{DESK}commencer/", draws.draw_begin, name="begin"),
    path(f"{DESK}interne/", internal.internal_begin, name="internal-begin"),
    path("espace/tirages/", internal.my_places, name="my-places"),
    path(f"{DESK}contestations/<int:pk>/", draw_pool.contestation_answer, name="contestation"),
    path(f"{DESK}<int:pk>/", draws.draw, name="draw"),
    path(f"{DESK}<int:pk>/quotas/", preparation.quotas, name="quotas"),
    path(f"{DESK}<int:pk>/quotas/fichier/", preparation.quotas_file, name="quotas-file"),
    path(f"{DESK}<int:pk>/quotas/version-<int:number>.csv", preparation.quotas_version, name="quotas-version"),
    path(f"{DESK}<int:pk>/quotas/remedes/<int:number>/", preparation.quotas_remedy, name="quotas-remedy"),
    path(f"{DESK}<int:pk>/calculs/", draw_computation.computation, name="computation"),
    path(f"{DESK}<int:pk>/calculs/<int:number>/arreter/", draw_computation.computation_stop, name="computation-stop"),
    path(f"{DESK}<int:pk>/liste/", draw_pool.pool, name="pool"),
    path(f"{DESK}<int:pk>/seance/", draw_ceremony.ceremony, name="ceremony"),
    path(f"{DESK}<int:pk>/mandats/", draws.placements, name="placements"),
    path(f"{DESK}mandats/<int:pk>/appel/", draws.confirmation, name="confirmation"),
    path(f"{DESK}<int:pk>/projection/", draws.draw_projection, name="projection"),
    path(f"{DESK}<int:pk>/historique/", draws.draw_history, name="history"),
    path(f"{DESK}<int:pk>/fichiers/<str:name>", draws.draw_file, name="file"),
    path(f"{DESK}<int:pk>/reserve/<str:name>", draws.private_file, name="private-file"),
    STEPS.path(f"{DESK}<int:pk>/etapes/"),
    path("tirages/ma-page/<str:token>/", draw_pool.entry, name="entry"),
    path("tirages/<str:reference>/", draw_public.public_draw, name="public"),
    path("tirages/<str:reference>/<str:name>", draw_public.public_file, name="public-file"),
]
