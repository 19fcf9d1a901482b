"""Import of claims received on paper, with their lines, and of the rates, through their forms."""

import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.identity.models import User, sort_key
from assembly.identity.names import PersonNameField
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from sessions.expenses import actions
from sessions.expenses.forms import LineForm, PaperClaimForm, PaperPileForm, RateForm
from sessions.expenses.lists import KIND_COLUMNS, rate_reference
from sessions.expenses.queries import rates_of_sitting, without_claim
from sessions.expenses.rules import can_see_expenses, can_set_rates
from sessions.models import ExpenseClaim, ExpenseKind, ExpenseLine, ExpenseRate, Invitee, Sitting, Via
from sessions.sittings.models import SittingState

RATES, CLAIMS = "rates", "claims"


class RateLineForm(RateForm):
    """Form of a rate that also finds another one of the term for the same days."""

    def validate_constraints(self) -> None:
        """Refuse days out of order first: PostgreSQL makes no range of them to look for an overlap."""
        rate = self.instance
        if rate.valid_from and rate.valid_to and rate.valid_to < rate.valid_from:
            self.add_error("valid_to", _("La fin doit venir après le début."))
            return
        left_out = self._get_validation_exclusions() - {"term"}  # type: ignore[attr-defined]  # -- of model forms
        try:
            self.instance.validate_constraints(exclude=left_out)
        except ValidationError as refused:
            self._update_errors(refused)


def rate_form(term: Term, user: User | None, data: Any = None, row: ExpenseRate | None = None) -> RateLineForm:
    form = RateLineForm(data, instance=copy.copy(row) if row else ExpenseRate(term=term))
    is_used = row is not None and actions.is_used(row)
    make_readonly(form, [name for name in form.fields if name != "valid_to"] if is_used else [])
    return form


RATE_ROWS = EntryRows(
    fields={name: field.label for name, field in RateForm.base_fields.items()},
    required=("kind", "amount", "valid_from"),
    form=rate_form,
    create=lambda term, *, by, form: actions.set_rate(term, by=by, values=form.cleaned_data),
    edit=lambda row, *, by, form: actions.set_rate(row.term, by=by, rate=row, values=form.cleaned_data),
    rows=lambda term: ExpenseRate.objects.filter(term=term).select_related("term__assembly"),
    identity=("kind", "valid_from"),
    identity_of=lambda row: [row.kind, row.valid_from],
    reference=rate_reference,
)
RATES_FILE = ImportPages(
    app="sittings",
    kind=RATES,
    rule=can_set_rates,
    rows=RATE_ROWS,
    example_in="decision_reference",
    title=gettext_lazy("Importer des taux de remboursement"),
    above=gettext_lazy("Taux de remboursement"),
    list_route="sittings:expense-rates",
    added=gettext_lazy("Taux ajoutés"),
    model=gettext_lazy("modele taux"),
    count=lambda n: ngettext("Importer %(n)s taux", "Importer %(n)s taux", n) % {"n": n},
    export="sittings:expense-rates-export",
    prefix="expense-rates-",
)


class SittingField(forms.ModelChoiceField):
    """Choice of a sitting, which a cell names by its reference, its title or its day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.reference} {obj.title} {timezone.localtime(obj.starts_at):%d/%m/%Y}"


class PaperClaimLineForm(PaperPileForm):
    """Form of a claim received on paper: the sitting, the member, and a number and a sum for each kind of expense."""

    sitting = SittingField(label=gettext_lazy("Séance"), queryset=Sitting.objects.none())
    last_name = PersonNameField(label=gettext_lazy("Nom"), max_length=80)
    first_name = PersonNameField(label=gettext_lazy("Prénom"), max_length=80)
    is_seen = forms.BooleanField(label=gettext_lazy("Justificatifs vus"), required=False)

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sittings: Any = self.fields["sitting"]
        sittings.queryset = Sitting.objects.filter(term=term, state__in=SittingState.tagged("held"))
        self.fields["via"].label = _("Reçue")
        for name, label in KIND_COLUMNS.items():
            field: Any = copy.deepcopy(LineForm.base_fields[name.partition("_")[0]])
            field.label, field.required, field.help_text = label, False, ""
            self.fields[name] = field
        self.order_fields(["sitting", "last_name", "first_name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        invitee = self.invitee(data["sitting"], sort_key(data["last_name"], data["first_name"]))
        rates = list(rates_of_sitting(data["sitting"]))
        self.refuse_without_rate(rates)
        if invitee is None or self.errors:
            return data
        grid = PaperClaimForm({**self.data, "invitee": invitee.pk}, invitees={invitee.pk: invitee}, rates=rates)
        for name, messages in grid.errors.items():
            self.add_error(name if name in self.fields else None, [str(message) for message in messages])
        return data | {"invitee": invitee, "lines": grid.cleaned_data.get("lines", [])}

    def invitee(self, sitting: Sitting, name: str) -> Invitee | None:
        """Return who may still claim for the sitting, of the members with this name."""
        rows = list(without_claim(sitting.invitees.filter(person__sort_name=name))[:2])
        if not rows:
            self.add_error("last_name", _("Cette personne n’est pas notée présente à cette séance, ou a sa demande."))
        elif len(rows) > 1:
            self.add_error(
                "last_name", _("Deux personnes portent ce nom à cette séance : notez la demande à la main.")
            )
        return rows[0] if len(rows) == 1 else None

    def refuse_without_rate(self, rates: list[ExpenseRate]) -> None:
        """Refuse a number of a kind that has no rate that day, and a sum for a flat rate."""
        flat = {rate.kind: rate.is_flat for rate in rates}
        for kind in ExpenseKind:
            quantity, cost = f"quantity_{kind}", f"cost_{kind}"
            for name in (quantity, cost):
                if self.cleaned_data.get(name) and kind not in flat:
                    self.add_error(name, _("Aucun taux n’est fixé pour cette dépense au jour de la séance."))
            if self.cleaned_data.get(cost) and flat.get(kind):
                self.add_error(cost, _("C’est un forfait : laissez vide la somme payée."))


def claim_form(term: Term, user: User | None, data: Any = None, row: ExpenseClaim | None = None) -> PaperClaimLineForm:
    if row is None:
        return PaperClaimLineForm(data, term=term)
    person = row.invitee.person
    initial: dict[str, Any] = {"sitting": row.invitee.sitting, "via": row.via, "received_on": row.received_on}
    initial |= {"last_name": person.last_name, "first_name": person.first_name}
    for line in row.lines.all():
        for name in ("quantity", "cost"):
            key, value = f"{name}_{line.rate.kind}", getattr(line, name)
            initial[key] = (initial.get(key) or Decimal(0)) + value if value else initial.get(key)
        initial["is_seen"] = initial.get("is_seen", False) or line.is_on_paper
    form = PaperClaimLineForm(data, term=term, initial=initial)
    via: Any = form.fields["via"]
    via.choices = [(value, label.capitalize()) for value, label in Via.choices]
    make_readonly(form, form.fields)
    return form


def enter_claim(term: Term, *, by: User, form: PaperClaimLineForm) -> None:
    data = form.cleaned_data
    actions.enter_from_paper(
        data["invitee"], by=by, via=data["via"], received_on=data["received_on"], lines=data["lines"]
    )


def claims_in(term: Term) -> Any:
    rows = ExpenseClaim.objects.open().filter(term=term).select_related("invitee__person", "invitee__sitting")
    return rows.prefetch_related(Prefetch("lines", ExpenseLine.objects.select_related("rate")))


CLAIM_ROWS = EntryRows(
    fields={
        **{
            name: PaperClaimLineForm.base_fields[name].label
            for name in ("sitting", "last_name", "first_name", "via", "received_on")
        },
        "via": gettext_lazy("Reçue"),
        **KIND_COLUMNS,
        "is_seen": PaperClaimLineForm.base_fields["is_seen"].label,
    },
    required=("sitting", "last_name", "first_name"),
    form=claim_form,
    create=enter_claim,
    rows=claims_in,
    identity=("sitting", "last_name", "first_name"),
    named_by=("last_name", "first_name"),
    identity_of=lambda row: [row.invitee.sitting, row.invitee.person.last_name, row.invitee.person.first_name],
)
CLAIMS_FILE = ImportPages(
    app="sittings",
    kind=CLAIMS,
    rule=can_see_expenses,
    rows=CLAIM_ROWS,
    example_in="last_name",
    title=gettext_lazy("Importer des demandes reçues sur papier"),
    above=gettext_lazy("Remboursements"),
    list_route="sittings:expenses",
    added=gettext_lazy("Demandes ajoutées"),
    model=gettext_lazy("modele remboursements"),
    count=lambda n: ngettext("Importer %(n)s demande", "Importer %(n)s demandes", n) % {"n": n},
    file_note=gettext_lazy("Chaque demande part au contrôle d’un collègue."),
    export="sittings:expenses-export",
    prefix="expense-claims-",
)
