"""Forms in the sidebar and the versions of a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.collab.models import TextVersion
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm

DECISIONS = ("accept", "reject", "accept_all", "reject_all", "withdraw")


class SuggestionDecisionForm(StyledForm):
    """Form for the decision on one suggestion, or on all."""

    step = forms.ChoiceField(choices=[(step, step) for step in DECISIONS])
    id = forms.CharField(max_length=100, required=False)
    reason = forms.CharField(label=_("Motif"), max_length=1000, required=False, validators=[check_text])


class ThreadForm(StyledForm):
    """Form for a comment on a passage, on a recommendation or on the whole text."""

    body = forms.CharField(
        label=_("Votre commentaire"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
        help_text=_("Écrivez @ puis un nom pour prévenir quelqu’un."),
    )
    anchor = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    node_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)
    prefix = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)  # type: ignore[assignment]  # -- the text before the passage; Django's own prefix is set on the instance
    suffix = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    mentions = forms.TypedMultipleChoiceField(coerce=int, required=False, choices=())

    def __init__(self, *args: Any, readers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentions"].choices = [(user.pk, user.get_full_name()) for user in readers]


class ReplyForm(StyledForm):
    """Form for a step of a thread: name, text of a reply, assignee (`p12` a person, `d3` a directorate)."""

    step = forms.ChoiceField(choices=[(step, step) for step in ("reply", "assign", "take_back", "resolve", "reopen")])
    body = forms.CharField(max_length=4000, required=False, validators=[check_text])
    to = forms.RegexField(r"^[pd][0-9]{1,9}$", required=False)


class VersionNameForm(StyledForm):
    """Form for the name of a version."""

    label = forms.CharField(
        label=_("Nom de la version"), max_length=160, help_text=_("Par exemple : « avant la relecture du groupe ».")
    )


class CompareForm(StyledForm):
    """Form for two versions of one text."""

    old = forms.ModelChoiceField(TextVersion.objects.none(), label=_("De la version"), to_field_name="number")
    new = forms.ModelChoiceField(TextVersion.objects.none(), label=_("À la version"), to_field_name="number")

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            self.fields[name].queryset = versions
            self.fields[name].label_from_instance = lambda row: f"{row.number} – {row.label}"
