"""Forms of the reviews: the team's requests, the directorate's grid and visas, messages and comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.fields import PersonField
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.text.french import format_date
from assembly.text.printable import check_text
from assembly.text.working_days import is_working_day, next_working_day, working_days_between
from assembly.web.forms import StyledForm, text_box
from assembly.web.versioned import FieldByFieldForm
from assembly.workflow import StepForm
from consultations.models import Competence, CostRange, DirectorateReview, Feasibility, Referral, ReviewKind
from consultations.referrals.queries import open_directorates
from consultations.reviews.models import GRID
from consultations.reviews.queries import CRITERIA, MentionablePerson, free_directorates


@dataclass(frozen=True)
class GridQuestion:
    """One row: the column of the grid, its label, its possible answers by value where there are some."""

    name: str
    label: str
    choices: Mapping[str, str]

    @property
    def possible(self) -> str:
        return gettext("Au choix : %(answers)s") % {"answers": " ; ".join(self.choices.values())}

    @property
    def asked(self) -> str:
        """Return the text of the row: the label alone on its first line, by which an import matches it."""
        return f"{self.label}\n{self.possible}" if self.choices else self.label


KINDS = [(ReviewKind.SCOPING, _("Cadrage de la saisine")), (ReviewKind.ADMISSIBILITY, _("Recevabilité d’un sujet"))]
THREE_WEEKS = timedelta(days=21)


def usual_date() -> date:
    """Return the first working day three weeks from now."""
    return next_working_day(timezone.localdate() + THREE_WEEKS)


def clean_due(day: date | None) -> date | None:
    """Return the day; raise ValidationError if it has passed or is no working day."""
    if day is None:
        return None
    if day < timezone.localdate():
        raise forms.ValidationError(_("Choisissez une date à venir."), code="past")
    if not is_working_day(day):
        better = next_working_day(day)
        raise forms.ValidationError(
            _("Ce jour n’est pas travaillé. Le premier jour travaillé qui suit est le %(day)s."),
            code="rest",
            params={"day": f"{better:%d/%m/%Y}"},
        )
    return day


def hint(day: date) -> str:
    """Return how many working days the proposed date leaves to a directorate."""
    days = working_days_between(timezone.localdate(), day)
    count_label = ngettext("%(n)s jour travaillé", "%(n)s jours travaillés", days) % {"n": days}
    return gettext("Un jour travaillé. D’ici au %(day)s : %(words)s ; une direction en demande quinze au moins.") % {
        "day": format_date(day),
        "words": count_label,
    }


def due_field() -> forms.DateField:
    return forms.DateField(
        label=_("Contribution attendue le"),
        initial=usual_date,
        help_text=_("Un jour travaillé. Comptez au moins quinze jours travaillés pour une direction."),
    )


class AskForm(StyledForm):
    """Form that asks the same of several directorates."""

    directorates = forms.ModelMultipleChoiceField(
        label=_("Directions"), queryset=Directorate.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=_("Objet"), choices=KINDS, initial=ReviewKind.SCOPING, widget=forms.RadioSelect)
    due_on = due_field()
    message = forms.CharField(
        label=_("Ce que vous leur demandez"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        validators=[check_text],
        help_text=_("Lu par chaque direction, en tête de son dossier."),
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        if referral.is_self_referral:
            self.initial.setdefault("kind", ReviewKind.ADMISSIBILITY)
        self.fields["due_on"].help_text = hint(usual_date())
        self.fields["directorates"].queryset = open_directorates(referral.term)  # type: ignore[attr-defined]  # -- a ModelMultipleChoiceField

    def clean_due_on(self) -> date | None:
        return clean_due(self.cleaned_data["due_on"])

    def clean(self) -> dict[str, Any]:
        """Check that none of the directorates has this request already."""
        data = super().clean() or {}
        free = set(free_directorates(self.referral, data.get("kind", "")).values_list("pk", flat=True))
        busy = [directorate.name for directorate in data.get("directorates", ()) if directorate.pk not in free]
        if busy:
            self.add_error(
                "directorates", _("Déjà consultée pour cet objet : %(names)s.") % {"names": ", ".join(busy)}
            )
        return data


class DirectorateReasonForm(StepForm):
    reason = text_box(_("Pourquoi ?"), 2000, 4, _("La direction lira ce texte."))


class TeamReasonForm(StepForm):
    reason = text_box(_("Pourquoi ?"), 2000, 4, _("La mission lira ce texte."))


class ReturnForm(StepForm):
    reason = text_box(_("Ce qui est à reprendre"), 2000, 4, _("Votre collègue lira ce texte."))


class DueForm(StepForm):
    due_on = due_field()
    reason = text_box(_("Pourquoi ?"), 2000, 4, _("La direction lira ce texte."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("due_on", usual_date())

    def clean_due_on(self) -> date | None:
        return clean_due(self.cleaned_data["due_on"])


class AgainForm(StepForm):
    prefilled = ("message",)
    due_on = due_field()
    message = forms.CharField(
        label=_("Ce que vous demandez"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        validators=[check_text],
    )

    def clean_due_on(self) -> date | None:
        return clean_due(self.cleaned_data["due_on"])


class PassOnForm(StepForm):
    to = forms.ModelChoiceField(label=_("À quelle direction ?"), queryset=Directorate.objects.none())
    reason = text_box(_("Pourquoi ?"), 2000, 4, _("L’autre direction et la mission liront ce texte."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = free_directorates(self.row.referral, self.row.kind)
        self.fields["to"].queryset = free.exclude(pk=self.row.directorate_id)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class GridForm(FieldByFieldForm):
    """Form for a directorate's answer. Drafts may leave every field empty; the check page lists what is missing."""

    class Meta:
        model = DirectorateReview
        fields = GRID
        widgets = {
            "competence": forms.RadioSelect,
            "feasibility": forms.RadioSelect,
            "cost": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 6}),
            "competence_note": forms.Textarea(attrs={"rows": 2}),
            "feasibility_note": forms.Textarea(attrs={"rows": 4}),
            "existing_schemes": forms.Textarea(attrs={"rows": 4}),
            "legal": forms.Textarea(attrs={"rows": 4}),
            "cost_note": forms.Textarea(attrs={"rows": 2}),
            "experts": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "summary": _("Votre contribution, en quelques phrases"),
            "competence": _("Est-ce de la compétence du Département ?"),
            "competence_note": _("Précisions sur la compétence"),
            "feasibility": _("Est-ce faisable ?"),
            "feasibility_note": _("Pourquoi, en quelques phrases"),
            "existing_schemes": _("Que fait déjà le Département ?"),
            "legal": _("Quel est le cadre juridique ?"),
            "cost": _("Ordre de coût par an"),
            "cost_note": _("Précisions sur le coût"),
            "experts": _("Qui l’Assemblée devrait-elle entendre ?"),
        }
        help_texts = {
            "summary": _("Les membres vont lire ce texte. Évitez les sigles."),
            "legal": _("Lois, règlements, compétences d’autres collectivités."),
            "experts": _("Personnes, services ou organismes, avec leurs coordonnées professionnelles."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"competence": Competence, "feasibility": Feasibility, "cost": CostRange}
        for name, kinds in choices.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=kinds.choices, required=False, widget=forms.RadioSelect
            )
        if self.instance.kind == ReviewKind.ADMISSIBILITY:
            for name in ("feasibility", "feasibility_note", "cost", "cost_note", "experts"):
                del self.fields[name]

    def all_hidden(self) -> list[SafeString]:
        """Return the content of this form as hidden fields, to be sent by a button."""
        return [self["version"].as_widget(), *(self[name].as_hidden() for name in GRID if name in self.fields)]

    def questions(self) -> list[GridQuestion]:
        """Return the rows of the Word file."""
        return [
            GridQuestion(
                name, str(field.label), {str(key): str(label) for key, label in getattr(field, "choices", ()) if key}
            )
            for name, field in self.fields.items()
            if name in GRID
        ]

    def values(self) -> dict[str, str]:
        """Return the whole grid: what this form does not show stays as it is."""
        stored = {name: getattr(self.instance, name) for name in GRID}
        return stored | {name: self.cleaned_data[name] for name in GRID if name in self.fields}


class WritingPlaceForm(StyledForm):
    """Form for where somebody writes, and the version that their page shows."""

    field = forms.ChoiceField(choices=[(name, name) for name in GRID], required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class VersionForm(StyledForm):
    """Form for the version that was read."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SignForm(VersionForm):
    """Form for a visa: the intermediate one that the page showed as due; none: the approver's own."""

    level = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class VisaLevelForm(StyledForm):
    """Form for one more visa before the approver's."""

    name = forms.CharField(
        label=_("Quel visa ?"),
        max_length=80,
        validators=[check_text],
        help_text=_("Par exemple : chef de service, directeur général adjoint."),
    )
    holder = PersonField(label=_("Donné par"), queryset=User.objects.none())

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = staff  # type: ignore[attr-defined]  # -- a ModelChoiceField


class WordForm(StyledForm):
    """Form for the grid as a Word file."""

    file = UploadField(
        label=_("Fichier Word"),
        kinds=("word",),
        max_size=5 * MEGABYTE,
        help_text=_(
            "Le fichier de cette contribution, complété : .docx, 5 Mo au plus. Rien n’est écrit avant votre accord."
        ),
    )


class ReaderForm(StyledForm):
    """Form for a reader in copy."""

    reader = PersonField(label=_("Qui lit en copie ?"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = people  # type: ignore[attr-defined]  # -- a ModelChoiceField


class FileForm(StyledForm):
    file = UploadField(
        label=_("Fichier"),
        kinds=("pdf", "image", "office", "csv"),
        help_text=_("PDF, image, document ou tableau, 20 Mo au plus."),
    )
    title = forms.CharField(label=_("Titre"), max_length=200, required=False, validators=[check_text])


class DelegationForm(StyledForm):
    """Form for whoever gives visas while the approver is away."""

    holder = PersonField(label=_("À qui ?"), queryset=User.objects.none())
    starts_on = forms.DateField(label=_("À partir du"), initial=timezone.localdate)
    ends_on = forms.DateField(label=_("Jusqu’au (compris)"))

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = colleagues  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("La fin vient après le début."))
        elif last and last < timezone.localdate():
            self.add_error("ends_on", _("Choisissez une date à venir."))
        return data


class MessageForm(StyledForm):
    """Form for a message; « @Prénom Nom », or a ticked box for whoever prefers boxes, notifies a reader."""

    body = forms.CharField(
        label=_("Votre message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[check_text],
        help_text=_(
            "Lu par la mission et les directions de cette saisine seulement. Écrivez @ puis un nom pour prévenir."
        ),
    )
    mentions = forms.TypedMultipleChoiceField(
        label=_("Prévenir"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, readers: list[MentionablePerson], is_private: bool = False, **kwargs: Any) -> None:
        if is_private:
            kwargs["auto_id"] = "inside_%s"  # both threads may be on one page
        super().__init__(*args, **kwargs)
        if is_private:
            self.fields["body"].label = _("Message interne")
            self.fields["body"].help_text = _(
                "Lu par votre direction et les lecteurs en copie seulement. Écrivez @ puis un nom pour prévenir."
            )
        self.readers = readers
        names = [(reader.pk, f"{reader.name}, {reader.place or _('mission')}") for reader in readers]
        self.fields["mentions"].choices = names  # type: ignore[attr-defined]  # -- a choice field


class CommentForm(StyledForm):
    """Form for a comment on a passage of an answer; a script fills in the first two fields from the selection."""

    field = forms.ChoiceField(
        label=_("Sur quelle question ?"), choices=[(text, label) for label, _c, text, _k in CRITERIA]
    )
    quote = text_box(_("Passage"), 1000, 2, _("Sélectionnez-le dans la contribution, ou copiez-le ici."))
    body = text_box(_("Votre commentaire"), 4000, 3, _("Lu par votre direction et les lecteurs en copie seulement."))

    def __init__(self, *args: Any, review: DirectorateReview, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="comment_%s", **kwargs)
        self.review = review

    def clean(self) -> dict[str, Any]:
        """Check that the passage is in the answer, whatever its line breaks."""
        data = super().clean() or {}
        quote, name = data.get("quote"), data.get("field")
        if quote and name and " ".join(quote.split()) not in " ".join(getattr(self.review, name).split()):
            self.add_error("quote", _("Ce passage n’est pas dans la réponse à cette question."))
        return data
