"""Forms of a candidature: the public form, entry from paper, corrections."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.names import PersonNameField
from assembly.institution.models import Canton
from assembly.institution.queries import canton_choices
from assembly.text.printable import check_text
from assembly.web.forms import SEARCHABLE, StyledForm, text_box
from assembly.workflow import StepForm
from draws.calls import rules
from draws.calls.queries import extensions_of
from draws.candidates.queries import possible_duplicates
from draws.models import Call, Candidate, Channel, ExclusionReason, Ground, Occupation
from members.enums import Gender, NeedKind, RecordChannel
from members.forms import DayField, PastDayField

UNKNOWN_CANTON = "0"
OLDEST = 120
GENDERS = [
    (Gender.FEMALE, gettext_lazy("Femme")),
    (Gender.MALE, gettext_lazy("Homme")),
    (Gender.OTHER, gettext_lazy("Autre, ou je préfère ne pas le dire")),
]
NEEDS = [(kind, label) for kind, label in NeedKind.choices if kind != NeedKind.OTHER]
YES, NO = "oui", "non"
ANSWERS = [(NO, gettext_lazy("Non")), (YES, gettext_lazy("Oui"))]
ENTERED = [
    (value, label) for value, label in Channel.choices if value in {Channel.PAPER, Channel.MARKET, Channel.PHONE}
]


def text_field(
    label: Any, most: int, help_text: Any = "", *, required: bool = True, is_name: bool = False, **attrs: str
) -> forms.CharField:
    """Return a text field; `is_name`: for the name of a person."""
    return (PersonNameField if is_name else forms.CharField)(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        validators=[check_text],
        widget=forms.TextInput(attrs=attrs),
    )


class CandidateFields(StyledForm):
    """Fields of a candidature, with the reason why each is required."""

    first_name = text_field(gettext_lazy("Prénom"), 80, is_name=True, autocomplete="given-name")
    last_name = text_field(gettext_lazy("Nom"), 80, is_name=True, autocomplete="family-name")
    birth_date = DayField(
        label=gettext_lazy("Date de naissance"),
        help_text=gettext_lazy("Pour vérifier l’âge minimum, et tirer au sort des personnes de tous les âges."),
        widget=forms.DateInput(attrs={"autocomplete": "bday"}),
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Genre"),
        help_text=gettext_lazy("Chaque canton a autant de sièges de femmes que d’hommes."),
        choices=GENDERS,
        widget=forms.RadioSelect,
    )
    occupation = forms.ChoiceField(
        label=gettext_lazy("Profession"),
        help_text=gettext_lazy(
            "Pour que tous les métiers soient représentés. À la retraite, choisissez « retraité ou retraitée »."
        ),
        choices=[("", gettext_lazy("Choisir")), *Occupation.choices],
    )
    address = text_field(
        gettext_lazy("Adresse"),
        300,
        gettext_lazy("Numéro, rue, bâtiment, appartement. Un seul membre par logement peut être tiré au sort."),
        autocomplete="street-address",
    )
    postcode = forms.RegexField(
        label=gettext_lazy("Code postal"),
        regex=r"^\d{5}$",
        error_messages={"invalid": gettext_lazy("Écrivez cinq chiffres, par exemple 31000.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = text_field(gettext_lazy("Commune"), 80, autocomplete="address-level2")
    canton = forms.ChoiceField(
        label=gettext_lazy("Canton"),
        help_text=gettext_lazy("Le tirage se fait canton par canton. Si vous hésitez, nous vérifierons."),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        required=False,
        validators=[check_text],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = text_field(gettext_lazy("Téléphone"), 30, required=False, autocomplete="tel", inputmode="tel")
    guardian_name = text_field(
        gettext_lazy("Prénom et nom d’un parent ou du tuteur"), 160, is_name=True, required=False
    )
    guardian_email = forms.EmailField(
        label=gettext_lazy("Courriel de ce parent ou tuteur"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Nous lui écrivons pour son accord. Sans courriel, nous envoyons un papier à signer."),
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Si vous êtes tiré au sort, que faudrait-il prévoir ?"),
        help_text=gettext_lazy("Gardé à part : cela n’est lu qu’après le tirage, et n’y change rien."),
        choices=NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wants_news = forms.BooleanField(
        label=gettext_lazy("Prévenez-moi du prochain appel (adresse gardée deux ans au plus)."), required=False
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        self.call = call
        self.extensions = extensions_of(call)
        super().__init__(*args, **kwargs)
        named = [(str(pk), name) for pk, name in canton_choices(call.term.assembly_id)]
        unknown = (UNKNOWN_CANTON, _("Je ne sais pas"))
        self.fields["canton"].choices = [("", _("Choisir")), *named, unknown]

    def clean_birth_date(self) -> date:
        birth: date = self.cleaned_data["birth_date"]
        if not 0 <= rules.age_on(birth, timezone.localdate()) <= OLDEST or birth > timezone.localdate():
            raise forms.ValidationError(_("Vérifiez l’année : cette date de naissance n’est pas possible."))
        return birth

    def clean_canton(self) -> Canton | None:
        chosen = self.cleaned_data["canton"]
        return None if chosen == UNKNOWN_CANTON else Canton.objects.get(pk=chosen)

    def clean_wants_news(self) -> bool:
        return bool(self.cleaned_data["wants_news"] and self.cleaned_data.get("email"))

    @property
    def is_of_minor(self) -> bool:
        """Return whether the birth date typed so far is that of a minor."""
        birth = self.cleaned_data.get("birth_date") if hasattr(self, "cleaned_data") else None
        return birth is not None and rules.is_minor(birth, timezone.localdate())


QUESTIONS = {
    Ground.OUTSIDE: (
        gettext_lazy("Habitez-vous dans le département ?"),
        NO,
        gettext_lazy("Il faut y habiter pour être tiré au sort. Merci de votre intérêt pour l’Assemblée."),
    ),
    Ground.ELECTED: (
        gettext_lazy("Avez-vous un mandat électif (commune, département, région, parlement) ?"),
        YES,
        gettext_lazy("Les élus reçoivent les avis de l’Assemblée et y répondent : ils ne peuvent pas y siéger."),
    ),
    Ground.AGENT: (
        gettext_lazy("Travaillez-vous pour le Conseil départemental ?"),
        YES,
        gettext_lazy("Les agents de la collectivité qui répond aux avis ne peuvent pas y siéger."),
    ),
    Ground.FORMER_MEMBER: (
        gettext_lazy("Avez-vous déjà été membre de cette Assemblée ?"),
        YES,
        gettext_lazy("Chaque Assemblée est entièrement renouvelée : ses anciens membres n’y siègent pas de nouveau."),
    ),
}


class FormStep:
    """Page of the public form: its name in the address of « Modifier », its title and its fields."""

    def __init__(self, name: str, title: Any, fields: Iterable[str]) -> None:
        self.name, self.title, self.fields = name, title, tuple(fields)


class ApplyForm(CandidateFields):
    """Public form, page after page: each page carries the answers of the others, and only the last one saves."""

    consent = forms.BooleanField(
        label=gettext_lazy("J’ai lu ce qui précède et je présente ma candidature."),
        error_messages={"required": gettext_lazy("Cochez cette case pour envoyer votre candidature.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("Nous y envoyons un code : sans lui, la candidature ne compte pas.")
        self.asked = [ground for ground in QUESTIONS if ground in self.call.excluded_grounds]
        for ground in self.asked:
            label, _refused, _message = QUESTIONS[ground]
            self.fields[ground.value] = forms.ChoiceField(
                label=label,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choisissez une réponse.")},
            )
        where = rules.open_cantons(self.call, self.extensions, timezone.localdate())
        if where is not None:
            open_choices = [choice for choice in self.fields["canton"].choices if choice[0] in {"", *map(str, where)}]
            self.fields["canton"].choices = open_choices
            self.fields["canton"].help_text = _("L’appel n’est plus ouvert que dans ces cantons.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for ground in self.asked:
            _label, refused, message = QUESTIONS[ground]
            if data.get(ground.value) == refused:
                self.add_error(ground.value, message)
        birth, least = data.get("birth_date"), self.call.minimum_age
        if birth and Ground.TOO_YOUNG in self.call.excluded_grounds:
            if rules.age_on(birth, self.call.day_of_age) < least:
                self.add_error(
                    "birth_date", _("Il faut avoir %(age)s ans le jour du tirage au sort.") % {"age": least}
                )
        if self.is_of_minor:
            self.fields["guardian_name"].required = True  # for its label
            if not data.get("guardian_name"):
                self.add_error("guardian_name", _("Écrivez le nom d’un parent ou du tuteur."))
        return data

    @property
    def steps(self) -> list[FormStep]:
        """Return the pages, that of the guardian only for a minor."""
        pages = [
            FormStep(
                "conditions", _("Pouvez-vous présenter votre candidature ?"), [ground.value for ground in self.asked]
            ),
            FormStep("vous", _("Qui êtes-vous ?"), ["first_name", "last_name", "birth_date", "gender", "occupation"]),
        ]
        if self.is_of_minor:
            pages.append(FormStep("parent", _("L’accord d’un parent"), ["guardian_name", "guardian_email"]))
        return [
            *pages,
            FormStep("adresse", _("Où habitez-vous ?"), ["address", "postcode", "city", "canton"]),
            FormStep("contact", _("Comment vous joindre ?"), ["email", "phone", "wants_news"]),
            FormStep("besoins", _("Ce qu’il faudrait prévoir"), ["needs"]),
        ]

    def limit_errors_to(self, fields: Iterable[str]) -> None:
        """Remove the errors of other fields: those of later pages are still empty."""
        for name in set(self.errors) - set(fields):
            del self.errors[name]

    def candidate_data(self) -> dict[str, Any]:
        """Return what the action records, without the questions of admissibility and the consent box."""
        return {name: value for name, value in self.cleaned_data.items() if name in CandidateFields.base_fields}


def initial_of(row: Candidate) -> dict[str, Any]:
    """Return the initial values of a form from a candidature."""
    names = [name for name in CandidateFields.base_fields if name not in {"canton", "needs"}]
    shown = {name: getattr(row, name) for name in names}
    return shown | {
        "canton": str(row.canton_id or UNKNOWN_CANTON),
        "needs": list(row.needs.values_list("kind", flat=True)),
    }


class CorrectForm(CandidateFields):
    """Form for the candidate to correct what was recorded; `version`: of the row that the page showed."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, row: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, call=row.call, **kwargs)
        is_minor = rules.is_minor(row.birth_date, timezone.localdate())
        self.fields["email"].required = bool(row.email)
        if not is_minor:
            del self.fields["guardian_name"], self.fields["guardian_email"]


class DeskCorrectForm(CorrectForm):
    """Same form for the team, which never reads the needs; a canton that the team enters counts as checked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["needs"]
        self.fields["email"].required = False


class EntryForm(CandidateFields):
    """Form for what came on paper, on a market or by telephone: one screen, typed field by field, then the next."""

    channel = forms.ChoiceField(label=gettext_lazy("Reçue par"), choices=ENTERED, widget=forms.RadioSelect)
    guardian_agreed_on = PastDayField(
        label=gettext_lazy("Autorisation signée le"),
        required=False,
        help_text=gettext_lazy("Pour un·e mineur·e, si le papier du parent est là."),
    )
    consent = forms.BooleanField(label=gettext_lazy("La personne a signé, ou donné son accord de vive voix."))
    field_order = ["channel", *CandidateFields.base_fields]

    def candidate_data(self) -> dict[str, Any]:
        names = {*CandidateFields.base_fields, "guardian_agreed_on"}
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("email") and not data.get("phone") and not data.get("address"):
            self.add_error("phone", _("Notez au moins un moyen de joindre cette personne."))
        return data


class CodeForm(StyledForm):
    code = text_field(
        gettext_lazy("Code reçu par courriel"),
        20,
        gettext_lazy("Six chiffres. Ils arrivent en quelques minutes, parfois dans les messages indésirables."),
        inputmode="numeric",
        autocomplete="one-time-code",
    )


class RejectForm(StepForm):
    ground = forms.ChoiceField(label=gettext_lazy("Motif"), choices=Ground.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [(value, label) for value, label in Ground.choices if value in self.row.call.excluded_grounds]
        self.fields["ground"].choices = grounds or Ground.choices
        self.initial.setdefault("ground", self.row.verdict_ground or None)


class ExcludeForm(StepForm):
    reason = forms.ChoiceField(label=gettext_lazy("Motif"), choices=ExclusionReason.choices, widget=forms.RadioSelect)


class MergeForm(StepForm):
    original = forms.ModelChoiceField(
        label=gettext_lazy("Candidature qui reste"),
        queryset=Candidate.objects.none(),
        empty_label=gettext_lazy("Choisir"),
        help_text=gettext_lazy("Celles qui ont la même date de naissance, et le même nom ou le même courriel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["original"]
        field.queryset = possible_duplicates(self.row)
        field.label_from_instance = lambda row: f"{row.reference}, {row.full_name}, {row.city}"


class GuardianForm(StepForm):
    """Form for the paper that a parent signed."""

    name = text_field(gettext_lazy("Prénom et nom du parent ou tuteur"), 160, is_name=True)
    on = PastDayField(label=gettext_lazy("Signée le"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("name", self.row.guardian_name)


class RenunciationForm(StepForm):
    """Form for a renunciation that somebody in the frozen list gave to the team."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Dit par la personne"),
        choices=[(value, RecordChannel(value).label) for value in (RecordChannel.PHONE, RecordChannel.PAPER)],
        initial=RecordChannel.PHONE,
        widget=forms.RadioSelect,
    )
    on = PastDayField(label=gettext_lazy("Le"))


class CandidatesConfirmForm(StyledForm):
    consent = forms.BooleanField(
        label=gettext_lazy("Ces personnes se sont portées candidates et connaissent le jour d’effacement.")
    )

    def clean(self) -> dict[str, Any]:
        """Return no data: the box is ticked, or the form is in error."""
        super().clean()
        return {}


class CandidateTextForm(StyledForm):
    """Form of what is written to candidates about their candidature."""

    text = text_box(gettext_lazy("Texte"), 4000, 8)


class SendCandidateTextForm(CandidateTextForm):
    """The same text on its way, with the hour at which it leaves."""

    send_at = forms.DateTimeField(
        label=gettext_lazy("Envoyer les courriels le"),
        required=False,
        help_text=gettext_lazy("Heure de Paris. Laissez vide pour envoyer tout de suite."),
    )
