"""URLs of expenses, in the member's pages and in the back office."""

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from assembly.institution.pages import list_file, list_page
from sessions.expenses.importing import CLAIMS_FILE, RATES_FILE
from sessions.expenses.lists import EXPENSE_BATCHES, EXPENSE_RATES, EXPENSES, EXPENSES_IN_FILE
from sessions.expenses.views import claims, finance, paper

MEMBER = "espace/frais/"
DESK = "bureau/frais/"
MY_AREA, DESK_AREA = {"area": "member"}, {"area": "desk"}

urlpatterns: list[URLPattern] = [
    path(MEMBER, claims.my_list, name="my-expenses"),
    path(f"{MEMBER}seances/<int:pk>/", claims.my_start, name="my-expense-start"),
    path(f"{MEMBER}<int:pk>/", claims.claim_page, MY_AREA, name="my-expense"),
    path(f"{MEMBER}<int:pk>/depenses/", claims.line_add, MY_AREA, name="my-expense-line-add"),
    path(f"{MEMBER}<int:pk>/depenses/<int:line>/", claims.line_edit, MY_AREA, name="my-expense-line"),
    path(f"{MEMBER}<int:pk>/depenses/<int:line>/retirer/", claims.line_remove, MY_AREA, name="my-expense-line-remove"),
    claims.MY_STEPS.path(f"{MEMBER}<int:pk>/"),
    path(DESK, list_page(EXPENSES), name="expenses"),
    path(f"{DESK}choisies/", claims.claims_chosen, name="expenses-chosen"),
    path(f"{DESK}papier/", paper.paper_grid, name="expenses-paper"),
    path(f"{DESK}export.csv", list_file(EXPENSES_IN_FILE, fresh=True), name="expenses-export"),
    path(f"{DESK}seances/", finance.expense_sittings, name="expense-sittings"),
    path(f"{DESK}seances/export.csv", finance.expense_sittings_export, name="expense-sittings-export"),
    path(f"{DESK}nouvelle/<int:pk>/", claims.expense_for, name="expense-for"),
    path(f"{DESK}taux/", list_page(EXPENSE_RATES), name="expense-rates"),
    path(f"{DESK}taux/export.csv", list_file(EXPENSE_RATES), name="expense-rates-export"),
    *import_routes(f"{DESK}taux/importer/", RATES_FILE),
    *import_routes(f"{DESK}importer/", CLAIMS_FILE),
    path(f"{DESK}taux/ajouter/", finance.rate_add, name="expense-rate-add"),
    path(f"{DESK}taux/<int:pk>/", finance.rate_edit, name="expense-rate"),
    path(f"{DESK}lots/", list_page(EXPENSE_BATCHES), name="expense-batches"),
    path(f"{DESK}lots/nouveau/", finance.batch_make, name="expense-batch-make"),
    path(f"{DESK}lots/<int:pk>/", finance.batch_page, name="expense-batch"),
    path(f"{DESK}lots/<int:pk>/fichier/", finance.batch_file, name="expense-batch-file"),
    path(f"{DESK}lots/<int:pk>/payer/", finance.batch_pay, name="expense-batch-pay"),
    path(f"{DESK}<int:pk>/", claims.claim_page, DESK_AREA, name="expense"),
    path(f"{DESK}<int:pk>/depenses/", claims.line_add, DESK_AREA, name="expense-line-add"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/", claims.line_edit, DESK_AREA, name="expense-line"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/retirer/", claims.line_remove, DESK_AREA, name="expense-line-remove"),
    path(f"{DESK}<int:pk>/justificatifs/", claims.vouchers_open, name="expense-vouchers"),
    claims.DESK_STEPS.path(f"{DESK}<int:pk>/"),
]
