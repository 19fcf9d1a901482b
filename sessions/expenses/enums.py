"""Kinds of expenses with their unit, states of claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ExpenseKind(models.TextChoices):
    KM = "km", _("trajet en voiture")
    TICKET = "ticket", _("billet ou titre de transport")
    MEAL = "meal", _("repas")
    CHILDCARE = "childcare", _("garde d’enfants ou d’un proche")
    LODGING = "lodging", _("nuit d’hôtel")


# The unit that is counted, in the singular and in the plural.
EXPENSE_UNITS = {
    ExpenseKind.KM: (_("kilomètre"), _("kilomètres")),
    ExpenseKind.TICKET: (_("trajet"), _("trajets")),
    ExpenseKind.MEAL: (_("repas"), _("repas")),
    ExpenseKind.CHILDCARE: (_("heure"), _("heures")),
    ExpenseKind.LODGING: (_("nuit"), _("nuits")),
}


class ExpenseState(States):
    """States of a claim, from the draft to the payment."""

    DRAFT = "draft", State("todo", tags={"editable"}), _("Brouillon")
    SUBMITTED = "submitted", State("waiting", tags={"waiting"}), _("À contrôler")
    RETURNED = "returned", State("warn", tags={"editable"}), _("À compléter")
    CHECKED = "checked", State("partial", tags={"waiting"}), _("Contrôlée")
    SENT = "sent", State("in_progress", tags={"waiting", "batched"}), _("Transmise aux finances")
    PAID = "paid", State("done", tags={"batched"}), _("Payée")
    REFUSED = "refused", State("refused", tags={"closed"}), _("Refusée")
    WITHDRAWN = "withdrawn", State("closed", tags={"closed"}), _("Retirée")
