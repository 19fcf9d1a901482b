"""Addresses of the draw: in the back office, and in public."""

from django.urls import path

from draws.draws.views import draw, places, preparation, projection, public
from draws.draws.views.frame import STEPS

DESK = "bureau/tirages/"
urlpatterns = [
    path(DESK, draw.draw_list, name="list"),
    path(f"{DESK}commencer/", draw.draw_begin, name="begin"),
    path(f"{DESK}interne/", draw.internal_begin, name="internal-begin"),
    path("espace/tirages/", places.my_places, name="my-places"),
    path(f"{DESK}contestations/<int:pk>/", draw.contestation_answer, name="contestation"),
    path(f"{DESK}<int:pk>/", draw.draw, name="draw"),
    path(f"{DESK}<int:pk>/quotas/", preparation.quotas, name="quotas"),
    path(f"{DESK}<int:pk>/quotas/fichier/", preparation.quotas_file, name="quotas-file"),
    path(f"{DESK}<int:pk>/quotas/version-<int:number>.csv", preparation.quotas_version, name="quotas-version"),
    path(f"{DESK}<int:pk>/quotas/remedes/<int:number>/", preparation.quotas_remedy, name="quotas-remedy"),
    path(f"{DESK}<int:pk>/calculs/", preparation.computation, name="computation"),
    path(f"{DESK}<int:pk>/calculs/<int:number>/arreter/", preparation.computation_stop, name="computation-stop"),
    path(f"{DESK}<int:pk>/liste/", draw.pool, name="pool"),
    path(f"{DESK}<int:pk>/seance/", draw.ceremony, name="ceremony"),
    path(f"{DESK}<int:pk>/mandats/", draw.placements, name="placements"),
    path(f"{DESK}mandats/<int:pk>/appel/", draw.confirmation, name="confirmation"),
    path(f"{DESK}<int:pk>/projection/", projection.draw_projection, name="projection"),
    path(f"{DESK}<int:pk>/historique/", draw.draw_history, name="history"),
    path(f"{DESK}<int:pk>/fichiers/<str:name>", draw.draw_file, name="file"),
    path(f"{DESK}<int:pk>/reserve/<str:name>", draw.private_file, name="private-file"),
    STEPS.path(f"{DESK}<int:pk>/etapes/"),
    path("tirages/", public.public_draw_list, name="public-list"),
    path("tirages/ma-page/<str:token>/", draw.entry, name="entry"),
    path("tirages/<str:reference>/", public.public_draw, name="public"),
    path("tirages/<str:reference>/projection/", projection.public_projection, name="public-projection"),
    path("tirages/<str:reference>/<str:name>", public.public_file, name="public-file"),
]
