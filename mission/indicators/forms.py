"""Form of a manual value, and filters of the pages."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from assembly.indicators.registry import Indicator, Unit
from assembly.institution.models import Term
from assembly.text.numbers import NumberField, WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm

MOST = Decimal(999_999_999)


class ManualValueForm(StyledForm):
    place = forms.ChoiceField(label=gettext_lazy("Ce que compte cette valeur"), required=False)
    value = NumberField(
        label=gettext_lazy("Valeur"),
        min_value=Decimal(0),
        max_value=MOST,
        max_digits=13,
        decimal_places=4,
    )
    day = forms.DateField(
        label=gettext_lazy("Valeur au"), help_text=gettext_lazy("Le jour du relevé, ou la fin de l’enquête.")
    )
    people = WholeNumberField(
        label=gettext_lazy("Personnes interrogées"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Si la valeur vient de réponses. Moins de cinq : elle n’est montrée qu’à l’équipe."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        validators=[check_text],
        help_text=gettext_lazy("D’où vient ce chiffre, par exemple « questionnaire de fin d’année »."),
    )
    note = forms.CharField(label=gettext_lazy("Remarque"), max_length=500, required=False, validators=[check_text])

    def __init__(self, *args: Any, indicator: Indicator, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if indicator.breakdowns:
            self.fields["place"].choices = [("", _("l’ensemble")), *places(indicator, term)]
        else:
            del self.fields["place"]
        self.fields["value"].help_text = _("Unité : %(unit)s.") % {"unit": Unit(indicator.unit).label}

    def clean_place(self) -> tuple[str, str]:
        breakdown, _colon, cell = self.cleaned_data["place"].partition(":")
        return breakdown, cell


def places(indicator: Indicator, term: Term) -> list[tuple[str, str]]:
    return [
        (f"{one.key}:{cell}", f"{capfirst(str(one.label))} – {label}")
        for one in indicator.breakdowns
        for cell, label in one.cells(term).items()
    ]


class TermAgeForm(ListFilter):
    """Filter of the comparison: how many months after the start of each term."""

    mois = forms.ChoiceField(label=gettext_lazy("Après le début de la mandature"), required=False)

    def __init__(self, *args: Any, months: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mois"].choices = [(str(one), _("%(n)s mois") % {"n": one}) for one in months]  # type: ignore[attr-defined]  # -- a choice field


class RowsAsked(forms.Form):
    """Query string of a list of rows: the day, and one cell of a breakdown."""

    jour = forms.DateField(required=False)
    detail = forms.CharField(required=False, max_length=20)
    case = forms.CharField(required=False, max_length=40)

    @property
    def day(self) -> date | None:
        return self.cleaned_data.get("jour") if self.is_valid() else None
