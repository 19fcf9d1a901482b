"""Forms of the back office: filters of its board, steps of one case and of several."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answers.cases.forms import AnswerGridForm, FieldGroup, groups_of
from answers.models import Answer
from answers.models.answer import CONTENT
from assembly.files.fields import UploadField
from assembly.institution.models import Directorate, Term
from assembly.web.forms import StyledForm, text_box, with_current
from assembly.workflow import ReasonForm, StepForm
from consultations.referrals.queries import open_directorates


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
