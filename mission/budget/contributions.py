"""Contributions of the budget: costs of a sitting."""

from django.utils.translation import gettext_lazy as _

from mission.budget.queries import entries_of_sitting, orders_of_sitting
from sessions.expenses.queries import CostSource, add_cost_source

add_cost_source(CostSource("orders", _("commandes des contrats"), orders_of_sitting))
add_cost_source(CostSource("entries", _("écritures du budget"), entries_of_sitting))
