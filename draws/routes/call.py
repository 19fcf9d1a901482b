"""Addresses of the call: the public form, the private pages of candidates, the back office."""

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from assembly.institution.list_pages import list_file
from draws.calls import views as calls
from draws.candidates.lists import CANDIDATES
from draws.candidates.views import public
from draws.candidates.views.desk import STEPS
from draws.representation import views as representation
from draws.views import candidates, personal_page
from draws.views.candidate_imports import CANDIDATES_FILE

APPLY = "candidater/"
PERSONAL = "candidature/<str:token>/"
DESK = "bureau/candidatures/"
PUBLIC = "representativite/"
ONE = f"{DESK}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(APPLY, public.apply, name="apply"),
    path(f"{APPLY}envoyer/", public.apply_send, name="apply-send"),
    path(f"{APPLY}cantons/", public.apply_cells, name="apply-cells"),
    path(f"{APPLY}autorisation.pdf", public.apply_authorisation, name="apply-authorisation"),
    path(f"{APPLY}code/<str:token>/", personal_page.apply_code, name="apply-code"),
    path(f"{APPLY}parent/<str:token>/", personal_page.guardian, name="guardian"),
    path(f"{APPLY}nouveau-lien/<str:token>/", personal_page.link_renew, name="link-renew"),
    path(f"{APPLY}arret/<str:token>/", personal_page.news_stop, name="news-stop"),
    path(PERSONAL, personal_page.candidate_page, name="candidate-page"),
    path(f"{PERSONAL}confirmer/", personal_page.candidate_confirm, name="candidate-confirm"),
    path(f"{PERSONAL}corriger/", personal_page.candidate_correct, name="personal-correct"),
    path(f"{PERSONAL}retirer/", personal_page.candidate_withdraw, name="personal-withdraw"),
    path(f"{PERSONAL}autorisation.pdf", personal_page.personal_authorisation, name="personal-authorisation"),
    path(f"{PERSONAL}donnees.json", personal_page.candidate_data, name="personal-data"),
    path(DESK, candidates.candidate_list_page, name="candidates"),
    path(f"{DESK}export.csv", list_file(CANDIDATES, fresh=True), name="candidate-export"),
    path(f"{DESK}choisies/", candidates.candidates_chosen, name="candidates-chosen"),
    path(f"{DESK}saisir/", candidates.candidate_enter, name="candidate-enter"),
    *import_routes(f"{DESK}importer/", CANDIDATES_FILE),
    path(f"{DESK}cantons/", calls.cell_table, name="call-cells"),
    path(f"{DESK}cantons.csv", calls.cell_table_export, name="call-cells-export"),
    path(f"{DESK}profil/", representation.representation_page, name="representation"),
    path(f"{DESK}profil.csv", representation.representation_file, name="representation-export"),
    path(f"{DESK}profil/population/", representation.population_import, name="population-import"),
    path(f"{DESK}profil/population/<int:pk>/<str:action>/", representation.population_count, name="population-count"),
    path(PUBLIC, representation.public_representation, name="public-representation"),
    path(f"{PUBLIC}chiffres.csv", representation.public_representation_file, name="public-representation-file"),
    path(f"{DESK}appel/", calls.call_page, name="call"),
    path(f"{DESK}appel/preparer/", calls.call_prepare, name="call-prepare"),
    calls.CALL_STEPS.path(f"{DESK}appel/<int:pk>/etapes/"),
    path(ONE, candidates.candidate, name="candidate"),
    path(f"{ONE}autorisation.pdf", candidates.candidate_authorisation, name="candidate-authorisation"),
    path(f"{ONE}corriger/", candidates.candidate_correct, name="candidate-correct"),
    STEPS.path(f"{ONE}etapes/"),
]
