"""Forms of the pack: one paper, several files, the description of each, the opening."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.files.archives import MAX_ENTRIES
from assembly.files.fields import ManyFilesInput, UploadField, accepted_suffixes
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm
from consultations.briefing.models import BriefingKind, LanguageLevel
from consultations.briefing.rules import ALL_KINDS, MAX_SIZE
from consultations.models import CHECKS, BriefingDeposit, BriefingDocument, Hearing, Referral

# The scoping note has its own button, which prints it from its text.
KINDS = [choice for choice in BriefingKind.choices if choice[0] != BriefingKind.SCOPING_NOTE]
TOGETHER = 50 * 1024 * 1024


def level_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Niveau de langue"),
        choices=LanguageLevel.choices,
        initial=LanguageLevel.STANDARD,
        widget=forms.RadioSelect,
        help_text=_("Facile à lire et à comprendre : selon les règles du FALC, relu par des personnes concernées."),
    )


def title_field() -> forms.CharField:
    return forms.CharField(label=_("Titre"), max_length=200, validators=[check_text])


def link_field(**kwargs: Any) -> forms.URLField:
    return forms.URLField(
        label=_("Adresse d’une page"),
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        error_messages={"invalid": _("Écrivez une adresse qui commence par https://.")},
        **kwargs,
    )


def file_field(label: Any, **kwargs: Any) -> UploadField:
    return UploadField(
        label=label,
        kinds=ALL_KINDS,
        max_size=MAX_SIZE,
        help_text=_("PDF, image, document, tableau ou présentation, 25 Mo au plus."),
        **kwargs,
    )


class FactsForm(StyledForm):
    """Base form of a paper: its description, and the checks of its accessibility."""

    title = title_field()
    summary = forms.CharField(
        label=_("En une phrase, ce qu’on y apprend"), max_length=300, required=False, validators=[check_text]
    )
    kind = forms.ChoiceField(label=_("Nature"), choices=KINDS, initial=BriefingKind.STUDY)
    source = forms.CharField(
        label=_("Source"), max_length=200, validators=[check_text], help_text=_("Qui l’a écrit ou publié.")
    )
    dated_on = forms.DateField(label=_("Daté du"), required=False)
    level = level_field()
    checks = forms.MultipleChoiceField(
        label=_("Ce que vous avez contrôlé"),
        choices=CHECKS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ce que nous voyons dans le fichier se coche tout seul."),
    )
    hearing = forms.ModelChoiceField(label=_("Remis lors de"), queryset=Hearing.objects.none(), required=False)
    is_public = forms.BooleanField(
        label=_("Le montrer sur le site public"),
        required=False,
        help_text=_("Une fois le dossier ouvert aux membres et la saisine publiée."),
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hearings = Hearing.objects.filter(referral=referral).order_by("starts_at")
        self.fields["hearing"].queryset = hearings  # type: ignore[attr-defined]  # -- a ModelChoiceField
        if not hearings.exists():
            del self.fields["hearing"]

    def facts(self) -> dict[str, Any]:
        """Return the values for the action."""
        left_out = {"file", "link"}
        values = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return values | {"checks": dict.fromkeys(self.cleaned_data["checks"], True)}


class FileOrLink(forms.Form):
    """Mixin for a file or a link: one of the two, never both."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"file", "link"} & set(self.errors):
            return data
        if bool(data.get("file")) == bool(data.get("link")):
            self.add_error("file", _("Donnez un fichier ou une adresse, l’un des deux."))
        return data


class AddForm(FileOrLink, FactsForm):
    """Form for a new paper: a file or a link, and its description."""

    field_order = ("file", "link", "title")
    file = file_field(_("Fichier"), required=False)
    link = link_field(required=False, help_text=_("À la place d’un fichier, par exemple une page de l’Insee."))


class BriefingChangeForm(FactsForm):
    """Form for the description of a paper; its link may change, a new file is a new version."""

    field_order = ("link", "title")
    link = link_field()

    def __init__(self, *args: Any, document: BriefingDocument, **kwargs: Any) -> None:
        super().__init__(*args, referral=document.pack.referral, **kwargs)
        if document.upload_id:
            del self.fields["link"]
        if document.kind == BriefingKind.SCOPING_NOTE:
            del self.fields["kind"]

    def facts(self) -> dict[str, Any]:
        link = {"link": self.cleaned_data["link"]} if "link" in self.cleaned_data else {}
        return super().facts() | link


class BriefingVersionForm(FileOrLink, StyledForm):
    """Form for a new version: a newer file, or a newer link."""

    file = file_field(_("Nouveau fichier"), required=False)
    link = link_field(required=False)


class BatchField(forms.FileField):
    """Field for several files; only their total size is checked here: the action checks each and reports on it."""

    widget = ManyFilesInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        kinds = f"{accepted_suffixes(ALL_KINDS)},.zip"
        return super().widget_attrs(widget) | {"accept": kinds, "multiple": True}

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [item for item in (data if isinstance(data, list | tuple) else [data]) if item]
        if not files:
            raise ValidationError(_("Choisissez un fichier."), code="required")
        if len(files) > MAX_ENTRIES or sum(file.size or 0 for file in files) > TOGETHER:
            raise ValidationError(_("C’est trop à la fois : 100 fichiers et 50 Mo au plus."), code="many")
        return files


class BatchForm(StyledForm):
    """Form for several files at once."""

    papers = BatchField(
        label=_("Fichiers"),
        help_text=_(
            "Choisissez plusieurs fichiers, ou une archive ZIP. 100 fichiers et 50 Mo au plus ; vous direz ensuite "
            "ce qu’est chacun."
        ),
    )


class CommonForm(StyledForm):
    """Form for what is true of all the files of a deposit."""

    source = forms.CharField(
        label=_("Source de ces fichiers"), max_length=200, validators=[check_text], help_text=_("Qui les a écrits.")
    )
    dated_on = forms.DateField(label=_("Datés du"), required=False)


class DepositForm(StyledForm):
    """Form for one row of a deposit."""

    keep = forms.BooleanField(label=_("Ajouter au dossier"), required=False, initial=True)
    title = title_field()
    kind = forms.ChoiceField(label=_("Nature"), choices=KINDS, initial=BriefingKind.STUDY)
    level = forms.ChoiceField(label=_("Niveau de langue"), choices=LanguageLevel.choices)

    def __init__(self, *args: Any, deposit: BriefingDeposit, **kwargs: Any) -> None:
        self.deposit = deposit
        kwargs.setdefault("initial", {"title": deposit.title, "keep": True})
        super().__init__(*args, prefix=f"f{deposit.pk}", **kwargs)

    def facts(self, common: dict[str, Any]) -> dict[str, Any] | None:
        """Return the values for the action, or None: the file is not wanted."""
        data = dict(self.cleaned_data)
        return data | common if data.pop("keep") else None


class IntroductionForm(StyledForm):
    introduction = forms.CharField(
        label=_("Présentation du dossier"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[check_text],
        help_text=_("Lue par les membres avant les documents. Dites par quoi commencer."),
    )


class ReleaseForm(StyledForm):
    """Form for the opening: now, or later."""

    when = forms.ChoiceField(
        label=_("Quand ?"),
        choices=[("now", _("Maintenant")), ("later", _("Plus tard, à la date choisie"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    moment = forms.DateTimeField(label=_("Date et heure d’ouverture"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == "later" and "moment" not in self.errors:
            moment = data.get("moment")
            if moment is None:
                self.add_error("moment", _("Écrivez la date et l’heure d’ouverture."))
            elif moment <= timezone.now():
                self.add_error("moment", _("Choisissez un moment à venir."))
        return data


class RemoveForm(StyledForm):
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=300,
        validators=[check_text],
        help_text=_("Gardé dans l’historique, lu par l’équipe."),
    )
