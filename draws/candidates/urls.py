"""Addresses of candidatures: the public form, private pages, the back office."""

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from assembly.institution.pages import list_file
from draws.candidates.lists import CANDIDATES
from draws.candidates.views import desk, public, writing
from draws.candidates.views.desk import CANDIDATES_FILE, STEPS

APPLY = "candidater/"
PERSONAL = "candidature/<str:token>/"
DESK = "bureau/candidatures/"

ONE = f"{DESK}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(APPLY, public.apply, name="apply"),
    path(f"{APPLY}envoyer/", public.apply_send, name="apply-send"),
    path(f"{APPLY}cantons/", public.apply_cells, name="apply-cells"),
    path(f"{APPLY}autorisation.pdf", public.apply_authorisation, name="apply-authorisation"),
    path(f"{APPLY}code/<str:token>/", public.apply_code, name="apply-code"),
    path(f"{APPLY}parent/<str:token>/", public.guardian, name="guardian"),
    path(f"{APPLY}nouveau-lien/<str:token>/", public.link_renew, name="link-renew"),
    path(f"{APPLY}arret/<str:token>/", public.news_stop, name="news-stop"),
    path(PERSONAL, public.candidate_page, name="candidate-page"),
    path(f"{PERSONAL}confirmer/", public.candidate_confirm, name="candidate-confirm"),
    path(f"{PERSONAL}corriger/", public.candidate_correct, name="personal-correct"),
    path(f"{PERSONAL}retirer/", public.candidate_withdraw, name="personal-withdraw"),
    path(f"{PERSONAL}autorisation.pdf", public.personal_authorisation, name="personal-authorisation"),
    path(f"{PERSONAL}donnees.json", public.candidate_data, name="personal-data"),
    path(DESK, desk.candidate_list_page, name="candidates"),
    path(f"{DESK}export.csv", list_file(CANDIDATES, fresh=True), name="candidate-export"),
    path(f"{DESK}choisies/", desk.candidates_chosen, name="candidates-chosen"),
    path(f"{DESK}ecrire/", writing.candidates_write, name="candidates-write"),
    path(f"{DESK}ecrire/essai/", writing.candidates_write_trial, name="candidates-write-trial"),
    path(f"{DESK}ecrire/envoyer/", writing.candidates_write_send, name="candidates-write-send"),
    path(f"{DESK}saisir/", desk.candidate_enter, name="candidate-enter"),
    *import_routes(f"{DESK}importer/", CANDIDATES_FILE),
    path(ONE, desk.candidate, name="candidate"),
    path(f"{ONE}autorisation.pdf", desk.candidate_authorisation, name="candidate-authorisation"),
    path(f"{ONE}corriger/", desk.candidate_correct, name="candidate-correct"),
    STEPS.path(f"{ONE}etapes/"),
]
