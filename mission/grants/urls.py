"""URLs of grants in addition to those of the registers: public pages, list of a committee, papers."""

from django.urls import URLPattern, path

from mission.grants.views import desk, public

PUBLIC = "subventions/"
DEPOSIT = f"{PUBLIC}dossier/<str:token>/"
DESK = "bureau/mission/"

urlpatterns: list[URLPattern] = [
    path(PUBLIC, public.scheme_list, name="grant-schemes"),
    path(f"{PUBLIC}<int:pk>/", public.scheme_page, name="grant-scheme"),
    path(f"{PUBLIC}subventions.csv", public.open_data, name="grant-data"),
    path(DEPOSIT, public.deposit_page, name="grant-deposit"),
    path(f"{DEPOSIT}confirmer/", public.address_confirm, name="grant-address-confirm"),
    path(f"{DEPOSIT}nouveau-lien/", public.link_renew, name="grant-link-renew"),
    path(f"{DEPOSIT}retirer/", public.deposit_withdraw, name="grant-withdraw"),
    path(f"{DEPOSIT}documents/<int:pk>/retirer/", public.document_drop, name="grant-document-drop"),
    path(f"{DESK}dispositifs/<int:pk>/comite/", desk.committee_page, name="grant-committee"),
    path(f"{DESK}dispositifs/<int:pk>/decisions/", desk.decisions, name="grant-decisions"),
    path(f"{DESK}subventions/<int:pk>/papiers/", desk.grant_papers, name="grant-papers"),
    path(f"{DESK}subventions/<int:pk>/papiers/<slug:slug>.docx", desk.grant_word, name="grant-word"),
    path(f"{DESK}subventions/<int:pk>/papiers/<slug:slug>/imprimer/", desk.grant_print, name="grant-print"),
]
