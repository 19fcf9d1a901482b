"""Forms of the referral and of the steps of both origins. They clean; the actions write."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.files.fields import UploadField
from assembly.identity.models import User
from assembly.institution.models import Committee, Directorate, Term
from assembly.text.french import format_date
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, Picker, StyledForm, StyledModelForm, text_box
from assembly.workflow import ReasonForm, StepForm
from consultations.models import Competence, CouncilStance, Referral, ReferralSettings, ReferralState
from consultations.referrals import rules
from consultations.referrals.models import CALENDAR, PARTS, TEXT
from consultations.referrals.queries import (
    coming_plenaries,
    free_committees,
    named_directorates,
    open_directorates,
    receiving_items,
)
from sessions.models import AgendaItem, Sitting
from sessions.sittings.queries.sittings import team_of

REVIEW_DAYS = 21


class OfficerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.get_full_name()


class ReferralForm(StyledModelForm):
    """Form for a referral, in parts; fields that may no longer be written are not shown."""

    lead = forms.ModelChoiceField(
        label=_("Direction pilote"),
        queryset=Directorate.objects.none(),
        required=False,
        empty_label=_("À désigner"),
        help_text=_("Elle prépare la saisine avec l’équipe. Il en faut une pour émettre."),
    )
    associated = forms.ModelMultipleChoiceField(
        label=_("Directions associées"),
        queryset=Directorate.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leur contribution sera demandée à l’émission."),
    )

    class Meta:
        model = Referral
        fields = [*(name for _legend, names in PARTS for name in names), *CALENDAR]
        help_texts = {
            "question": _("Une phrase, en mots simples, sans orienter la réponse."),
            "context": _("Pourquoi cette question, pourquoi maintenant."),
            "decided": _("Ce que l’assemblée ne peut plus changer."),
            "open_points": _("Ce sur quoi elle peut vraiment peser."),
            "impossible": _("Ce que la loi, le budget ou les compétences interdisent, et pourquoi."),
            "deliverable": _("Un avis, un rapport, combien de préconisations au plus."),
            "support_offered": _("Équipe, expertise, visites, défraiement."),
            "target_decision": _("Un schéma, un budget, un plan : ce que l’avis éclaire."),
        }

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term
        editable, names = TEXT, True
        if self.instance.pk:
            editable = rules.editable_fields(self.instance)
            names = self.instance.is_self_referral or not self.instance.issued_at
        for name in [name for name in self._meta.fields or () if name not in editable]:
            del self.fields[name]
        for name, field in self.fields.items():
            if name in TEXT and isinstance(field, forms.CharField):
                field.validators.append(check_text)  # type: ignore[arg-type]  # -- its return value is not used
        self.set_directorates() if names else self.leave_directorates()

    def set_directorates(self) -> None:
        choices = open_directorates(self.term)
        if self.instance.pk:
            named = named_directorates(self.instance)
            current = Directorate.objects.filter(pk__in=[row.directorate_id for row in named])
            choices = (choices | current).order_by("name__alphabetical")
            self.initial.setdefault("lead", next((row.directorate_id for row in named if row.is_lead), None))
            self.initial.setdefault("associated", [row.directorate_id for row in named if not row.is_lead])
        for name in ("lead", "associated"):
            self.fields[name].queryset = choices  # type: ignore[attr-defined]  # -- model choice fields

    def leave_directorates(self) -> None:
        del self.fields["lead"], self.fields["associated"]

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return legends and fields of the texts that may be written."""
        rows = [(legend, [self[name] for name in names if name in self.fields]) for legend, names in PARTS]
        return [(legend, fields) for legend, fields in rows if fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, due = data.get("work_starts_on"), data.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", _("L’avis est attendu après le début des travaux."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the values that the action writes."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if "lead" in self.fields:
            data["associated"] = [row for row in data["associated"] if row != data["lead"]]
        return data


class ReferralEditForm(ReferralForm):
    """The same, with the version that was read: a late save gets both texts."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReviewsDueForm(StepForm):
    """Form for the day on which the answers of the directorates are expected."""

    reviews_due_on = forms.DateField(
        label=_("Contributions des directions attendues le"), help_text=_("Chaque direction nommée reçoit sa demande.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reviews_due_on", timezone.localdate() + timedelta(days=review_days(self.row)))

    def clean_reviews_due_on(self) -> Any:
        due = self.cleaned_data["reviews_due_on"]
        if due < timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date à venir."))
        return due


def review_days(referral: Referral) -> int:
    settings = ReferralSettings.objects.filter(term=referral.term_id).first()
    return settings.review_days if settings else REVIEW_DAYS


class SignedLetterForm(ReviewsDueForm):
    """Form for the letter that the president signed: the scan and its date."""

    file = UploadField(label=_("Lettre signée"), kinds=("pdf", "image"), help_text=_("PDF ou image, 20 Mo au plus."))
    letter_on = forms.DateField(label=_("Date de la lettre"))
    field_order = ["file", "letter_on", "reviews_due_on"]

    def clean_letter_on(self) -> Any:
        day = self.cleaned_data["letter_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("La lettre est déjà signée : sa date est passée."))
        return day


class CouncilAnswerForm(StepForm):
    """Form for what the council answered outside this software: the day, the document."""

    on = forms.DateField(label=_("Date de la réponse"))
    file = UploadField(
        label=_("Document"), kinds=("pdf", "image"), help_text=_("La lettre ou la délibération, PDF ou image.")
    )


class ItemChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{format_date(obj.sitting.starts_at, weekday=False)} : {obj.title}"


class ReceiveForm(StepForm):
    item = ItemChoice(label=_("Point de l’ordre du jour"), queryset=AgendaItem.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = receiving_items(self.row)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class SittingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {format_date(obj.starts_at)}"


class AgendaForm(StepForm):
    sitting = SittingChoice(
        label=_("Séance"), queryset=Sitting.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sittings = coming_plenaries(self.row)
        self.fields["sitting"].queryset = sittings  # type: ignore[attr-defined]  # -- a ModelChoiceField
        first = sittings.first()
        self.initial.setdefault("sitting", first.pk if first else None)


class ReferralField(Picker, forms.ModelChoiceField):
    """Choice of a referral among `queryset`, by words of its reference and of its title."""

    queryset: Any
    placeholder = _("Un mot du titre, ou la référence")
    which = _("Laquelle de ces saisines ?")

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.reference} {obj.title}".strip()

    def choice(self, row: Any) -> tuple[int, str]:
        return row.pk, self.label_from_instance(row)

    def name_of(self, row: Any) -> str:
        return self.label_from_instance(row)

    def rows(self, *, key: Any = None, tokens: Sequence[str] = (), most: int) -> list[Any]:
        matches = self.queryset if key is None else self.queryset.filter(pk=key)
        for word in tokens:
            matches = matches.filter(Q(title__unaccent__icontains=word) | Q(reference__icontains=word))
        return list(matches[:most])


class MergeForm(ReasonForm):
    target = ReferralField(
        label=_("Saisine qui continue"), queryset=Referral.objects.none(), empty_label=_("Choisir une saisine")
    )
    field_order = ["target", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Referral.objects.filter(term=self.row.term_id).exclude(state__in=ReferralState.tagged("ended"))
        self.fields["target"].queryset = others.order_by("reference__alphabetical", "title__alphabetical")  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean_target(self) -> Referral:
        target: Referral = self.cleaned_data["target"]
        if target.pk == self.row.pk:
            raise forms.ValidationError(_("Une saisine ne se réunit pas avec elle-même."))
        return target


class PassForm(StepForm):
    prefilled = ("officer",)
    officer = OfficerChoice(label=_("Suivie désormais par"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = team_of(self.row.term)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class AssignForm(StyledForm):
    committee = forms.ModelChoiceField(
        label=_("Groupe"), queryset=Committee.objects.none(), empty_label=_("Choisir un groupe")
    )
    mandate_statement = forms.CharField(
        label=_("Mandat de travail"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La question vraiment posée à ce groupe."),
        validators=[check_text],
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = free_committees(referral)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class MandateForm(StyledForm):
    mandate_statement = forms.CharField(
        label=_("Mandat de travail"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
    )


class BodyForm(ListFilter):
    """Filter of decisions and actions by body; it is in the query string."""

    instance = forms.ChoiceField(
        label=_("Instance"),
        required=False,
        choices=[
            ("", _("Toutes les instances")),
            ("plenary", _("Séances plénières")),
            ("copil", _("Comité de pilotage")),
            ("cotech", _("Comité technique")),
            ("groups", _("Groupes et commissions")),
        ],
    )

    def chosen(self) -> str:
        return str(self.cleaned_data["instance"]) if self.is_valid() else ""


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
