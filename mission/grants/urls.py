"""URLs of grants in addition to those of the registers: public pages, list of a committee, papers."""

from django.urls import URLPattern, path

from mission.grants import views

PUBLIC = "subventions/"
DEPOSIT = f"{PUBLIC}dossier/<str:token>/"
DESK = "bureau/mission/"

urlpatterns: list[URLPattern] = [
    path(PUBLIC, views.scheme_list, name="grant-schemes"),
    path(f"{PUBLIC}<int:pk>/", views.scheme_page, name="grant-scheme"),
    path(f"{PUBLIC}subventions.csv", views.open_data, name="grant-data"),
    path(DEPOSIT, views.deposit_page, name="grant-deposit"),
    path(f"{DEPOSIT}confirmer/", views.address_confirm, name="grant-address-confirm"),
    path(f"{DEPOSIT}nouveau-lien/", views.link_renew, name="grant-link-renew"),
    path(f"{DEPOSIT}retirer/", views.deposit_withdraw, name="grant-withdraw"),
    path(f"{DEPOSIT}documents/<int:pk>/retirer/", views.document_drop, name="grant-document-drop"),
    path(f"{DESK}dispositifs/<int:pk>/comite/", views.committee_page, name="grant-committee"),
    path(f"{DESK}dispositifs/<int:pk>/decisions/", views.decisions, name="grant-decisions"),
    path(f"{DESK}subventions/<int:pk>/papiers/", views.grant_papers, name="grant-papers"),
    path(f"{DESK}subventions/<int:pk>/papiers/<slug:slug>.docx", views.grant_word, name="grant-word"),
    path(f"{DESK}subventions/<int:pk>/papiers/<slug:slug>/imprimer/", views.grant_print, name="grant-print"),
]
