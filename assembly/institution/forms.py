"""Forms of the institution: they check and lay out, the actions write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.audit.models import Entry
from assembly.audit.registry import verbs
from assembly.identity.models import Person, User
from assembly.institution import codes
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.models import Directorate, Term
from assembly.ui.forms import HouseForm


class RoleForm(HouseForm):
    """A role, and the directorate it holds in when it is one of a directorate."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role)
    directorate = forms.ModelChoiceField(
        label=_("Direction"),
        queryset=Directorate.objects.none(),
        required=False,
        help_text=_("Seulement pour un rôle dans une direction."),
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Directorate.objects.filter(assembly_id=term.assembly_id, closed_on=None)
        self.fields["directorate"].queryset = open_ones  # type: ignore[attr-defined] -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") in DIRECTORATE_ROLES and not cleaned.get("directorate"):
            self.add_error("directorate", _("Choisissez la direction de cette personne."))
        if cleaned.get("role") not in DIRECTORATE_ROLES:
            cleaned["directorate"] = None
        return cleaned


class InvitationForm(RoleForm):
    """Who is invited, and to which role. Without an address the invitation is a letter."""

    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    last_name = forms.CharField(label=_("Nom"), max_length=80)
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

    def person(self) -> Person:
        """The person to invite: the one already known by this address and this name, else a new one, not saved."""
        facts = self.cleaned_data
        names = {"first_name": facts["first_name"].strip(), "last_name": facts["last_name"].strip()}
        known = (
            facts["email"]
            and Person.objects.filter(
                email__iexact=facts["email"],
                anonymised_at=None,
                **{f"{name}__iexact": value for name, value in names.items()},
            ).first()
        )
        return known or Person(
            **names,
            capacity=facts["capacity"],
            email=facts["email"],
            channel="email" if facts["email"] else "paper",
        )


class AcceptanceForm(HouseForm):
    """What a person invited by letter adds: the address at which codes will be sent."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("C’est là que vous recevrez vos codes pour entrer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LetterCodeForm(HouseForm):
    """The code printed in the letter."""

    code = forms.CharField(
        label=_("Code de la lettre"),
        max_length=40,
        help_text=_("Seize lettres et chiffres. Les tirets et les minuscules ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def digest(self) -> str:
        return codes.digest(self.cleaned_data["code"])


class SuspensionForm(HouseForm):
    """Why an access is closed: for the journal, read by the leads and the data protection officer."""

    reason = forms.CharField(
        label=_("Raison"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandoverForm(HouseForm):
    """Who takes the open files."""

    to = forms.ModelChoiceField(label=_("Passer à"), queryset=User.objects.none())

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined] -- a ModelChoiceField
        self.fields["to"].label_from_instance = lambda user: user.person.full_name  # type: ignore[attr-defined] -- same


class JournalFilter(HouseForm):
    """What the journal screen keeps: a family of gestures, an author, days. All of it lives in the address."""

    geste = forms.ChoiceField(label=_("Geste"), required=False)
    auteur = forms.CharField(label=_("Auteur"), required=False, max_length=80)
    du = forms.DateField(label=_("Du"), required=False)
    au = forms.DateField(label=_("Au"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(((verb, str(words).capitalize()) for verb, words in verbs.items()), key=lambda pair: pair[1])
        self.fields["geste"].choices = [("", _("Tous")), *choices]  # type: ignore[attr-defined] -- a ChoiceField

    def narrowed(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """`rows` with what the address asks; a word that makes no sense is left out."""
        self.is_valid()
        facts = self.cleaned_data
        if verb := facts.get("geste"):
            rows = rows.filter(verb=verb)
        if name := facts.get("auteur"):
            words = [Q(first_name__icontains=word) | Q(last_name__icontains=word) for word in name.split()]
            found = Person.objects.filter(*words, anonymised_at=None)
            rows = rows.filter(actor__in=found.values("pseudonym"))
        if day := facts.get("du"):
            rows = rows.filter(at__date__gte=day)
        if day := facts.get("au"):
            rows = rows.filter(at__date__lte=day)
        return rows
