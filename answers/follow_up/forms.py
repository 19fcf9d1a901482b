"""Forms of updates and milestones, of the team and of the committee."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from answers.follow_up.models import UPDATE_TEXT_LENGTH
from answers.follow_up.queries import hearings_to_record, standing_milestones
from answers.follow_up.rules import MilestoneContent, UpdateContent, last_number
from answers.models import FollowUpState, Milestone, PhotoConsent, ProgressUpdate
from assembly.files.fields import UploadField
from assembly.institution.models import Directorate
from assembly.text.french import format_date
from assembly.text.printable import check_text
from assembly.web.forms import text_box, use_our_widgets
from assembly.workflow import ReasonForm, StepForm
from consultations.referrals.queries import open_directorates

S = FollowUpState
# States that an update may set from each state: a measure that has begun cannot return to « à commencer ».
REPORTABLE_STATES: Mapping[str, tuple[FollowUpState, ...]] = {
    S.PLANNED: (S.PLANNED, S.IN_PROGRESS, S.DELAYED, S.DONE),
    S.IN_PROGRESS: (S.IN_PROGRESS, S.DELAYED, S.DONE),
    S.DELAYED: (S.DELAYED, S.IN_PROGRESS, S.DONE),
}


PROOF = ("document", "link", "photo", "photo_description", "consent", "consent_on")


def day_box(label: Any, **facts: Any) -> forms.DateField:
    """Return a date field with the browser’s picker, for a form that adds fields at run time."""
    field = forms.DateField(label=label, **facts)
    use_our_widgets(field)
    return field


def label_box(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, required=required, help_text=help_text, validators=[check_text]
    )


class NextMilestoneForm(StepForm):
    """Form for a milestone to add: label and day, both or neither."""

    next_label = label_box(
        _("Une étape à venir"), required=False, help_text=_("Par exemple : le bus part en tournée.")
    )
    next_on = forms.DateField(label=_("Prévue le"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        label, on = data.get("next_label"), data.get("next_on")
        if label and not on and "next_on" not in self.errors:
            self.add_error("next_on", ValidationError(gettext("Donnez le jour de cette étape."), code="required"))
        if on and not label and "next_label" not in self.errors:
            self.add_error("next_label", ValidationError(gettext("Dites ce qu’est cette étape."), code="required"))
        return data

    def added(self) -> tuple[str, date] | None:
        label, on = self.cleaned_data.get("next_label"), self.cleaned_data.get("next_on")
        return (label, on) if label and on else None


class UpdateForm(NextMilestoneForm):
    """Form for an update: the state, a text, milestones reached and to come, and proof."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("Où en est la mesure ?"), widget=forms.RadioSelect)
    text = text_box(
        _("En quelques phrases simples"),
        UPDATE_TEXT_LENGTH,
        5,
        _("Ce qui est fait, ce qui vient, ce qui bloque. Tout le monde lit ce texte, au nom de la direction."),
    )
    document = UploadField(
        label=_("Un document qui le montre"),
        kinds=("pdf", "image"),
        required=False,
        help_text=_("PDF ou image, 20 Mo au plus."),
    )
    link = forms.URLField(label=_("Une adresse qui le montre"), max_length=500, required=False, assume_scheme="https")
    photo = UploadField(
        label=_("Une photo"),
        kinds=("image",),
        required=False,
        help_text=_("La date et le lieu de la prise de vue sont retirés du fichier."),
    )
    photo_description = forms.CharField(
        label=_("Ce que montre la photo"),
        max_length=300,
        required=False,
        validators=[check_text],
        help_text=_("Pour qui ne la voit pas."),
    )
    consent = forms.ChoiceField(
        label=_("Personnes sur la photo"), choices=PhotoConsent.choices, required=False, widget=forms.RadioSelect
    )
    consent_on = forms.DateField(
        label=_("Accord donné le"),
        required=False,
        help_text=_("Votre nom est noté avec cet accord."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", last_number(ProgressUpdate, self.row))
        states = REPORTABLE_STATES.get(self.row.state, ())
        self.fields["state"].choices = [(state.value, capfirst(state.label)) for state in states]  # type: ignore[attr-defined]  # -- a ChoiceField
        self.open_milestones = [
            one for one in standing_milestones(self.row) if not one.reached_on and not one.is_dropped
        ]
        for one in self.open_milestones:
            label = gettext("« %(label)s » est atteinte le") % {"label": one.label}
            planned = gettext("Prévue le %(day)s.") % {"day": format_date(one.planned_on, weekday=False)}
            self.fields[f"reached_{one.number}"] = day_box(label, required=False, help_text=planned)
        reached = [f"reached_{one.number}" for one in self.open_milestones]
        self.order_fields(["seen", "state", "text", *reached, "next_label", "next_on", *PROOF])

    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in PROOF]

    def proof(self) -> list[forms.BoundField]:
        return [self[name] for name in PROOF]

    def progress(self, saved_files: Mapping[str, Any]) -> UpdateContent:
        """Return the content of the update; `saved_files` holds the uploaded files, once they are stored."""
        data = self.cleaned_data
        reached = {one.number: day for one in self.open_milestones if (day := data.get(f"reached_{one.number}"))}
        names = ("state", "text", "link", "photo_description", "consent", "consent_on")
        return UpdateContent(
            **{name: data[name] for name in names}, **saved_files, reached=reached, added=self.added()
        )

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"form": self}


class MilestonesForm(NextMilestoneForm):
    """Form that corrects the milestones; the former wording stays readable."""

    reason = text_box(
        _("Pourquoi ce changement ?"), 500, 2, _("Tout le monde lit ce texte, avec l’ancienne date."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing_milestones(self.row)
        for one in self.standing:
            self.fields.update(fields_of(one))
        names = [name for one in self.standing for name in fields_of(one)]
        self.order_fields([*names, "next_label", "next_on", "reason"])

    def milestones(self) -> list[tuple[Milestone, list[forms.BoundField]]]:
        return [(one, [self[name] for name in fields_of(one)]) for one in self.standing]

    def corrections(self) -> list[MilestoneContent]:
        data = self.cleaned_data
        return [
            MilestoneContent(
                number=one.number,
                version=data[f"version_{one.number}"],
                label=data[f"label_{one.number}"],
                planned_on=data[f"planned_{one.number}"],
                reached_on=data[f"reached_{one.number}"],
                is_dropped=data[f"dropped_{one.number}"],
            )
            for one in self.standing
        ]

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"form": self}


def fields_of(one: Milestone) -> dict[str, forms.Field]:
    n = one.number
    return {
        f"version_{n}": forms.IntegerField(min_value=1, widget=forms.HiddenInput, initial=one.version),
        f"label_{n}": forms.CharField(label=_("Étape"), max_length=200, validators=[check_text], initial=one.label),
        f"planned_{n}": day_box(_("Prévue le"), initial=one.planned_on),
        f"reached_{n}": day_box(_("Atteinte le"), required=False, initial=one.reached_on),
        f"dropped_{n}": forms.BooleanField(
            label=_("Cette étape est abandonnée"), required=False, initial=one.is_dropped
        ),
    }


class DescriptionForm(StepForm):
    prefilled = ("service", "budget_line")
    service = label_box(_("Service chargé"), required=False)
    budget_line = label_box(_("Ligne de budget"), required=False, help_text=_("Son nom, et le montant connu."))


class EntrustForm(StepForm):
    prefilled = ("directorate",)
    directorate = forms.ModelChoiceField(
        label=_("Direction chargée"), queryset=Directorate.objects.none(), empty_label=_("Choisir une direction")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directorate"].queryset = open_directorates(self.row.case.opinion.term)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class WithdrawUpdateForm(ReasonForm):
    number = forms.TypedChoiceField(label=_("Quel point ?"), coerce=int, widget=forms.RadioSelect)
    field_order = ["number", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ProgressUpdate.objects.not_withdrawn().filter(follow_up=self.row).order_by("-number")
        self.fields["number"].choices = [  # type: ignore[attr-defined]  # -- a ChoiceField
            (row.number, f"{capfirst(format_date(row.at, weekday=False))} : {row.text[:120]}") for row in rows
        ]


class CommitteeRemarkForm(StepForm):
    text = text_box(_("La remarque"), 2000, 5, _("Ce que le comité constate, ce qu’il attend. Sans nom de personne."))


class AskHearingForm(StepForm):
    service = forms.CharField(label=_("Service à entendre"), max_length=200, validators=[check_text])
    question = text_box(_("Ce que le comité veut savoir"), 1000, 4, _("La direction lit ce texte."))


class RecordHearingForm(StepForm):
    """Form for when a service was heard, by whom, and what it said."""

    hearing = forms.TypedChoiceField(label=_("Quelle audition ?"), coerce=int, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Entendu le"))
    heard_by = forms.CharField(
        label=_("Par qui"),
        max_length=300,
        validators=[check_text],
        help_text=_("Le comité, ou celles et ceux qui y étaient."),
    )
    summary = text_box(_("Ce qui a été dit"), 4000, 8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = hearings_to_record(self.row)
        self.fields["hearing"].choices = [(row.pk, f"{row.service} : {row.question[:120]}") for row in rows]  # type: ignore[attr-defined]  # -- a ChoiceField
