"""Forms of the steps of an application."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.models import User
from assembly.text.numbers import NumberField
from assembly.text.printable import check_text
from assembly.web.forms import text_box, with_current
from assembly.workflow import StepForm
from consultations.referrals.forms import OfficerChoice
from mission.grants import deciding, rules
from mission.grants.enums import InterestKind
from mission.grants.models import ReaderInterest, SchemePiece

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
        self.initial["text"] = deciding.letter_of(self.row)


class SendDecisionForm(StepForm):
    """Form that sends a decision. `seen`: digest of what was read, so that nothing else is sent."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = deciding.fingerprint(self.row)


class AccountForm(StepForm):
    spent_amount = amount_field(gettext_lazy("Dépensé pour le projet, en euros"), digits=10, min_value=Decimal(0))
    account = text_box(gettext_lazy("Ce qui a été fait"), 3000, 5)
