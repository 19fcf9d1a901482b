"""Forms of a message: its text, and its departure."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assembly.correspondence.models import BODY_LENGTH, SUBJECT_LENGTH, MessageFile, TeamMessage
from assembly.correspondence.queries import empty_fields
from assembly.correspondence.registry import PART, RecipientGroup
from assembly.correspondence.rules import ASK_PROOF_ABOVE, check_fields, labels_of_fields
from assembly.documents.models import Document
from assembly.files.fields import FilesField
from assembly.files.file_kinds import EVERYTHING
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box
from assembly.workflow.steps import StepForm


class TeamMessageForm(StyledForm):
    """Form of the text; `part` is offered where the group has parts, `version` proves what a change was made to."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    part = forms.ChoiceField(label=_("À qui"), required=False)
    title = forms.CharField(label=_("Objet"), max_length=SUBJECT_LENGTH, validators=[check_text])
    body = text_box(_("Texte"), BODY_LENGTH, 14)

    uploads = FilesField(
        label=_("Fichiers à joindre"), required=False, kinds=EVERYTHING, help_text=_("Déposés pour ce message.")
    )
    documents = forms.MultipleChoiceField(
        label=_("Documents de l’Assemblée"), required=False, widget=forms.CheckboxSelectMultiple
    )
    joined = forms.MultipleChoiceField(label=_("Déjà joints"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        group: RecipientGroup[Any],
        subject: Any,
        documents: Sequence[Document],
        files: Sequence[MessageFile] = (),
        is_new: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"]
        self.set_choices("documents", [(row.pk, f"{row.title} ({row.reference})") for row in documents])
        self.set_choices("joined", [(row.pk, row.name) for row in files])
        self.labels = labels_of_fields(group.fields)
        people, parts = group.people(subject), group.parts(subject)
        if not parts:
            del self.fields[PART]
            return
        counted = [(value, label, people.filter(condition).distinct().count()) for value, label, condition in parts]
        choices = [("", gettext("Toutes (%(n)s)") % {"n": people.distinct().count()})]
        self.fields[PART].choices = choices + [(value, f"{label} ({n})") for value, label, n in counted]  # type: ignore[attr-defined]  # -- a ChoiceField

    def set_choices(self, name: str, choices: list[tuple[int, str]]) -> None:
        """Set the choices of a field, or drop it without any."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # -- a MultipleChoiceField
        else:
            del self.fields[name]

    @property
    def placeholders(self) -> list[tuple[str, Any]]:
        """Return the fields that a text may hold, as they are typed, with their labels."""
        return [(f"{{{key}}}", label) for key, label in self.labels.items()]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        check_fields(title, self.labels)
        return title

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        check_fields(body, self.labels)
        return body


class SavedTextForm(StyledForm):
    name = forms.CharField(label=_("Nom du modèle"), max_length=80, validators=[check_text])


class SendForm(StepForm):
    """Form of the departure. `shown` proves what was read; each empty field of the text asks what stands for it."""

    is_for_many = False
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    send_at = forms.DateTimeField(
        label=_("Envoyer les courriels le"),
        required=False,
        help_text=_("Heure de Paris. Laissez vide pour envoyer tout de suite."),
    )

    def __init__(self, *args: Any, row: TeamMessage, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.empty = empty_fields(row)
        for empty in self.empty:
            self.fields[empty.control] = forms.CharField(
                label=gettext("À la place de {%(field)s}") % {"field": empty.key},
                max_length=120,
                validators=[check_text],
                error_messages={"required": gettext("Écrivez ce que liront ces personnes.")},
            )

    @property
    def questions(self) -> list[tuple[Any, forms.BoundField]]:
        """Return the empty fields, each with the control that asks what stands for it."""
        return [(empty, self[empty.control]) for empty in self.empty]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.row.count > ASK_PROOF_ABOVE and not self.is_for_many:
            raise forms.ValidationError(gettext("Ce message part à plus de personnes : relisez-le d’abord."))
        substitutes = {empty.key: data.get(empty.control, "") for empty in self.empty}
        return {"shown": data.get("shown", ""), "send_at": data.get("send_at"), "substitutes": substitutes}


class SendToManyForm(SendForm):
    """The same form for more people, after a recent proof of identity."""

    is_for_many = True
