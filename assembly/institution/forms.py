"""Forms of the institution: they validate and lay out, the actions write."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from assembly.audit.models import Entry
from assembly.audit.registry import event_types
from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE, redraw_picture
from assembly.identity.fields import PersonField
from assembly.identity.models import Person, User
from assembly.identity.names import PersonNameField
from assembly.institution import codes, colours
from assembly.institution.models import (
    DIRECTORATE_ROLES,
    Assembly,
    Canton,
    CommitteeFunction,
    CommitteeKind,
    Directorate,
    Role,
    Term,
)
from assembly.text.french import sort_choices
from assembly.text.numbers import WholeNumberField, number_form_field
from assembly.web.forms import ListFilter, StyledForm, check_article


class RoleForm(StyledForm):
    """Form for a role, and for its directorate when it is a role of directorates."""

    role = forms.TypedChoiceField(label=_("Rôle"), choices=Role, coerce=Role)
    directorate = forms.ModelChoiceField(
        label=_("Direction"),
        queryset=Directorate.objects.none(),
        required=False,
        help_text=_("Seulement pour un rôle dans une direction."),
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Directorate.objects.filter(assembly_id=term.assembly_id, closed_on=None)
        self.fields["directorate"].queryset = open_ones  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") in DIRECTORATE_ROLES and not cleaned.get("directorate"):
            self.add_error("directorate", _("Choisissez la direction de cette personne."))
        if cleaned.get("role") not in DIRECTORATE_ROLES:
            cleaned["directorate"] = None
        return cleaned


class InvitationForm(RoleForm):
    """Form for an invitation of a person to a role. Without an address the invitation is a letter."""

    first_name = PersonNameField(label=_("Prénom"), max_length=80)
    last_name = PersonNameField(label=_("Nom"), max_length=80)
    capacity = forms.CharField(
        label=_("Qualité"), max_length=160, required=False, help_text=_("Par exemple : « directrice de l’Autonomie ».")
    )
    email = forms.EmailField(
        label=_("Adresse électronique"),
        required=False,
        help_text=_("Laissez vide pour une lettre : vous l’imprimez avec son code."),
    )
    field_order = ("first_name", "last_name", "capacity", "email", "role", "directorate")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email=email).exists():
            raise ValidationError(
                _("Cette personne a déjà un accès. Ouvrez sa page dans la liste pour lui donner ce rôle.")
            )
        return email


class AcceptanceForm(StyledForm):
    """Form for a person invited by letter: the address to which sign-in codes will be sent."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("C’est là que vous recevrez vos codes pour entrer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LetterCodeForm(StyledForm):
    """Form for the code printed in the letter."""

    code = forms.CharField(
        label=_("Code de la lettre"),
        max_length=40,
        help_text=_("Seize lettres et chiffres. Les tirets et les minuscules ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def digest(self) -> str:
        return codes.code_digest(self.cleaned_data["code"])


class SuspensionForm(StyledForm):
    """Form for the reason of a suspension, shown in the journal to the leads and the data protection officer."""

    reason = forms.CharField(
        label=_("Raison"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandoverForm(StyledForm):
    """Form for the colleague who takes the open dossiers."""

    to = forms.ModelChoiceField(label=_("Passer à"), queryset=User.objects.none())

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]  # -- a ModelChoiceField
        self.fields["to"].label_from_instance = lambda user: user.person.full_name  # type: ignore[attr-defined]  # -- same


class JournalFilter(StyledForm, ListFilter):
    """Filters of the journal: a type of event, an author, days. All of them are in the address."""

    geste = forms.ChoiceField(label=_("Action"), required=False)
    auteur = forms.CharField(label=_("Auteur"), required=False, max_length=80)
    du = forms.DateField(label=_("Du"), required=False)
    au = forms.DateField(label=_("Au"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sort_choices((event_type, str(label).capitalize()) for event_type, label in event_types.items())
        self.fields["geste"].choices = [("", _("Tous")), *choices]  # type: ignore[attr-defined]  # -- a ChoiceField

    def narrowed(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the filtered rows; an invalid filter is ignored."""
        self.is_valid()
        facts = self.cleaned_data
        if event_type := facts.get("geste"):
            rows = rows.filter(event_type=event_type)
        if name := facts.get("auteur"):
            conditions = [Q(first_name__icontains=word) | Q(last_name__icontains=word) for word in name.split()]
            authors = Person.objects.filter(*conditions, anonymised_at=None)
            rows = rows.filter(actor__in=authors.values("pseudonym"))
        if day := facts.get("du"):
            rows = rows.filter(at__date__gte=day)
        if day := facts.get("au"):
            rows = rows.filter(at__date__lte=day)
        return rows


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # noqa: S101 -- narrows the type: settings are plain columns
    return field


def _fields_of(model: type[models.Model], names: Iterable[str]) -> dict[str, forms.Field]:
    """Return form fields of a model with its labels, limits and validators (no ModelForm: it would write)."""
    form_fields = {}
    for source in (_field(model, name) for name in names):
        if (field := number_form_field(source)) is not None:
            field.validators += [check for check in source.validators if check not in field.validators]
            form_fields[source.name] = field
    return form_fields


class SettingsForm(StyledForm):
    """Base of the settings: `fields` of `model`, filled with the present values."""

    model: type[models.Model]
    names: tuple[str, ...]

    def __init__(self, *args: Any, thing: models.Model, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(thing, name) for name in self.names}
        self.base_fields = _fields_of(self.model, self.names)  # type: ignore[misc]  # -- read by the next line only
        super().__init__(*args, **kwargs)


class AssemblySettingsForm(SettingsForm):
    """Form for the name, colours, sender and contacts of the assembly."""

    model = Assembly
    names = (
        "name",
        "authority_name",
        "siren",
        "colour_main",
        "colour_second",
        "sender_name",
        "sender_email",
        "reply_email",
        "contact_phone",
        "postal_address",
        "dpo_contact",
        "plans_workload",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "authority_name"):
            self.fields[name].validators.append(check_article)
        for name in ("colour_main", "colour_second"):
            self.fields[name].widget.attrs |= colours.picker_attributes(str(self.fields[name].label))
            self.fields[name].help_text = _("Un dièse et six signes : #4B2A7B.")

    def clean_sender_name(self) -> str:
        name = self.cleaned_data["sender_name"]
        if any(not sign.isprintable() or sign in '<>"' for sign in name):
            raise ValidationError(_("Écrivez un nom sans guillemets ni signes spéciaux."))
        return name

    def clean_siren(self) -> str:
        siren = "".join(self.cleaned_data["siren"].split())
        if siren and not (len(siren) == 9 and siren.isdigit()):
            raise ValidationError(_("Un SIREN a neuf chiffres."))
        return siren

    def _readable(self, name: str) -> str:
        colour = self.cleaned_data[name].upper()
        if not colours.is_readable(colour):
            ratio = f"{colours.worst_contrast(colour):.1f}".replace(".", ",")
            raise ValidationError(
                _("Cette couleur se lit mal sur le papier du site : contraste %(found)s, il faut au moins 4,5."),
                params={"found": ratio},
            )
        return colour

    def clean_colour_main(self) -> str:
        return self._readable("colour_main")

    def clean_colour_second(self) -> str:
        return self._readable("colour_second")


class TermSettingsForm(SettingsForm):
    """Form for the delays, quorum, majority, retention, dates and name of a term."""

    model = Term
    names = (
        "name",
        "starts_on",
        "ends_on",
        "seats",
        "decision_reference",
        "opinion_label",
        "notice_days",
        "papers_days",
        "correction_days",
        "minutes_days",
        "answer_days",
        "follow_up_months",
        "invitation_days",
        "quorum_rule",
        "quorum_percent",
        "no_quorum_rule",
        "quorum_source",
        "majority_rule",
        "has_casting_vote",
        "absence_alert",
        "replacement_cutoff_months",
        "logistics_retention_months",
        "notes_retention_months",
        "tasks_retention_months",
        "candidates_retention_months",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quorum_source"].help_text = _(
            "Par exemple «\u00a0article 12 du règlement intérieur\u00a0». "
            "Il est cité quand une séance décide sans quorum."
        )
        self.fields["absence_alert"].help_text = _("Plénières manquées de suite. Zéro coupe l’alerte.")
        self.fields["tasks_retention_months"].help_text = _(
            "Une note se clôt avec la mandature, une tâche quand elle est faite."
        )
        self.fields["replacement_cutoff_months"].help_text = _("La responsable en décide alors, avec un motif.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("La fin doit venir après le début."))
        return cleaned


class LogoForm(StyledForm):
    """Form for the logo, redrawn by the upload check; no file removes it."""

    logo = UploadField(
        label=_("Logo"),
        kinds=("image",),
        max_size=2 * MEGABYTE,
        required=False,
        help_text=_("PNG, JPEG ou WebP, 2 Mo au plus. Sans fichier, le logo dessiné du site revient."),
    )

    def png(self) -> bytes | None:
        """Return the picture as PNG, at most 600 by 240 pixels."""
        checked = self.cleaned_data["logo"]
        return redraw_picture(checked.content, 600, 240, as_png=True)[1] if checked else None


class NewTermForm(StyledForm):
    """Form for a future term."""

    number = WholeNumberField(label=_("Numéro"), min_value=1, max_value=999)
    name = forms.CharField(label=_("Nom"), max_length=120)
    starts_on = forms.DateField(label=_("Début"))
    ends_on = forms.DateField(label=_("Fin"))
    seats = WholeNumberField(label=_("Sièges"), min_value=1, max_value=2000, initial=108)


class CommitteeForm(StyledForm):
    """Form for a body smaller than the plenary."""

    name = forms.CharField(label=_("Nom"), max_length=160)
    kind = forms.ChoiceField(label=_("Type"), choices=CommitteeKind)
    purpose = forms.CharField(label=_("Objet"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}))
    opened_on = forms.DateField(label=_("Créé le"), initial=timezone.localdate)
    cantons = forms.ModelMultipleChoiceField(
        label=_("Cantons"),
        queryset=Canton.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Seulement pour un groupe qui travaille sur un territoire."),
    )

    def __init__(self, *args: Any, term: Term, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cantons"].queryset = Canton.objects.filter(assembly_id=term.assembly_id)  # type: ignore[attr-defined]  # -- a ModelChoiceField
        if not new:
            del self.fields["opened_on"]


class DayForm(StyledForm):
    """Form for one day: the last one of a seat, the closing of a body."""

    on = forms.DateField(label=_("Dernier jour"), initial=timezone.localdate)


class MembershipForm(StyledForm):
    """Form for a seat in a committee: the person, the function, the first day."""

    person = PersonField(label=_("Personne"), queryset=Person.objects.none(), empty_label=_("Choisir une personne"))
    function = forms.ChoiceField(label=_("Fonction"), choices=CommitteeFunction)
    starts_on = forms.DateField(label=_("À partir du"), initial=timezone.localdate)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # -- a ModelChoiceField


class CantonForm(StyledForm):
    """Form for a canton; `own`: the one that is changed. Its number names it, its name is nobody else's."""

    number = WholeNumberField(label=_("Numéro"), min_value=1, max_value=999)
    name = forms.CharField(label=_("Canton"), max_length=80)
    seat_commune = forms.CharField(label=_("Bureau centralisateur"), max_length=80, required=False)
    insee_code = forms.RegexField(
        label=_("Code INSEE"),
        regex=r"^\d[\dAB]\d{3}$",
        required=False,
        error_messages={"invalid": _("Écrivez cinq signes, par exemple 31395.")},
    )
    postcode = forms.RegexField(
        label=_("Code postal"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": _("Écrivez cinq chiffres, par exemple 31000.")},
    )
    kind = forms.CharField(label=_("Territoire"), max_length=40, required=False)

    def __init__(self, *args: Any, term: Term, own: Canton | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cantons = Canton.objects.filter(assembly=term.assembly_id)
        self.others = cantons.exclude(pk=own.pk) if own else cantons

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not slugify(name):
            raise ValidationError(_("Écrivez un nom avec des lettres."))
        if self.others.filter(slug=slugify(name)[:50]).exists():
            raise ValidationError(_("Un autre canton porte ce nom."))
        return name


class DirectorateForm(StyledForm):
    name = forms.CharField(label=_("Nom"), max_length=160, validators=[check_article])
    code = forms.SlugField(label=_("Sigle"), max_length=20, help_text=_("Lettres, chiffres, tirets : « autonomie »."))


class DirectorateNameForm(StyledForm):
    name = forms.CharField(label=_("Nom"), max_length=160, validators=[check_article])


class DirectorateCloseForm(StyledForm):
    """Form for the closing of a directorate: the day, and the successor that takes what it still owes."""

    on = forms.DateField(label=_("Close le"), initial=timezone.localdate)
    successor = forms.ModelChoiceField(
        label=_("Direction qui reprend"), queryset=Directorate.objects.none(), required=False
    )

    def __init__(self, *args: Any, others: QuerySet[Directorate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]  # -- a ModelChoiceField


class ErasureNoteForm(StyledForm):
    statement = forms.CharField(
        label=_("Comment la demande est arrivée"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Par lettre du…, par téléphone le…"),
    )


class ErasureAnswerForm(StyledForm):
    answer = forms.CharField(
        label=_("Pourquoi les données doivent rester"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("La personne lit cette réponse. Dites-lui aussi qu’elle peut saisir la CNIL."),
    )
