"""Contributions of expenses: menu, to-do lines, mails, vouchers, a cost of sittings, audit events, retention."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_upload_rules
from assembly.identity.personal_data import months_later, retention
from assembly.imports.plan import add_import_kind
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry
from assembly.institution.queries import active_term, terms_past
from assembly.institution.rules import is_member
from assembly.notifications.registry import add_messages
from assembly.web.widgets import Widget, add_widget
from sessions.expenses import actions as expenses, queries
from sessions.expenses.importing import CLAIMS_FILE, RATES_FILE
from sessions.expenses.mails import ExpenseAnswer
from sessions.expenses.queries import CostSource, add_cost_source, refunds, voucher_is_visible
from sessions.expenses.rules import can_see_expenses
from sessions.models import ExpenseClaim, ExpenseKind, ExpenseState


def check_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext(
        "Contrôler %(n)s demande de remboursement", "Contrôler %(n)s demandes de remboursement", waiting["n"]
    )
    url = f"{reverse('sittings:expenses')}?etat={ExpenseState.SUBMITTED}"
    return todo.ToDo(label % waiting, url, tray=todo.Tray.CLAIMS, items=waiting["n"])


def batch_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext(
        "Transmettre %(n)s remboursement aux finances", "Transmettre %(n)s remboursements aux finances", waiting["n"]
    )
    return todo.ToDo(
        label % waiting, reverse("sittings:expense-batch-make"), tray=todo.Tray.CLAIMS, items=waiting["n"]
    )


def returned_line(claim: dict[str, Any]) -> todo.ToDo:
    url = reverse("sittings:my-expense", args=[claim["pk"]])
    return todo.ToDo(gettext("Compléter votre demande de remboursement"), url, claim["title"])


DESK = (
    todo.PendingRows(queries.waiting_for_check, {"n": "n"}, check_line),
    todo.PendingRows(queries.waiting_for_batch, {"n": "n"}, batch_line),
)
TO_COMPLETE = todo.PendingRows(queries.to_complete, {"pk": "pk", "title": "invitee__sitting__title"}, returned_line)


add_desk_line(MenuHeading.SITTINGS, _("Remboursements"), "sittings:expenses", can_see_expenses, order=32)
add_menu_entry("member", _("Mes frais"), "sittings:my-expenses", is_member, order=5, icon="receipt")


def call_refunds(user: Any, call: Any) -> Widget | None:
    """Return what is paid back to members: at the rates of the term to come, else at those of today's."""
    today = timezone.localdate()
    terms = [call.term, active_term(call.term.assembly)]
    rates = next((rows for rows in (queries.rates_now(term, today) for term in terms if term) if rows), [])
    if not rates:
        return None
    return Widget("sessions/expenses/_call.html", {"kinds": [ExpenseKind(rate.kind) for rate in rates]}, order=20)


add_widget("call", call_refunds)
add_messages(ExpenseAnswer)
for pages in (RATES_FILE, CLAIMS_FILE):
    add_import_kind(pages.import_kind())
add_upload_rules(voucher_is_visible)
add_cost_source(CostSource("refunds", _("frais remboursés"), refunds))
add_audit_events(
    {
        "expense.started": _("a commencé une demande de remboursement"),
        "expense.line_written": _("a noté une dépense"),
        "expense.line_removed": _("a retiré une dépense"),
        queries.VOUCHER_OPENED: _("a ouvert un justificatif"),
        "expense.rate_set": _("a fixé un taux de remboursement"),
        "expense.batch_made": _("a transmis un lot de remboursements aux finances"),
        "expense.batch_read": _("a téléchargé le fichier d’un lot de remboursements"),
    }
)

VOUCHER_RETENTION_YEARS = 10


def old_claims(now: datetime) -> QuerySet[ExpenseClaim]:
    """Return claims paid or refused ten years ago, and unsent or withdrawn ones when logistics are erased."""
    day = months_later(timezone.localdate(now), -12 * VOUCHER_RETENTION_YEARS)
    unsent = [ExpenseState.DRAFT, ExpenseState.RETURNED, ExpenseState.WITHDRAWN]
    answered = Q(state__in=[ExpenseState.PAID, ExpenseState.REFUSED], closed_at__date__lt=day)
    return ExpenseClaim.objects.filter(
        answered | Q(state__in=unsent, term__in=terms_past(now, "logistics_retention_months"))
    )


retention(
    "sittings.expenses",
    _("Demandes de remboursement et leurs justificatifs"),
    find=old_claims,
    apply=expenses.erase_claim,
)
