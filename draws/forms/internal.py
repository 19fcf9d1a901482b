"""Forms of a draw among the members: the function, the list, who declines."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from assembly.identity.fields import PeopleField
from assembly.identity.models import Person
from assembly.institution.models import Committee, Term
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, with_current
from assembly.workflow import StepForm
from draws.draws.models import require_row
from draws.models import Draw
from draws.queries.draw import quota_lines
from draws.queries.internal import has_parity, holders, may_be_drawn

PARITY, ANYBODY = "parite", "tous"


class FunctionFields(forms.Form):
    """Fields of an internal draw: function, places, rule, where and when, and the committees that may be chosen."""

    title = forms.CharField(
        label=gettext_lazy("Fonction à tirer au sort"),
        max_length=160,
        validators=[check_text, RegexValidator(r"[^\W_]", gettext_lazy("Écrivez au moins un mot."))],
        help_text=gettext_lazy("Elle devient publique avec l’annonce. Exemple : « Comité de suivi, 2026 »."),
    )
    seats = WholeNumberField(label=gettext_lazy("Places"), min_value=1, max_value=200)
    rule = forms.ChoiceField(
        label=gettext_lazy("Règle"),
        choices=[
            (PARITY, gettext_lazy("Autant de femmes que d’hommes ; à une personne près si le nombre est impair")),
            (ANYBODY, gettext_lazy("Sans condition : la même chance pour chaque membre")),
        ],
        widget=forms.RadioSelect,
    )
    drawn_among = forms.ModelChoiceField(
        Committee.objects.none(),
        label=gettext_lazy("Tirer parmi"),
        required=False,
        empty_label=gettext_lazy("Tous les membres en exercice"),
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label=gettext_lazy("Les personnes tirées siègent dans"),
        required=False,
        empty_label=gettext_lazy("Aucune commission"),
        help_text=gettext_lazy("Elles y entrent quand les noms sont publiés."),
    )
    takes_place_at = forms.DateTimeField(label=gettext_lazy("Date et heure du tirage"), required=False)
    place = forms.CharField(label=gettext_lazy("Lieu"), max_length=160, required=False, validators=[check_text])

    def offer(self, term: Term) -> None:
        """Offer the open committees of the term."""
        for name in ("drawn_among", "committee"):
            field = self.fields[name]
            field.queryset = with_current(Committee.objects.filter(term=term, closed_on=None), self.initial.get(name))  # type: ignore[attr-defined]  # -- ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Replace the rule by `is_parity`, as the actions take it."""
        data = super().clean() or self.cleaned_data
        if "rule" in data:
            data["is_parity"] = data.pop("rule") == PARITY
        return data


class InternalDrawForm(StyledForm, FunctionFields):
    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, initial={"rule": PARITY}, **kwargs)
        self.offer(term)


class DescribeForm(StepForm, FunctionFields):
    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        rule = PARITY if has_parity(quota_lines(row)) else ANYBODY
        known = {name: getattr(row, name) for name in ("title", "takes_place_at", "place", "drawn_among", "committee")}
        initial = known | {"rule": rule, "seats": require_row(row.quotas).seats}
        super().__init__(*args, row=row, initial=initial, **kwargs)
        self.offer(row.term)


class ListForm(StepForm):
    without = PeopleField(
        label=gettext_lazy("Qui ne participe pas au tirage"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Par exemple qui ne le souhaite pas, ou tient déjà une autre fonction."),
    )

    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        listed = may_be_drawn(row.term_id, row.drawn_among_id).order_by().values("member__person")
        people: Any = self.fields["without"]
        people.queryset = Person.objects.filter(pk__in=listed).order_by("sort_name", "pk")


class RefusalForm(StepForm):
    pseudonym = forms.ChoiceField(label=gettext_lazy("Qui renonce ?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        current_holders = holders(row)
        field: Any = self.fields["pseudonym"]
        field.choices = [
            (one.pseudonym, one.mandate.member.person.full_name)
            for one in (current_holders.people if current_holders else ())
        ]
