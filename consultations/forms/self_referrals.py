"""Forms of the suggestion and of the steps of a self-referral. They clean; the actions write."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.files.fields import UploadField
from assembly.identity.fields import PersonField
from assembly.identity.models import User
from assembly.institution.models import Directorate, Term
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm, StyledModelForm, text_box
from assembly.workflow import StepForm
from consultations.enums import Competence, CouncilStance, SuggestionChannel
from consultations.models import ReferralSettings
from consultations.referrals.forms import review_days
from consultations.referrals.queries import open_directorates
from consultations.self_referrals.queries import members_of


class SuggestionForm(StyledForm):
    """Form for a suggestion: three answers, nothing else."""

    title = forms.CharField(
        label=_("Quel sujet ?"),
        max_length=160,
        help_text=_("Quelques mots : « L’eau qui manque l’été »."),
        validators=[check_text],
    )
    why = text_box(_("Pourquoi ce sujet ?"), 2000, 4)
    powers_link = text_box(_("En quoi le Département peut-il agir ?"), 1500, 3)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "why", "powers_link")}


class SuggestionChangeForm(SuggestionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SuggestionRecordForm(SuggestionForm):
    """Form for a suggestion that the team records for a member."""

    member = PersonField(label=_("Qui propose ?"), queryset=User.objects.none(), empty_label=_("Choisir un membre"))
    via = forms.ChoiceField(
        label=_("Comment nous est-il parvenu ?"),
        choices=[row for row in SuggestionChannel.choices if row[0] != SuggestionChannel.SITE],
        widget=forms.RadioSelect,
    )
    field_order = ["member", "via", "title", "why", "powers_link"]

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(term)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class MemberSuggestionFilterForm(ListFilter):
    """Search of the members' list."""

    q = forms.CharField(label=_("Chercher un sujet"), required=False, max_length=80)
    tri = forms.ChoiceField(
        label=_("Ordre"),
        required=False,
        choices=[("", _("Les plus récents")), ("points", _("Les plus soutenus")), ("miens", _("Mes sujets"))],
    )

    def condition(self) -> Q:
        text = self.cleaned_data.get("q") if self.is_valid() else ""
        if not text:
            return Q()
        fields = ("title", "context", "powers_link")
        condition = Q(reference__iexact=text)
        for name in fields:
            condition |= Q(**{f"{name}__unaccent__icontains": text})
        return condition


class CheckForm(StepForm):
    """Form for the directorates that are asked whether the subject is within the powers of the département."""

    directorates = forms.ModelMultipleChoiceField(
        label=_("Directions à interroger"),
        queryset=Directorate.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = forms.DateField(label=_("Réponse attendue le"))
    message = forms.CharField(
        label=_("Un mot aux directions"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directorates"].queryset = open_directorates(self.row.term)  # type: ignore[attr-defined]  # -- a model choice field
        days = timedelta(days=review_days(self.row))
        self.initial.setdefault("due_on", timezone.localdate() + days)

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due < timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date à venir."))
        return due


class AdmissibilityForm(StepForm):
    """Form for the two tests and their reasons, which the author reads."""

    within_powers = forms.ChoiceField(
        label=_("Le sujet relève-t-il du Département ?"), choices=Competence, widget=forms.RadioSelect
    )
    is_fair = forms.TypedChoiceField(
        label=_("Le sujet respecte-t-il chacun, sans discriminer personne ?"),
        choices=[("oui", _("Oui")), ("non", _("Non"))],
        coerce=lambda value: value == "oui",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reasons = text_box(
        _("Pourquoi ?"), 3000, 5, _("La personne qui a proposé le sujet lira ces mots. En mots simples.")
    )


class StanceForm(StepForm):
    """Form for the council's view, with its reasons."""

    stance = forms.ChoiceField(label=_("Position du président"), choices=CouncilStance, widget=forms.RadioSelect)
    reasons = text_box(_("Motifs"), 4000, 6, _("Les membres les lisent avant de voter."))


class CouncilViewForm(StanceForm):
    """Form for the council's view as recorded from a document."""

    given_on = forms.DateField(label=_("Rendu le"))
    decision_reference = forms.CharField(
        label=_("Référence de la délibération ou de la lettre"),
        required=False,
        max_length=120,
        validators=[check_text],
    )
    file = UploadField(
        label=_("Le document"), kinds=("pdf", "image"), required=False, help_text=_("PDF ou image, 20 Mo au plus.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("decision_reference") and "file" not in self.errors:
            self.add_error("file", _("Joignez le document, ou donnez sa référence."))
        return data

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("La position est déjà donnée : sa date est passée."))
        return day


class SelfReferralSettingsForm(StyledModelForm):
    class Meta:
        model = ReferralSettings
        fields = ["dots", "dots_a_subject", "review_days", "is_accepted_by_vote"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        most, each = data.get("dots"), data.get("dots_a_subject")
        if most is not None and not 1 <= most <= 20:
            self.add_error("dots", _("Donnez de 1 à 20 points."))
        elif most is not None and each is not None and not 1 <= each <= most:
            self.add_error("dots_a_subject", _("Donnez un nombre de 1 à %(most)s.") % {"most": most})
        if (days := data.get("review_days")) is not None and not 1 <= days <= 180:
            self.add_error("review_days", _("Donnez de 1 à 180 jours."))
        return data
