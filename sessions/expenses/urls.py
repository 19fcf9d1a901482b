"""URLs of expenses, in the member's pages and in the back office."""

from django.urls import URLPattern, path

from assembly.institution.pages import list_file, list_page
from sessions.expenses import views
from sessions.expenses.lists import EXPENSE_BATCHES, EXPENSE_RATES, EXPENSES

MEMBER = "espace/frais/"
DESK = "bureau/frais/"
MY_AREA, DESK_AREA = {"area": "member"}, {"area": "desk"}

urlpatterns: list[URLPattern] = [
    path(MEMBER, views.my_list, name="my-expenses"),
    path(f"{MEMBER}seances/<int:pk>/", views.my_start, name="my-expense-start"),
    path(f"{MEMBER}<int:pk>/", views.claim_page, MY_AREA, name="my-expense"),
    path(f"{MEMBER}<int:pk>/depenses/", views.line_add, MY_AREA, name="my-expense-line-add"),
    path(f"{MEMBER}<int:pk>/depenses/<int:line>/", views.line_edit, MY_AREA, name="my-expense-line"),
    path(f"{MEMBER}<int:pk>/depenses/<int:line>/retirer/", views.line_remove, MY_AREA, name="my-expense-line-remove"),
    views.MY_STEPS.path(f"{MEMBER}<int:pk>/"),
    path(DESK, list_page(EXPENSES), name="expenses"),
    path(f"{DESK}export.csv", list_file(EXPENSES, fresh=True), name="expenses-export"),
    path(f"{DESK}seances/", views.expense_sittings, name="expense-sittings"),
    path(f"{DESK}seances/export.csv", views.expense_sittings_export, name="expense-sittings-export"),
    path(f"{DESK}nouvelle/<int:pk>/", views.expense_for, name="expense-for"),
    path(f"{DESK}taux/", list_page(EXPENSE_RATES), name="expense-rates"),
    path(f"{DESK}taux/ajouter/", views.rate_add, name="expense-rate-add"),
    path(f"{DESK}taux/<int:pk>/", views.rate_edit, name="expense-rate"),
    path(f"{DESK}lots/", list_page(EXPENSE_BATCHES), name="expense-batches"),
    path(f"{DESK}lots/nouveau/", views.batch_make, name="expense-batch-make"),
    path(f"{DESK}lots/<int:pk>/", views.batch_page, name="expense-batch"),
    path(f"{DESK}lots/<int:pk>/fichier/", views.batch_file, name="expense-batch-file"),
    path(f"{DESK}lots/<int:pk>/payer/", views.batch_pay, name="expense-batch-pay"),
    path(f"{DESK}<int:pk>/", views.claim_page, DESK_AREA, name="expense"),
    path(f"{DESK}<int:pk>/depenses/", views.line_add, DESK_AREA, name="expense-line-add"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/", views.line_edit, DESK_AREA, name="expense-line"),
    path(f"{DESK}<int:pk>/depenses/<int:line>/retirer/", views.line_remove, DESK_AREA, name="expense-line-remove"),
    views.DESK_STEPS.path(f"{DESK}<int:pk>/"),
]
