"""Forms of those who write and decide: the grid, the steps of the directorates’ area, the filters of its list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from answers.enums import AnswerCaseState, AnswerValue, RejectionCategory
from answers.models import Answer
from answers.models.answer import CONTENT, LEAST_WORDS, OF_VALUE
from answers.queries.drafts import unpublished_answer
from assembly.institution.models import Directorate
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, text_box
from assembly.web.versioned import FieldByFieldForm
from assembly.workflow import StepForm
from opinions.models import Opinion

S = AnswerCaseState


@dataclass(frozen=True)
class FieldGroup:
    """Fields that stand together; `value` is the one answer that needs them, empty for all."""

    value: str
    label: str
    fields: list[forms.BoundField]


def capitalised(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Return the choices with a capital first letter."""
    return [(str(value), capfirst(str(label))) for value, label in choices]


class AnswerGridForm(FieldByFieldForm):
    """Form with every field of an answer; a draft may lack any, and the page of submission lists the missing ones."""

    class Meta:
        model = Answer
        fields = CONTENT
        labels = {
            "value": _("Que répond le Département ?"),
            "body": _("La réponse, en mots simples"),
            "retained": _("Ce qui est retenu"),
            "left_out": _("Ce qui ne l’est pas"),
            "done_since": _("En place depuis le"),
            "proof": _("Ce qui le montre"),
            "proof_url": _("Adresse d’une page qui le montre"),
            "review_on": _("Réexaminée le"),
            "passed_to": _("Transmise à"),
            "letter": _("Par quelle lettre"),
            "category": _("Motif du refus"),
            "action": _("Ce qui est prévu"),
            "service": _("Service chargé"),
            "budget_line": _("Ligne de budget"),
        }
        help_texts = {
            "proof": _("Un document, un lieu, un chiffre ; ou donnez une adresse ci-dessous."),
            "passed_to": _("L’institution, avec son nom entier."),
            "letter": _("Sa référence et sa date."),
        }
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8}),
            "retained": forms.Textarea(attrs={"rows": 3}),
            "left_out": forms.Textarea(attrs={"rows": 3}),
            "proof": forms.Textarea(attrs={"rows": 3}),
            "action": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kinds in {"value": AnswerValue.choices, "category": RejectionCategory.choices}.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=capitalised(kinds), required=False, widget=forms.RadioSelect
            )
        self.fields["body"].help_text = _(
            "L’assemblée et le public liront ce texte, mot pour mot. Un refus s’explique : au moins %(least)s mots."
        ) % {"least": LEAST_WORDS}
        for name in self.saved_fields:
            if isinstance(self.fields[name], forms.CharField) and not isinstance(self.fields[name], forms.URLField):
                self.fields[name].validators.append(check_text)  # type: ignore[arg-type]  # -- what it returns is ignored

    def add_prefix(self, field_name: str) -> str:
        """Rename the field `action`: a control of that name would hide the address of its form from scripts."""
        return "planned" if field_name == "action" else super().add_prefix(field_name)

    def groups(self) -> list[FieldGroup]:
        return groups_of(self)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.saved_fields}


def groups_of(form: forms.BaseForm) -> list[FieldGroup]:
    """Return the value and the text, then the fields of each value, then those common to all."""
    own = [
        FieldGroup(value, str(value.label), [form[name] for name in names])
        for value, names in OF_VALUE.items()
        if names
    ]
    first, last = ("value", "body"), ("action", "service", "budget_line")
    return [
        FieldGroup("", "", [form[name] for name in first]),
        *own,
        FieldGroup("", "", [form[name] for name in last]),
    ]


class ReadForm(StepForm):
    """Form with the version of the answer that was read: only that one can be signed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = unpublished_answer(self.row)
        self.initial.setdefault("version", answer.version if answer else 0)


class SendBackForm(StepForm):
    reason = text_box(_("Ce qui est à reprendre"), 2000, 4, _("La direction lira ce texte."))


class ArbitrationForm(StepForm):
    reason = text_box(_("Votre arbitrage"), 2000, 4, _("La mission et la direction liront ce texte."))


class CaseFilter(ListFilter):
    """Filters of the list in the directorates’ area."""

    etat = forms.ChoiceField(label=_("État"), required=False)
    valeur = forms.ChoiceField(
        label=_("Réponse"), required=False, choices=[("", _("Toutes")), *capitalised(AnswerValue.choices)]
    )
    avis = forms.ModelChoiceField(
        label=_("Avis"), required=False, queryset=Opinion.objects.none(), empty_label=_("Tous")
    )
    direction = forms.ModelChoiceField(
        label=_("Direction"), required=False, queryset=Directorate.objects.none(), empty_label=_("Toutes")
    )

    def __init__(self, *args: Any, opinions: Any, directorates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(state.value, capfirst(state.label)) for state in S if state not in S.tagged("unasked")]
        self.fields["etat"].choices = [("", _("Ce qui m’attend")), ("tout", _("Tous")), *shown]  # type: ignore[attr-defined]  # -- a ChoiceField
        self.fields["avis"].queryset = opinions  # type: ignore[attr-defined]  # -- a ModelChoiceField
        self.fields["direction"].queryset = directorates  # type: ignore[attr-defined]  # -- a ModelChoiceField
