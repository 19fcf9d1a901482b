"""Forms of the directorates, of the back office and of the files of answers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, gettext_lazy as _

from answers.cases.files import ImportedAnswer, text_of
from answers.cases.models import CONTENT, LEAST_WORDS, OF_VALUE
from answers.cases.queries import unpublished_answer
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue, RejectionCategory
from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.institution.models import Directorate, Term
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm, text_box, with_current
from assembly.web.versioned import Difference, FieldByFieldForm, differences
from assembly.workflow import ReasonForm, StepForm
from consultations.referrals.queries import open_directorates
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


class ManyDirectoratesForm(StyledForm):
    """Form for the lead directorate, those that help and the due day of several cases at once."""

    directorate = forms.ModelChoiceField(
        label=_("Direction pilote"),
        queryset=Directorate.objects.none(),
        empty_label=_("Choisir une direction"),
        help_text=_("Elle écrit la réponse et la vise."),
    )
    associated = forms.ModelMultipleChoiceField(
        label=_("Directions associées"),
        queryset=Directorate.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Elles écrivent avec elle, sans viser."),
    )
    due_on = forms.DateField(
        label=_("Réponse attendue le"),
        required=False,
        help_text=_("Sans date, chaque réponse garde celle du délai de la mandature."),
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_directorates(self, term)


def offer_directorates(form: forms.BaseForm, term: Term) -> None:
    for name in ("directorate", "associated"):
        if name in form.fields:
            form.fields[name].queryset = open_directorates(term)  # type: ignore[attr-defined]  # -- model choice fields


class DirectoratesForm(StepForm):
    """Form for the lead directorate and those that help, of one case."""

    prefilled: tuple[str, ...] = ("directorate",)
    directorate = ManyDirectoratesForm.base_fields["directorate"]
    associated = ManyDirectoratesForm.base_fields["associated"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_directorates(self, self.row.opinion.term)
        helping = list(self.row.associated.values_list("pk", flat=True))
        field = self.fields["associated"]
        field.queryset = with_current(field.queryset, *helping)  # type: ignore[attr-defined]  # -- a model choice field
        self.initial.setdefault("associated", helping)


class AssignAnswerForm(DirectoratesForm):
    prefilled = ("directorate", "due_on")
    due_on = forms.DateField(label=_("Réponse attendue le"))


class ReassignForm(DirectoratesForm):
    reason = text_box(_("Pourquoi ?"), 2000, 3, _("Les directions lisent ce texte."))


class DueForm(StepForm):
    prefilled = ("due_on",)
    due_on = forms.DateField(label=_("Réponse attendue le"))
    reason = text_box(_("Pourquoi cette date ?"), 2000, 3, _("La direction lit ce texte."))


class ReferForm(StepForm):
    reason = text_box(_("Ce qui est à arbitrer"), 2000, 4, _("L’élu·e référent·e lit ce texte."))


class CommitteeArbitrationForm(StepForm):
    on = forms.DateField(label=_("Date du comité de pilotage"))
    ruling = text_box(_("Ce qu’il a décidé"), 2000, 4, _("La direction lit ce texte."))
    fields_by_code = {"reason": "ruling"}


class CouncilDecisionForm(StyledForm):
    """Form for the decision of the council on one answer or on several."""

    on = forms.DateField(label=_("Date de la délibération"))
    reference = forms.CharField(label=_("Référence de la délibération"), max_length=80)
    url = forms.URLField(label=_("Adresse de la délibération"), max_length=500, required=False, assume_scheme="https")


class OneDecisionForm(CouncilDecisionForm, StepForm):
    fields_by_code = {"review_on": "on"}


class ReviseForm(ReasonForm):
    prefilled = ("directorate",)
    directorate = forms.ModelChoiceField(
        label=_("Direction pilote"), queryset=Directorate.objects.none(), empty_label=_("Choisir une direction")
    )
    field_order = ["directorate", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_directorates(self, self.row.opinion.term)


class PastForm(StepForm):
    """Form for an answer given before it could be written here: its text, its day, its document."""

    on = forms.DateField(label=_("Date de la réponse"))
    file = UploadField(
        label=_("Document"),
        kinds=("pdf", "image"),
        help_text=_("La lettre ou la délibération, PDF ou image, 20 Mo au plus. Elle est publiée avec la réponse."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grid = AnswerGridForm(instance=Answer(case=self.row, number=1)).fields
        self.fields.update({name: grid[name] for name in CONTENT})

    def add_prefix(self, field_name: str) -> str:
        """Rename the field `action` as in the grid: its control would hide the address of the form."""
        return "planned" if field_name == "action" else super().add_prefix(field_name)

    def groups(self) -> list[FieldGroup]:
        return groups_of(self)


class TableFileForm(StyledForm):
    file = UploadField(
        label=gettext_lazy("Fichier complété"),
        kinds=("word", "csv"),
        max_size=5 * MEGABYTE,
        help_text=gettext_lazy(
            "Le fichier Word, ou le tableau enregistré en CSV : 5 Mo au plus. Rien n’est écrit avant votre accord."
        ),
    )


@dataclass(frozen=True)
class ImportComparison:
    """One answer of an imported file: what it changes (`values`, from `bases`), or why it changes nothing."""

    imported: ImportedAnswer
    case: AnswerCase | None = None
    changes: Sequence[Difference] = ()
    refusals: Sequence[str] = ()
    version: int = 0
    values: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return (
            f"{self.case.reference} {self.case.title}" if self.case else self.imported.reference or self.imported.place
        )


def compare_rows(
    rows: Sequence[ImportedAnswer], cases: Sequence[Any], can_write: Callable[[AnswerCase], bool]
) -> Iterator[ImportComparison]:
    """Yield the comparison of each answer of a file with the saved one.

    `cases`: the cases that the reader sees, each with its `versions`; `can_write`: whether they may write one now.
    """
    known = {case.reference.upper(): case for case in cases}
    times = Counter(row.reference for row in rows)
    for row in rows:
        case = known.get(row.reference)
        if not row.reference:
            yield ImportComparison(row, refusals=[gettext("La référence manque : on ne sait pas à quoi cela répond.")])
        elif case is None:
            yield ImportComparison(row, refusals=[gettext("Cette réponse n’est pas à vous dans cet avis.")])
        elif times[row.reference] > 1:
            yield ImportComparison(
                row, case, refusals=[gettext("Elle est deux fois dans le fichier : gardez-en une.")]
            )
        elif row.errors:
            yield ImportComparison(row, case, refusals=row.errors)
        else:
            yield _compare(row, case, can_write)


def _compare(row: ImportedAnswer, case: Any, can_write: Callable[[AnswerCase], bool]) -> ImportComparison:
    answer = case.versions[0]
    saved = AnswerGridForm(instance=answer)
    texts = {name: text_of(getattr(answer, name)) for name in CONTENT} | row.texts
    data = {saved.add_prefix(name): _typed(saved.fields[name], text) for name, text in texts.items()}
    form = AnswerGridForm({**data, "version": answer.version}, instance=answer)
    if not form.is_valid():
        sentences = [
            f"{form.fields[name].label} : {error}" for name, errors in form.errors.items() for error in errors
        ]
        return ImportComparison(row, case, refusals=sentences)
    changes = differences(saved, form)
    refusals = _refusals(row, case, answer.version, can_write(case)) if changes else []
    changed = [name for name in row.texts if form[name].value() != saved[name].value()]
    values = {name: str(form.cleaned_data[name] or "") for name in changed}
    bases = {name: str(getattr(answer, name) or "") for name in changed}
    return ImportComparison(row, case, changes, refusals, answer.version, values, bases)


def _refusals(row: ImportedAnswer, case: AnswerCase, version: int, can_write: bool) -> list[str]:
    """Return why an imported answer cannot be saved."""
    if not can_write:
        state = case.get_state_display()
        return [gettext("Vous ne pouvez plus l’écrire : elle est « %(state)s ».") % {"state": state}]
    if row.version != str(version):
        return [
            gettext(
                "Elle a changé depuis que ce fichier a été pris. Comparez ci-dessous, puis reprenez un fichier à jour."
            )
        ]
    return []


def _typed(asked: forms.Field, text: str) -> str:
    """Return a day as the form stores it; any other text is left for the form to refuse."""
    if not isinstance(asked, forms.DateField):
        return text
    try:
        return str(asked.to_python(text) or "")
    except ValidationError:
        return text
