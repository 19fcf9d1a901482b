"""Lists of expense claims, of their batches and of their rates."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.dossiers.pages import step_applies, step_check
from assembly.institution.models import Term
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    Unmatched,
    by_choice,
    column,
    each_word,
    reference_cell,
    small,
    state_cell,
)
from assembly.lists.filters import FilterForm
from assembly.lists.selection import BulkAct, Selection
from assembly.text.french import Label, format_date, format_number, letters_key
from assembly.web.pagination import LONG_PAGE
from assembly.web.templatetags.ui import state
from sessions.expenses import actions, queries
from sessions.expenses.forms import CompleteForm
from sessions.expenses.models import EXPENSE_UNITS
from sessions.expenses.rules import bulk_obstacle, can_see_expenses, can_set_rates, format_rate
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseClaim, ExpenseLine, ExpenseRate, ExpenseState

NAME = "invitee__person__sort_name"


def check_claim(user: Any, claim: ExpenseClaim) -> None:
    """Raise what noting the control of this claim among others would."""
    step_check(EXPENSE, "check")(user, claim)
    actions.check_among_others(claim, by=user)


def total_cell(claim: Any) -> str:
    return f"{format_number(claim.total, 2)} €"


def sitting_cell(claim: ExpenseClaim) -> Any:
    sitting = claim.invitee.sitting
    return format_html("{} {}", sitting.reference, small(format_date(sitting.starts_at, weekday=False)))


def vouchers_cell(claim: Any) -> Any:
    """Return how many vouchers the claim has, what opposes its control among others, and what opens it in the list."""
    opener = format_html(
        '<a class="opener" href="{}" data-hx-post="{}" data-hx-target="closest tr" data-hx-swap="afterend"'
        ' aria-expanded="false">{}<span class="vh"> {}</span></a>',
        reverse("sittings:expense", args=[claim.pk]),
        reverse("sittings:expense-vouchers", args=[claim.pk]),
        _("Ouvrir"),
        claim.reference,
    )
    texts = [str(_("sur papier"))] if claim.on_paper else []
    if claim.vouchers:
        text = ngettext("%(n)s fichier", "%(n)s fichiers", claim.vouchers) % {"n": claim.vouchers}
        texts.append(text if claim.unopened else str(_("%(files)s, ouvert") % {"files": text}))
    above = format_html(" {}", state("warn", _("au-dessus du taux"))) if claim.above_rate else ""
    return format_html("{} {}{}", opener, small(", ".join(texts)), above)


SELECTION: Selection[ExpenseClaim] = Selection(
    "sittings:expenses-chosen",
    lambda n: ngettext("%(n)s demande choisie", "%(n)s demandes choisies", n) % {"n": n},
    {
        "controler": BulkAct(
            _("Noter le contrôle"),
            action=lambda claim, user, data: actions.check_in_bulk(claim, by=user),
            success_message=lambda n: (
                ngettext("%(n)s demande est contrôlée.", "%(n)s demandes sont contrôlées.", n) % {"n": n}
            ),
            check=check_claim,
            applies=lambda user, claim: EXPENSE.can_take(user, claim, "check") and not bulk_obstacle(claim),
            consequences=[_("Vous avez lu chaque justificatif. Ces demandes partiront avec le prochain lot.")],
        ),
        "completer": BulkAct(
            _("Demander de compléter"),
            action=lambda claim, user, data: actions.send_back(claim, by=user, **data),
            success_message=lambda n: (
                ngettext("%(n)s demande revient à son membre.", "%(n)s demandes reviennent à leurs membres.", n)
                % {"n": n}
            ),
            check=step_check(EXPENSE, "return"),
            applies=step_applies(EXPENSE, "return"),
            form=CompleteForm,
            consequences=[_("Chaque personne reçoit votre message et peut corriger sa demande.")],
        ),
    },
    name=lambda claim: f"{claim.reference} {claim.invitee.person.full_name}",
)


def named_claims(word: str) -> Q:
    return Q(invitee__person__sort_name__contains=word) | Q(reference__icontains=word)


def expense_context(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the quick filters of the list, what can be sent to finance, and whether a rate was set."""
    counts, present = queries.claims_by_state(user, term), form.used.get("etat", "")
    chips = [{"label": _("Toutes"), "url": "?", "current": not present, "count": sum(counts.values())}]
    chips += [
        {"label": state.label, "url": f"?etat={state}", "current": present == state, "count": counts.get(state, 0)}
        for state in ExpenseState.tagged("waiting")
    ]
    return {
        "chips": chips,
        "to_send": counts.get(ExpenseState.CHECKED, 0),
        "has_rates": ExpenseRate.objects.filter(term=term).exists(),
    }


EXPENSES = List(
    _("Remboursements"),
    [
        Column(_("Référence"), "reference", key="reference", order=["reference__alphabetical"], cell=reference_cell),
        Column(
            _("Nom"), "invitee.person.last_name", "nom", [NAME], cell=lambda claim: claim.invitee.person.listed_name
        ),
        Column(_("Prénom"), "invitee.person.first_name"),
        Column(_("Séance"), "invitee.sitting.reference", "seance", ["invitee__sitting__starts_at"], cell=sitting_cell),
        Column(_("Date de la séance"), lambda claim: timezone.localdate(claim.invitee.sitting.starts_at)),
        Column(_("Total"), "total", "total", number=True, cell=total_cell),
        Column(_("Justificatifs"), key="justificatifs", cell=vouchers_cell),
        Column(_("État"), "get_state_display", key="etat", order=["state", NAME], cell=state_cell),
        Column(_("Envoyée le"), "submitted_at"),
        Column(_("Lot"), lambda claim: claim.batch.reference if claim.batch else ""),
        Column(_("Payée le"), "paid_on"),
        Column(_("Référence du paiement"), "payment_reference"),
    ],
    default="-reference",
    key="expenses",
    route="sittings:expenses",
    export="sittings:expenses-export",
    row_route="sittings:expense",
    can_open=can_see_expenses,
    rows=lambda user, term: queries.claims_to_check(user).filter(term=term),
    selection=lambda user, term: SELECTION,
    size=LONG_PAGE,
    counted=ngettext_lazy("%(n)s demande", "%(n)s demandes", "n"),
    filters=[
        by_choice(ExpenseClaim, "state", "etat", every=_("Tous les états")),
        Filter(
            "seance",
            _("Séance"),
            "invitee__sitting",
            lambda term: [(row.pk, f"{row.reference} {row.title}") for row in queries.costs_by_sitting(term)],
            _("Toutes les séances"),
        ),
    ],
    search=each_word(named_claims, letters_key),
    search_label=_("Chercher un nom ou une référence"),
    buttons=[PageLink(_("Importer"), "sittings:expense-claims-import-start", can_see_expenses, "quiet")],
    more=expense_context,
    empty=Empty(
        _("Aucune demande de remboursement"),
        _("Les membres demandent depuis leur espace. Pour une demande sur papier, ouvrez la fiche du membre."),
        button=PageLink(_("Voir les membres"), "members:member-list"),
    ),
    unmatched=Unmatched(_("Aucune demande ne correspond")),
    template="sessions/expenses/list.html",
)


def kind_columns() -> dict[str, Label]:
    """Return the labels of what a file says of each kind of expense: the number, the sum paid."""
    columns: dict[str, Label] = {}
    for kind, (_one, several) in EXPENSE_UNITS.items():
        columns[f"quantity_{kind}"] = format_lazy("{}, {}", capfirst(kind.label), several)
        columns[f"cost_{kind}"] = format_lazy("{}, {}", capfirst(kind.label), _("payé, en euros"))
    return columns


def sum_of(claim: ExpenseClaim, name: str) -> Decimal | None:
    """Return the sum of the numbers, or of the sums paid, of one kind of expense (`quantity_km`)."""
    what, kind = name.split("_")
    values = [getattr(line, what) for line in claim.lines.all() if line.rate.kind == kind]
    return sum((value for value in values if value), Decimal(0)) or None


KIND_COLUMNS = kind_columns()
EXPENSES_IN_FILE = replace(
    EXPENSES,
    columns=[
        *EXPENSES.columns,
        Column(_("Reçue"), "get_via_display"),
        Column(_("Reçue le"), "received_on"),
        *(Column(label, partial(sum_of, name=name)) for name, label in KIND_COLUMNS.items()),
        Column(_("Justificatifs vus"), lambda claim: any(line.is_on_paper for line in claim.lines.all())),
    ],
    rows=lambda user, term: (
        queries.claims_to_check(user)
        .filter(term=term)
        .prefetch_related(Prefetch("lines", ExpenseLine.objects.select_related("rate")))
    ),
)
EXPENSE_BATCHES = List(
    _("Lots transmis aux finances"),
    [
        Column(_("Lot"), "reference", key="lot", order=["reference__alphabetical"], cell=reference_cell),
        Column(
            _("Transmis le"), key="date", order=["made_at"], cell=lambda row: format_date(row.made_at, weekday=False)
        ),
        Column(_("Demandes"), "count", key="demandes", order=["count"], number=True),
        Column(_("Total"), key="total", order=["total"], number=True, cell=total_cell),
        Column(
            _("Paiement"),
            key="paiement",
            cell=lambda batch: state("waiting", _("attendu")) if batch.waiting else state("done", _("noté")),
        ),
    ],
    default="-date",
    key="expense-batches",
    route="sittings:expense-batches",
    row_route="sittings:expense-batch",
    can_open=can_see_expenses,
    rows=lambda user, term: queries.batches_of(term),
    counted=ngettext_lazy("%(n)s lot", "%(n)s lots", "n"),
    parent=PageLink(_("Remboursements"), "sittings:expenses"),
    buttons=[
        PageLink(
            _("Transmettre aux finances"),
            "sittings:expense-batch-make",
            lambda user, term: queries.ready_to_send(term).exists(),
            "primary",
        )
    ],
    empty=Empty(
        _("Aucun lot"),
        _("Un lot rassemble les demandes contrôlées, dans un fichier pour la direction des finances."),
        has_button=False,
    ),
)


def decided_cell(rate: ExpenseRate) -> Any:
    return format_html("{} {}", rate.decision_reference, small(format_date(rate.decided_on, weekday=False)))


def rate_state_cell(rate: ExpenseRate) -> Any:
    today = timezone.localdate()
    if rate.valid_from <= today and (not rate.valid_to or rate.valid_to >= today):
        return state("done", _("En vigueur"))
    return state("closed", _("Pas aujourd’hui"))


def rate_reference(rate: ExpenseRate) -> str:
    """Return what names a rate in a file that comes in again."""
    return f"taux-{rate.pk}"


EXPENSE_RATES = List(
    _("Taux de remboursement"),
    [
        Column(_("Dépense"), lambda rate: capfirst(rate.get_kind_display()), key="depense"),
        Column(_("Taux"), format_rate, key="taux"),
        Column(_("Du"), "valid_from", key="du", order=["valid_from"]),
        Column(_("Au"), "valid_to", key="au", order=["valid_to"]),
        Column(_("Délibération"), key="deliberation", order=["decided_on"], cell=decided_cell),
        Column(_("État"), key="etat", cell=rate_state_cell),
        *(
            column(ExpenseRate, name, key="", order=())
            for name in ("kind", "amount", "is_flat", "decision_reference", "decided_on")
        ),
        Column(_("Référence"), rate_reference),
    ],
    default="nature",
    orders={"nature": ["kind", "-valid_from"]},
    key="expense-rates",
    route="sittings:expense-rates",
    export="sittings:expense-rates-export",
    row_route="sittings:expense-rate",
    can_open_row=can_set_rates,
    can_open=can_see_expenses,
    rows=lambda user, term: ExpenseRate.objects.filter(term=term),
    counted=ngettext_lazy("%(n)s taux", "%(n)s taux", "n"),
    parent=PageLink(_("Remboursements"), "sittings:expenses"),
    buttons=[
        PageLink(_("Importer"), "sittings:expense-rates-import-start", can_set_rates, "quiet"),
        PageLink(_("Ajouter un taux"), "sittings:expense-rate-add", can_set_rates, "primary"),
    ],
    empty=Empty(
        _("Aucun taux"),
        _("Chaque taux vient d’une délibération du Conseil : kilomètre, repas, garde, billet."),
        has_button=False,
    ),
)
