"""Forms of the table of recommendations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.text.printable import check_text
from assembly.web.forms import StyledForm
from opinions.forms import RecommendationChoice
from opinions.models import Recommendation
from opinions.versions.models import RecommendationState


class VersionForm(forms.Form):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WorkForm(VersionForm):
    """Two fields for each row, `theme-<pk>` and `priority-<pk>`, and the version that was read."""

    def __init__(self, *args: Any, rows: Sequence[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            theme = forms.CharField(
                label=_("Thème de « %(title)s »") % {"title": row.title},
                required=False,
                max_length=120,
                initial=row.theme,
                validators=[check_text],
            )
            self.fields[f"theme-{row.pk}"] = theme
            self.fields[f"priority-{row.pk}"] = forms.BooleanField(
                label=_("« %(title)s » est prioritaire") % {"title": row.title},
                required=False,
                initial=row.is_priority,
            )
        self.rows = rows

    def values(self) -> dict[int, dict[str, Any]]:
        """Return the values for the action, by recommendation."""
        data = self.cleaned_data
        return {
            row.pk: {"theme": data[f"theme-{row.pk}"], "is_priority": data[f"priority-{row.pk}"]} for row in self.rows
        }


class MergeForm(StyledForm):
    """Form for the recommendation that stays."""

    target = RecommendationChoice(
        label=_("Préconisation qui reste"), queryset=Recommendation.objects.none(), empty_label=_("Choisir")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, source: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Recommendation.objects.filter(opinion=source.opinion_id, state=RecommendationState.ACTIVE)
        self.fields["target"].queryset = rows.exclude(pk=source.pk).order_by("number")  # type: ignore[attr-defined]  # -- a ModelChoiceField
