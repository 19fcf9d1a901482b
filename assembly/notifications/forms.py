"""Filters of the lists of mail, and the form of preferences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.notifications.registry import kinds
from assembly.text.alphabetical import sort_choices
from assembly.web.forms import ListFilter, StyledForm


class DistributionFilter(ListFilter):
    """Filter by words of the subject, and by the kind of message."""

    q = forms.CharField(label=_("Objet"), required=False, max_length=100)
    nature = forms.ChoiceField(label=_("Nature"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sort_choices((kind.kind, str(kind.label)) for kind in kinds.values())
        self.fields["nature"].choices = [("", _("Toutes")), *named]  # type: ignore[attr-defined]  # -- a ChoiceField

    @property
    def narrowing(self) -> dict[str, Any]:
        """Return the conditions for the list; an invalid filter is ignored."""
        if not self.is_valid():
            return {}
        asked = {"title__icontains": self.cleaned_data["q"], "kind": self.cleaned_data["nature"]}
        return {name: value for name, value in asked.items() if value}


class RecipientFilter(ListFilter):
    """Filter by a name or an address, in the mailbox of a developer's machine."""

    a = forms.CharField(label=_("Destinataire ou objet"), required=False, max_length=100)


class PreferenceForm(StyledForm):
    """Form for the one choice: optional mail, or notices on the site."""

    optional_mail = forms.BooleanField(
        label=_("Recevoir aussi les nouvelles et les rappels par courriel"),
        required=False,
        help_text=_("Les convocations, comptes rendus et documents officiels arrivent toujours."),
    )
