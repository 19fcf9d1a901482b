"""Forms of claims, rates and batches."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.institution.models import Term
from assembly.text.french import Label
from assembly.text.numbers import NumberField
from assembly.text.printable import check_text
from assembly.web.forms import SEARCHABLE, StyledForm, StyledModelForm, text_box
from assembly.workflow import StepForm
from members.rules import check_not_in_future
from sessions.expenses.models import EXPENSE_UNITS
from sessions.expenses.queries import lines_of, rates_at, without_claim
from sessions.expenses.rules import euros, format_rate
from sessions.models import ExpenseClaim, ExpenseKind, ExpenseLine, ExpenseRate, Invitee, Via

NOTED = [(via.value, via.label.capitalize()) for via in (Via.PAPER, Via.PHONE, Via.DESK)]


class LineForm(StyledForm):
    """Form of one expense, of the kinds that have a rate on the day of the sitting."""

    kind = forms.ChoiceField(label=_("Quelle dépense ?"), widget=forms.RadioSelect)
    quantity = NumberField(
        label=_("Combien ?"),
        help_text=_("Kilomètres aller et retour, repas, heures, trajets ou nuits."),
        min_value=Decimal("0.01"),
        max_value=Decimal(2000),
        max_digits=6,
        decimal_places=2,
        units=("km", "h"),
    )
    cost = NumberField(
        label=_("Somme payée, en euros"),
        help_text=_("Laissez vide pour un forfait."),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(10_000),
        max_digits=7,
        decimal_places=2,
    )
    label = forms.CharField(
        label=_("Précision"),
        help_text=_("Par exemple « Revel – Toulouse, aller et retour »."),
        required=False,
        max_length=120,
        validators=[check_text],
    )
    voucher = UploadField(
        label=_("Justificatif"),
        kinds=("pdf", "image"),
        max_size=8 * MEGABYTE,
        required=False,
        help_text=_("Photo ou PDF du ticket, 8 Mo au plus. Vous pouvez l’ajouter plus tard. Rien pour un forfait."),
    )

    def __init__(self, *args: Any, claim: ExpenseClaim, line: ExpenseLine | None = None, **kwargs: Any) -> None:
        if line:
            initial = {"kind": line.rate.kind, "quantity": line.quantity, "cost": line.cost, "label": line.label}
            kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.rates = {rate.kind: rate for rate in rates_at(claim)}
        self.fields["kind"].choices = [
            (
                kind.value,
                _("%(kind)s : %(rate)s") % {"kind": kind.label.capitalize(), "rate": format_rate(self.rates[kind])},
            )
            for kind in ExpenseKind
            if kind in self.rates
        ]
        if line and line.voucher:
            self.fields["voucher"].help_text = _("Le justificatif joint reste. Un nouveau fichier le remplace.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rate = self.rates.get(cleaned.get("kind", ""))
        if rate and not rate.is_flat and not cleaned.get("cost") and "cost" not in self.errors:
            self.add_error("cost", _("Écrivez la somme que vous avez payée."))
        return cleaned


class CompleteForm(StyledForm):
    """Form of what is missing, the same for several claims."""

    reason = text_box(_("Que faut-il compléter ?"), 1000, 3)


class SubmitForm(StepForm):
    """Form that sends the total that was read; when it is another one now, the form is shown again."""

    total = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["total"].initial = sum((line.amount for line in lines_of(self.row)), Decimal(0))

    def consequences(self) -> Iterable[Label]:
        return [_("Total demandé : %(total)s.") % {"total": euros(self.fields["total"].initial)}]


class PaymentForm(StyledForm):
    """Form of the payment that finance made."""

    paid_on = forms.DateField(label=_("Payé le"), validators=[check_not_in_future], initial=timezone.localdate)
    payment_reference = forms.CharField(
        label=_("Référence du paiement"),
        help_text=_("Numéro de mandat de paiement ou de bordereau."),
        max_length=80,
        validators=[check_text],
    )


class PayForm(PaymentForm, StepForm):
    """Payment form of one claim."""


class ExpenseBatchForm(StyledForm):
    """Form that sends the total that was read."""

    total = forms.DecimalField(widget=forms.HiddenInput)


class RateForm(StyledModelForm):
    """Form of a rate, with the decision of the council that sets it."""

    class Meta:
        model = ExpenseRate
        fields = ["kind", "amount", "is_flat", "valid_from", "valid_to", "decision_reference", "decided_on"]
        widgets = {"kind": forms.RadioSelect}

    def clean_decision_reference(self) -> str:
        return check_text(self.cleaned_data["decision_reference"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label.capitalize()) for kind in ExpenseKind]
        self.fields["valid_to"].help_text = _("Dernier jour compris. Vide : jusqu’au prochain taux.")
        self.fields["decided_on"].validators.append(check_not_in_future)


def received_field() -> forms.DateField:
    return forms.DateField(label=_("Reçue le"), initial=timezone.localdate, validators=[check_not_in_future])


class PaperPileForm(StyledForm):
    """Form of what all claims of a pile have in common."""

    via = forms.ChoiceField(label=_("Reçues"), choices=NOTED, initial=Via.PAPER)
    received_on = received_field()


class PaperClaimForm(StyledForm):
    """Row of the grid: one claim with an expense of each kind, for somebody who attended the sitting.

    A sum paid without a number counts one.
    """

    invitee = forms.TypedChoiceField(label=_("Membre"), coerce=int, empty_value=None)

    def __init__(
        self, *args: Any, invitees: Mapping[int, Invitee], rates: Sequence[ExpenseRate], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rates, self.invitees = rates, invitees
        names = [(pk, invitee.person.listed_name) for pk, invitee in invitees.items()]
        self.fields["invitee"].choices = [("", _("Choisir")), *names]
        self.fields["invitee"].widget.attrs |= SEARCHABLE
        for rate in rates:
            for name, label in self.columns_of(rate).items():
                field = copy.deepcopy(LineForm.base_fields[name])
                field.label = f"{rate.get_kind_display().capitalize()}, {label}"
                field.required, field.help_text = False, ""
                field.widget.attrs["size"] = 6
                self.fields[f"{name}_{rate.kind}"] = field
        if any(not rate.is_flat for rate in rates):
            self.fields["is_seen"] = forms.BooleanField(label=_("Justificatifs vus"), required=False)

    @staticmethod
    def columns_of(rate: ExpenseRate) -> dict[str, Label]:
        """Return what is typed of one kind of expense: the number, and the sum paid where the rate is a ceiling."""
        columns: dict[str, Label] = {"quantity": EXPENSE_UNITS[ExpenseKind(rate.kind)][1]}
        return columns if rate.is_flat else columns | {"cost": _("payé, en euros")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = []
        for rate in self.rates:
            cost, quantity = cleaned.get(f"cost_{rate.kind}"), cleaned.get(f"quantity_{rate.kind}")
            if cost and not quantity:
                quantity = Decimal(1)
            if quantity and not cost and not rate.is_flat and not self.errors:
                self.add_error(f"cost_{rate.kind}", _("Écrivez la somme payée."))
            if quantity:
                lines.append({"kind": rate.kind, "quantity": quantity, "cost": cost})
        if not lines and not self.errors:
            self.add_error(None, _("Écrivez au moins une dépense."))
        if any(line["cost"] for line in lines) and not cleaned.get("is_seen"):
            self.add_error("is_seen", _("Cochez quand vous avez vu les justificatifs."))
        return cleaned | {"lines": lines, "invitee": self.invitees.get(cleaned.get("invitee") or 0)}


class InviteeChoice(forms.ModelChoiceField):
    def label_from_instance(self, invitee: Any) -> str:
        day = timezone.localdate(invitee.sitting.starts_at)
        return f"{invitee.person.full_name}, {day:%d/%m/%Y}, {invitee.sitting.title}"


class ClaimableSittingForm(StyledForm):
    """Form with the sittings that the person attended and has no claim for."""

    def __init__(self, *args: Any, term: Term, person: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = without_claim(Invitee.objects.filter(person=person, sitting__term=term))
        self.sittings = rows.order_by("-sitting__starts_at")
        self.fields["invitee"] = InviteeChoice(label=_("Séance"), queryset=self.sittings, empty_label=_("Choisir"))
        self.fields["via"] = forms.ChoiceField(label=_("Reçue"), choices=NOTED, widget=forms.RadioSelect)
        self.fields["received_on"] = received_field()
