"""URLs of expenses, in the member's pages and in the back office."""

from django.urls import URLPattern, path

from assembly.institution.list_pages import list_file, list_page
from sessions.expenses import views as expense_desk
from sessions.expenses.lists import EXPENSE_BATCHES, EXPENSE_RATES, EXPENSES
from sessions.views import expenses

MEMBER = "espace/frais/"
DESK = "bureau/frais/"
MY_AREA, DESK_AREA = {"area": "member"}, {"area": "desk"}

urlpatterns: list[URLPattern] = [
    path(MEMBER, expenses.my_list, name="my-expenses"),
    path(f"{MEMBER}seances/<int:pk>/", expenses.my_start, name="my-expense-start"),
    path(f"{MEMBER}<int:pk>/", expenses.claim_page, MY_AREA, name="my-expense"),
    path(f"{MEMBER}<int:pk>/depenses/", expenses.line_add, MY_AREA, name="my-expense-line-add"),
    path(f"{MEMBER}<int:pk>/depenses/<int:line>/", expenses.line_edit, MY_AREA, name="my-expense-line"),
    path(
        f"{MEMBER}<int:pk>/depenses/<int:line>/retirer/", expenses.line_remove, MY_AREA, name="my-expense-line-remove"
    ),
    expenses.MY_STEPS.path(f"{MEMBER}<int:pk>/"),
    path(DESK, list_page(EXPENSES), name="expenses"),
    path(f"{DESK}export.csv", list_file(EXPENSES, fresh=True), name="expenses-export"),
    path(f"{DESK}seances/", expense_desk.expense_sittings, name="expense-sittings"),
    path(f"{DESK}seances/export.csv", expense_desk.expense_sittings_export, name="expense-sittings-export"),
    path(f"{DESK}nouvelle/<int:pk>/", expense_desk.expense_for, name="expense-for"),
    path(f"{DESK}taux/", list_page(EXPENSE_RATES), name="expense-rates"),
    path(f"{DESK}taux/ajouter/", expense_desk.rate_add, name="expense-rate-add"),
    path(f"{DESK}taux/<int:pk>/", expense_desk.rate_edit, name="expense-rate"),
    path(f"{DESK}lots/", list_page(EXPENSE_BATCHES), name="expense-batches"),
    path(f"{DESK}lots/nouveau/", expense_desk.batch_make, name="expense-batch-make"),
    path(f"{DESK}lots/<int:pk>/", expense_desk.batch_page, name="expense-batch"),
    path(f"{DESK}lots/<int:pk>/fichier/", expense_desk.batch_file, name="expense-batch-file"),
    path(f"{DESK}lots/<int:pk>/payer/", expense_desk.batch_pay, name="expense-batch-pay"),
    path(f"{DESK}<int:pk>/", expenses.claim_page, DESK_AREA, name="expense"),
    path(f"{DESK}<int:pk>/depenses/", expenses.line_add, DESK_AREA, name="expense-line-add"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/", expenses.line_edit, DESK_AREA, name="expense-line"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/retirer/", expenses.line_remove, DESK_AREA, name="expense-line-remove"),
    expenses.DESK_STEPS.path(f"{DESK}<int:pk>/"),
]
