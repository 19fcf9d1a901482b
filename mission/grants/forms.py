"""Forms of grants: schemes, applications, the public deposit, and the steps of an application."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.files.fields import CheckedFile, UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.models import User
from assembly.identity.names import PersonNameField
from assembly.text.french import format_number
from assembly.text.numbers import NumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, StyledModelForm, text_box, with_current
from assembly.workflow import StepForm
from consultations.referrals.forms import OfficerChoice
from mission.grants import mails, rules
from mission.grants.models import (
    GrantApplication,
    GrantDeposit,
    GrantScheme,
    GrantState,
    InterestKind,
    ReaderInterest,
    SchemePiece,
    SchemeState,
)
from mission.registers.forms import RegisterForm, RowLineForm

PIECE_KINDS = ("pdf", "image", "office")
PIECE_SIZE = 10 * MEGABYTE
MARKS = [(n, str(n)) for n in range(rules.BEST_MARK + 1)]


def amount_field(label: Any, *, digits: int = 9, **kwargs: Any) -> NumberField:
    return NumberField(label=label, max_digits=digits, decimal_places=2, **kwargs)


def day_gone(label: Any) -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate, validators=[is_not_to_come])


def is_not_to_come(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("Ce jour n’est pas encore venu."), code="future")


class AttachForm(StepForm):
    piece = forms.ModelChoiceField(
        label=gettext_lazy("Pièce"),
        queryset=SchemePiece.objects.none(),
        required=False,
        empty_label=gettext_lazy("Autre document"),
    )
    file = UploadField(label=gettext_lazy("Fichier"), kinds=PIECE_KINDS, max_size=PIECE_SIZE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pieces: Any = self.fields["piece"]
        pieces.queryset = SchemePiece.objects.filter(row=self.row.scheme_id).order_by("pk")


class MissingForm(StepForm):
    """Form of the one message about everything missing: computed, and whatever else is typed."""

    pieces = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui manque"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = text_box(gettext_lazy("Autre chose, une ligne chacune"), 1000, 3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = rules.missing_labels(self.row)
        self.fields["pieces"].choices = [(label, label) for label in labels]  # type: ignore[attr-defined]  # -- a choice field
        self.initial["pieces"] = labels
        if not labels:
            del self.fields["pieces"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        more = [line.strip() for line in data.get("more", "").splitlines() if line.strip()]
        asked = [*data.get("pieces", []), *more]
        if not asked and not self.errors:
            raise ValidationError(_("Dites au moins une chose qui manque."), code="more")
        return {"asked": asked}

    def consequences(self) -> list[str]:
        if self.row.contact_email:
            return [
                _("Un courriel part à %(address)s, avec un lien pour compléter.") % {"address": self.row.contact_email}
            ]
        return [_("Aucun courriel n’est connu : écrivez ou téléphonez à l’association.")]


class ReadersForm(StepForm):
    """Form of two readers of the scheme without a tie to the association. One who has given marks stays."""

    first = OfficerChoice(label=gettext_lazy("Première lecture"), queryset=User.objects.none())
    second = OfficerChoice(label=gettext_lazy("Seconde lecture"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tied = ReaderInterest.objects.filter(rules.same_association(self.row.siret, self.row.rna)).values("user")
        able = User.objects.filter(pk__in=self.row.scheme.readers.values("user")).exclude(pk__in=tied)
        for name in ("first", "second"):
            field: Any = self.fields[name]
            own = self.initial[name] = getattr(self.row, f"{name}_reader_id")
            field.queryset = with_current(able, own).select_related("person").order_by("person__sort_name", "pk")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first") and data.get("first") == data.get("second"):
            self.add_error("second", _("Choisissez une autre personne pour la seconde lecture."))
        return data


class InterestForm(StepForm):
    kind = forms.ChoiceField(label=gettext_lazy("Votre lien"), choices=InterestKind.choices, widget=forms.RadioSelect)


class ScoreForm(StepForm):
    """Form with one mark for each criterion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in self.row.scheme.criteria.order_by("pk"):
            self.fields[f"criterion-{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.label,
                help_text=_("De 0 à 5. Poids : %(weight)s.") % {"weight": criterion.weight},
                choices=MARKS,
                coerce=int,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if rules.has_interest(self.user.pk, self.row.siret, self.row.rna):
            raise ValidationError(
                _("Vous avez déclaré un lien avec cette association : vous ne la notez pas."), code="tie"
            )
        return data


class DiscussionForm(StepForm):
    discussion = text_box(gettext_lazy("Ce qui a été dit, et retenu"), 2000, 5)
    score = NumberField(
        label=gettext_lazy("Note retenue, sur 100"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )


class OpinionForm(StepForm):
    opinion = text_box(gettext_lazy("Avis"), 3000, 6)
    proposed_amount = amount_field(gettext_lazy("Montant proposé, en euros"), min_value=Decimal(0))

    def clean_proposed_amount(self) -> Decimal:
        return within_requested(self.row, self.cleaned_data["proposed_amount"])


class GrantVoteForm(StepForm):
    voted_amount = amount_field(gettext_lazy("Montant voté, en euros"), min_value=Decimal("0.01"))
    decided_on = day_gone(gettext_lazy("Voté le"))
    decision_reference = forms.CharField(
        label=gettext_lazy("Référence de la délibération"),
        max_length=80,
        validators=[check_text],  # type: ignore[list-item]  # -- its return value is not used
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["voted_amount"] = self.row.proposed_amount

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day < self.row.received_on:
            raise ValidationError(_("Le vote vient après la réception de la demande."), code="decided_on")
        return day

    def clean_voted_amount(self) -> Decimal:
        return within_requested(self.row, self.cleaned_data["voted_amount"])


def within_requested(row: Any, amount: Decimal) -> Decimal:
    if amount > row.requested:
        raise ValidationError(_("Le montant ne dépasse pas celui qui est demandé."), code="amount")
    return amount


class AgreementForm(StepForm):
    agreement_signed_on = day_gone(gettext_lazy("Signée le"))


class DecisionMailForm(StepForm):
    text = text_box(gettext_lazy("Le message"), 6000, 16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["text"] = mails.letter_of(self.row)


class SendDecisionForm(StepForm):
    """Form that sends a decision. `seen`: digest of what was read, so that nothing else is sent."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = mails.fingerprint(self.row)


class AccountForm(StepForm):
    spent_amount = amount_field(gettext_lazy("Dépensé pour le projet, en euros"), digits=10, min_value=Decimal(0))
    account = text_box(gettext_lazy("Ce qui a été fait"), 3000, 5)


FROZEN = ("opens_on", "least_amount", "most_amount", "discussion_gap", "publishes_all")
ASKED = (
    "name",
    "siret",
    "rna",
    "contact_name",
    "contact_phone",
    "project",
    "description",
    "starts_on",
    "ends_on",
    "cost",
    "requested",
    "other_funders",
    "has_committed",
)
REQUIRED = ("contact_name", "description", "has_committed")
OTHER = "piece-autre"
FILES_REFUSED = dict.fromkeys(("many", "bytes", "too_many_attempts"), OTHER)  # errors about all files together
LA_POSTE = "356000000"


class SchemeForm(RegisterForm):
    """Form of a scheme. Once published, its rules are locked; only the last day may change, to a later one."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and self.instance.state != SchemeState.DRAFT:
            for name in set(FROZEN) & set(self.changed_data):
                self.add_error(name, _("Le dispositif est publié : cette règle ne change plus."))
            last = data.get("closes_on")
            if last and last < self.initial["closes_on"]:
                self.add_error(
                    "closes_on", _("Le dispositif est publié : le dernier jour peut seulement être repoussé.")
                )
        return data


class SchemeLineForm(RowLineForm):
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.row.state != SchemeState.DRAFT:
            raise ValidationError(_("Le dispositif est publié : ses règles ne changent plus."), code="published")
        return data


class AssociationFields(forms.Form):
    """Fields shared by the team’s form and the public one; numbers may contain spaces."""

    siret = forms.CharField(
        label=gettext_lazy("Numéro SIRET"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("14 chiffres. Sans SIRET, donnez le numéro RNA."),
    )
    rna = forms.CharField(
        label=gettext_lazy("Numéro RNA"),
        max_length=14,
        required=False,
        help_text=gettext_lazy("W puis 9 chiffres : il est sur le récépissé de la préfecture."),
    )
    contact_name = PersonNameField(label=gettext_lazy("Personne à joindre"), max_length=120, required=False)

    def clean_siret(self) -> str:
        digits = re.sub(r"[\s.-]", "", self.cleaned_data["siret"])
        if digits and not (re.fullmatch(r"[0-9]{14}", digits) and is_siret(digits)):
            raise ValidationError(_("Ce numéro SIRET n’existe pas : recopiez ses 14 chiffres."), code="siret")
        return digits

    def clean_rna(self) -> str:
        number: str = re.sub(r"\s", "", self.cleaned_data["rna"]).upper()
        if number and not re.fullmatch(r"W[0-9A-Z][0-9]{8}", number):
            raise ValidationError(_("Le numéro RNA commence par W, suivi de 9 chiffres."), code="rna")
        return number


def check_numbers(form: forms.BaseForm) -> None:
    """Add an error to a form without SIRET and RNA number: one of them identifies the association."""
    data = form.cleaned_data
    if "siret" in data and "rna" in data and not data["siret"] and not data["rna"]:
        form.add_error("siret", _("Donnez le numéro SIRET ; sans SIRET, le numéro RNA."))


def is_siret(digits: str) -> bool:
    """Return whether the check digit is right; for places of La Poste, whether the sum of digits divides by 5."""
    return is_luhn(digits) or (digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0)


def is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if position % 2 else 1) for position, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def check_amount(form: forms.BaseForm, scheme: GrantScheme | None) -> None:
    amount = form.cleaned_data.get("requested")
    if scheme and amount and not scheme.least_amount <= amount <= scheme.most_amount:
        text = _("Ce dispositif va de %(least)s à %(most)s €.")
        form.add_error(
            "requested",
            text % {"least": format_number(scheme.least_amount), "most": format_number(scheme.most_amount)},
        )


class GrantForm(AssociationFields, RegisterForm):
    """Form of an application typed in by the team: from paper, also after the last day."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        scheme = data.get("scheme")
        if scheme and scheme.state == SchemeState.DRAFT:
            self.add_error("scheme", _("Ce dispositif n’est pas encore publié."))
        check_numbers(self)
        # The first SIRET of an association may still be added.
        stays = {"requested", "scheme", "siret" if self.initial.get("siret") else "rna"}
        if self.instance.pk and self.instance.voted_amount and stays & set(self.changed_data):
            raise ValidationError(
                _("La subvention est votée : association, dispositif et montant restent."), code="voted"
            )
        is_read = self.instance.state == GrantState.ASSESSMENT and not self.instance.opinion
        if self.instance.pk and is_read and {"siret", "rna"} <= data.keys():
            readers = [pk for pk, _has_read in self.instance.readers]
            tied = [pk for pk in readers if rules.has_interest(pk, data["siret"], data["rna"])]
            if tied:
                self.add_error("siret", _("Une des deux personnes qui lisent a un lien avec cette association."))
        check_amount(self, scheme)
        return data


class BeginForm(StyledForm):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"),
        max_length=254,
        validators=[check_text],
        help_text=gettext_lazy(
            "Nous y envoyons le lien de votre demande : vous pourrez la reprendre quand vous voulez."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class GrantDepositForm(AssociationFields, StyledModelForm):
    """Public form of an application: the fields of the association, and a file for each piece."""

    fields_by_code = FILES_REFUSED

    class Meta:
        model = GrantApplication
        fields: ClassVar[Any] = ASKED

    def __init__(self, *args: Any, deposit: GrantDeposit, **kwargs: Any) -> None:
        super().__init__(*args, initial=deposit.typed, **kwargs)
        self.deposit = deposit
        self.instance.assembly_id, self.instance.scheme = deposit.scheme.assembly_id, deposit.scheme
        for name in REQUIRED:
            self.fields[name].required = True
        for field in self.fields.values():
            if type(field) is forms.CharField:
                field.validators.append(check_text)  # type: ignore[arg-type]  # -- its return value is not used
        self.fields["has_committed"].label = _("L’association a souscrit le contrat d’engagement républicain.")
        self.order_fields(ASKED)
        self.pieces = add_pieces(self, deposit.scheme)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        check_numbers(self)
        check_amount(self, self.deposit.scheme)
        return data

    def validate_constraints(self) -> None:
        """Validate the constraints without those on the scheme: the team examines doubles."""
        try:
            self.instance.validate_constraints(exclude={*self._get_validation_exclusions(), "scheme"})
        except ValidationError as refused:
            self._update_errors(refused)  # type: ignore[attr-defined]  # -- a method of model forms

    def typed(self) -> dict[str, str]:
        """Return the raw text of each field."""
        return {name: str(self.data.get(name, "")) for name in ASKED}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ASKED}

    def good_files(self) -> list[tuple[SchemePiece | None, CheckedFile]]:
        return good_files(self, self.pieces)

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        parts = [
            (_("L’association"), ASKED[:3]),
            (_("Qui joindre"), ASKED[3:5]),
            (_("Le projet"), ASKED[5:9]),
            (_("L’argent"), ASKED[9:12]),
            (_("Engagement"), ASKED[12:]),
            (_("Les documents"), tuple(self.pieces)),
        ]
        return [(title, [self[name] for name in names]) for title, names in parts]


class PiecesForm(StyledForm):
    """Form of the documents alone, once the application is sent and something is missing."""

    fields_by_code = FILES_REFUSED

    def __init__(self, *args: Any, deposit: GrantDeposit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = add_pieces(self, deposit.scheme)

    def typed(self) -> dict[str, str]:
        return {}

    def good_files(self) -> list[tuple[SchemePiece | None, CheckedFile]]:
        return good_files(self, self.pieces)

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(_("Les documents"), [self[name] for name in self.pieces])]


def add_pieces(form: Any, scheme: GrantScheme) -> dict[str, SchemePiece | None]:
    """Add an optional file field for each piece: what the first sending does not contain is asked for later."""
    pieces: dict[str, SchemePiece | None] = {f"piece-{each.pk}": each for each in scheme.pieces.order_by("pk")}
    pieces[OTHER] = None
    rule = _("PDF, image ou document de bureau, 10 Mo au plus.")
    for name, piece in pieces.items():
        form.fields[name] = UploadField(
            label=piece.label if piece else _("Autre document"),
            kinds=PIECE_KINDS,
            max_size=PIECE_SIZE,
            required=False,
            help_text=_("Obligatoire. %(rule)s") % {"rule": rule} if piece and piece.is_required else rule,
        )
    return pieces


def good_files(form: Any, pieces: dict[str, SchemePiece | None]) -> list[tuple[SchemePiece | None, CheckedFile]]:
    files = [(piece, form.cleaned_data.get(name)) for name, piece in pieces.items()]
    return [(piece, file) for piece, file in files if isinstance(file, CheckedFile)]
