"""Forms about members. They clean and never write: `cleaned_data` goes to the action."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import ContactChannel
from assembly.identity.names import PersonNameField
from assembly.institution.models import Canton, Term
from assembly.institution.queries import canton_choices
from assembly.institution.rules import is_lead
from assembly.text.french import format_date
from assembly.text.numbers import WholeNumberField
from assembly.web.forms import SEARCHABLE, ListFilter, StyledForm, text_box
from assembly.workflow import StepForm
from members import rules
from members.consents.queries import image_answers
from members.enums import Civility, EndReason, Gender, ImageUse, MandateState, NeedKind, RecordChannel
from members.mandates.queries import vacant_seats
from members.models import Mandate, Member, Seat
from members.rules import check_not_in_future, is_past_cutoff

NOTED_CHANNELS = [(value, label) for value, label in RecordChannel.choices if value != RecordChannel.ONLINE]


class DayField(forms.DateField):
    default_error_messages = {"invalid": _("Écrivez une date, par exemple 27/06/2026.")}


class PastDayField(DayField):
    """Day that has come, today included."""

    default_validators = [check_not_in_future]


class SearchFilter(ListFilter):
    def active_filters(self) -> dict[str, Any]:
        """Return the valid filters, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class PublicSearch(SearchFilter):
    """Filters of the members' own directory: by first name and canton."""

    q = forms.CharField(
        label=_("Chercher un prénom"), required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    canton = forms.TypedChoiceField(
        label=_("Canton"), coerce=int, required=False, widget=forms.Select(attrs=SEARCHABLE)
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["canton"].choices = [("", _("Tous les cantons")), *canton_choices(term.assembly_id)]


class StepDateForm(StyledForm):
    """Form for the day on which a step of a mandate took place."""

    on = PastDayField(label=_("Date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)


class MandateDayForm(StepDateForm, StepForm):
    """Form for the day of a step, on its page."""


class EndForm(MandateDayForm):
    on = PastDayField(label=_("Le membre ne siège plus à partir du"))
    reason = forms.ChoiceField(label=_("Motif"), widget=forms.RadioSelect, choices=EndReason.choices)
    detail = forms.CharField(
        label=_("Précision pour le journal"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Par exemple « lettre du 8 juin ». N’écrivez rien sur la santé."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "on", "detail"])
        lead = is_lead(self.user, self.row.term_id)
        hidden = {EndReason.ERASED, EndReason.ABSENCES} | (set() if lead else {EndReason.EXCLUDED})
        self.fields["reason"].choices = [(value, text) for value, text in EndReason.choices if value not in hidden]
        text = _("L’exclusion relève de la responsable, les absences répétées de leur procédure.")
        self.fields["reason"].help_text = text


class ContactFields(StyledForm):
    """Fields to reach somebody."""

    channel = forms.ChoiceField(label=_("Moyen de contact"), widget=forms.RadioSelect, choices=ContactChannel.choices)
    email = forms.EmailField(label=_("Adresse électronique"), required=False, max_length=254)
    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=30)
    address = forms.CharField(
        label=_("Adresse postale"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.RegexField(
        label=_("Code postal"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": _("Écrivez cinq chiffres, par exemple 31000.")},
    )
    city = forms.CharField(label=_("Commune"), required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("channel") == ContactChannel.EMAIL and not self.has_email(data) and "email" not in self.errors:
            field = "email" if "email" in self.fields else "channel"
            self.add_error(field, _("Donnez une adresse électronique, ou choisissez le courrier postal."))
        if data.get("channel") == ContactChannel.PAPER and not (data.get("address") and data.get("city")):
            self.add_error("address", _("Donnez une adresse et une commune : les courriers partiront là."))
        return data

    def has_email(self, data: dict[str, Any]) -> bool:
        return bool(data.get("email"))


NAMES = ("first_name", "last_name")
CONTACT = ("channel", "email", "phone", "address", "postcode", "city")
MEMBER = ("civility", "gender", "birth_year", "canton")


class MyContactForm(ContactFields):
    """Form for what a member changes alone; the e-mail address is also the sign-in, so the team changes it."""

    email = None  # type: ignore[assignment]  # -- Django's way to leave out an inherited field

    def __init__(self, *args: Any, account_email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_email = account_email

    def has_email(self, data: dict[str, Any]) -> bool:
        return bool(self.account_email)


class NameForm(StyledForm):
    first_name = PersonNameField(label=_("Prénom"), max_length=80)
    last_name = PersonNameField(label=_("Nom"), max_length=80)


class MemberForm(NameForm, ContactFields):
    """Form for everything that the team may correct."""

    civility = forms.ChoiceField(
        label=_("Civilité"), required=False, choices=[("", _("Non précisée")), *Civility.choices]
    )
    gender = forms.ChoiceField(label=_("Genre"), choices=Gender.choices)
    birth_year = WholeNumberField(label=_("Année de naissance"), required=False, min_value=1900, max_value=2020)
    canton = forms.ModelChoiceField(label=_("Canton"), queryset=Canton.objects.none(), empty_label=_("Choisir"))
    field_order = ["civility", *NAMES, "gender", "birth_year", "canton", *CONTACT]

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["canton"].queryset = Canton.objects.filter(assembly=term.assembly_id)

    def split(self) -> dict[str, Any]:
        """Return the fields of the `person` and those of the `member`."""
        fields = {"person": (*NAMES, *CONTACT), "member": MEMBER}
        return {row: {name: self.cleaned_data[name] for name in names} for row, names in fields.items()}


class CorrectionForm(MemberForm):
    """Form for a correction. `received`: how it reached the team."""

    received = forms.ChoiceField(label=_("Comment la correction nous est parvenue"), choices=NOTED_CHANNELS)


class SeatField(forms.ModelChoiceField):
    """Field of seats labelled by canton and code."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.canton.name}, {obj.code}"


def late_reason(term: Term, user: Any) -> dict[str, forms.Field]:
    """Return the field of the reason for a late replacement, for the lead in the last months of a term; else none."""
    if not is_past_cutoff(term) or not is_lead(user, term):
        return {}
    label, help_text = _("Motif du remplacement tardif"), _("La mandature finit bientôt. Ce motif reste au journal.")
    return {"late_reason": text_box(label, 500, 3, help_text, required=False)}


class NewMemberForm(MemberForm):
    """Form for a member added by hand, with the seat that is proposed; no seat makes an alternate."""

    seat = SeatField(
        label=_("Siège proposé"),
        queryset=Seat.objects.none(),
        required=False,
        empty_label=_("Aucun : suppléant·e"),
    )
    answer_deadline = DayField(label=_("Réponse attendue avant le"), required=False)

    def __init__(self, *args: Any, term: Term, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, term=term, **kwargs)
        self.fields["seat"].queryset = vacant_seats(term)
        self.fields.update(late_reason(term, user))


class SeatForm(StyledForm):
    """Form for the vacant seat of an alternate: only those of the same canton and gender are offered."""

    def __init__(self, *args: Any, mandate: Mandate, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats: QuerySet[Seat] = vacant_seats(mandate.term_id, mandate.member.canton_id)
        seats = seats.filter(gender__in=[mandate.member.gender, "X"])
        self.fields["seat"] = SeatField(queryset=seats, label=_("Siège vacant"), empty_label=_("Choisir"))
        self.fields.update(late_reason(mandate.term, user))


class SeatsForm(StyledForm):
    """Form for the number of seats of each canton."""

    women = WholeNumberField(label=_("Femmes par canton"), min_value=0, max_value=20, initial=2)
    men = WholeNumberField(label=_("Hommes par canton"), min_value=0, max_value=20, initial=2)
    unconditional = WholeNumberField(
        label=_("Sièges sans condition de genre, par canton"), min_value=0, max_value=20, initial=0
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not sum(data[name] for name in ("women", "men", "unconditional")):
            raise ValidationError(_("Écrivez au moins un siège par canton."))
        return data


class ReceivedForm(StepDateForm):
    """Form for what reached the team by paper or telephone, and when."""

    on = PastDayField(label=_("Date du papier ou de l’appel"))
    received = forms.ChoiceField(
        label=_("Par quel moyen"),
        widget=forms.RadioSelect,
        choices=NOTED_CHANNELS,
    )


class ImageFields(StyledForm):
    """Fields with one question per use; no answer leaves the former one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for use, label in ImageUse.choices:
            self.fields[use] = forms.ChoiceField(
                label=f"{label[:1].upper()}{label[1:]}",
                widget=forms.RadioSelect,
                required=False,
                choices=[("oui", _("Oui")), ("non", _("Non"))],
            )

    def answers(self) -> dict[str, bool]:
        return {use: self.cleaned_data[use] == "oui" for use in ImageUse.values if self.cleaned_data.get(use)}


def image_initial(member: Member) -> dict[str, str]:
    """Return the answers in force."""
    return {use: "oui" if row.is_given else "non" for use, row in image_answers(member).items() if row}


class ImageReceivedForm(ImageFields, ReceivedForm):
    """Form for answers on the use of the image, from paper or telephone."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(use) for use in ImageUse.values):
            raise ValidationError(_("Notez au moins une réponse."))
        return data


class NeedForm(StyledForm):
    kind = forms.ChoiceField(label=_("Ce qu’il faut prévoir"), choices=NeedKind.choices)
    measure = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=200,
        help_text=_("Par exemple « deux enfants ». N’écrivez ni maladie, ni handicap : nous n’en avons pas besoin."),
    )


class NeedReceivedForm(NeedForm):
    received = forms.ChoiceField(label=_("Par quel moyen"), choices=NOTED_CHANNELS)


class StayInTouchForm(StyledForm):
    """Form for a separate question: nothing is ticked beforehand."""

    agrees = forms.TypedChoiceField(
        label=_("Rester en contact après le mandat"),
        choices=[("oui", _("Oui, écrivez-moi")), ("non", _("Non"))],
        coerce=lambda answer: answer == "oui",
        widget=forms.RadioSelect,
    )


class StayInTouchReceivedForm(StayInTouchForm):
    received = forms.ChoiceField(label=_("Par quel moyen"), choices=NOTED_CHANNELS)


class CharterForm(StyledForm):
    text = forms.CharField(label=_("Texte de la charte"), max_length=20000, widget=forms.Textarea(attrs={"rows": 14}))
    in_force_on = DayField(label=_("En vigueur à partir du"))


class CharterAcceptForm(StyledForm):
    accept = forms.BooleanField(label=_("J’ai lu la charte et je l’accepte."))


class PersonForm(NameForm, ContactFields):
    """Form for somebody without account: elected, agent, expert, guest."""

    capacity = forms.CharField(
        label=_("Qualité"),
        required=False,
        max_length=160,
        help_text=_("Par exemple « directrice de l’Autonomie » ou « conseiller départemental »."),
    )
    field_order = [*NAMES, "capacity", *CONTACT]


class ImportConfirmForm(StyledForm):
    """Form for the state of the new mandates."""

    state = forms.ChoiceField(
        label=_("Les nouveaux mandats sont"),
        widget=forms.RadioSelect,
        initial=MandateState.PROPOSED,
        choices=[
            (MandateState.PROPOSED, _("proposés : l’équipe attend l’accord de chaque personne")),
            (MandateState.ACCEPTED, _("déjà acceptés")),
            (MandateState.ACTIVE, _("déjà en cours : les personnes siègent")),
        ],
    )
    on = PastDayField(
        label=_("Depuis le"), required=False, help_text=_("Pour des mandats acceptés ou en cours. Vide : aujourd’hui.")
    )


def late_warning(term: Term) -> str:
    """Return the warning on the page of a seat in the last months of a term; empty before."""
    if not rules.is_past_cutoff(term):
        return ""
    return gettext("Depuis le %(day)s, un remplacement demande une décision de la responsable, avec son motif.") % {
        "day": format_date(rules.replacement_cutoff(term))
    }
