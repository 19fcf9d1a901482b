"""Parts of forms that several features use: the confirmation of empty passages, the choice of a recommendation."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.collab.models import SharedText
from assembly.collab.queries import tree_of
from assembly.web.forms import StyledForm
from opinions.models import Recommendation
from opinions.versions.rules import Blank, blanks


class BlanksMixin(StyledForm):
    """One box to tick, present only when something is empty in the texts that the step carries on."""

    blanks: list[Blank]
    empty: int

    def ask_about(self, texts: Iterable[SharedText | None]) -> None:
        """List what is empty in these texts; called last, so that the box is below the other fields."""
        self.blanks = [blank for text in texts if text is not None for blank in blanks(tree_of(text))]
        self.empty = sum(len(blank.missing) for blank in self.blanks)
        if self.blanks:
            self.fields["blanks_seen"] = forms.BooleanField(
                label=_("J’ai vu ce qui manque, je continue"),
                error_messages={"required": _("Cochez la case pour continuer avec ces passages vides.")},
            )

    def clean(self) -> dict[str, Any]:
        """Return what was filled in, without the box, which no step takes."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data.pop("blanks_seen", None)
        return data


class RecommendationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Recommendation) -> str:
        return f"{obj.number}. {obj.title}"
