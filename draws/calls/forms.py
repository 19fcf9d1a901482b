"""Forms of the back office about a call: its dates, an extension, the filters of its candidates."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from assembly.institution.models import Canton
from assembly.web.forms import StyledModelForm, text_box
from assembly.workflow import StepForm
from draws.calls.queries import has_ended
from draws.models import Call, Ground
from members.forms import DayField


class CallForm(StyledModelForm):
    """Form for everything that is fixed before the call opens."""

    excluded_grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Qui ne peut pas être candidat"),
        help_text=gettext_lazy("Le formulaire public pose ces questions, et l’examen connaît ces motifs."),
        choices=Ground.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Call
        fields = [
            "decision",
            "opens_on",
            "closes_on",
            "draw_on",
            "minimum_age",
            "excluded_grounds",
            "split_communes",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["draw_on"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes, draw = data.get("opens_on"), data.get("closes_on"), data.get("draw_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("La fin doit venir après le début."))
        elif closes and draw and draw <= closes:
            self.add_error("draw_on", _("Le tirage au sort vient après la fin de l’appel."))
        return data

    def _post_clean(self) -> None:
        """Do nothing, so that the row stays unchanged: the action writes what was typed."""


class ExtendForm(StepForm):
    canton = forms.ModelChoiceField(
        label=gettext_lazy("Où"),
        queryset=Canton.objects.none(),
        required=False,
        empty_label=gettext_lazy("Dans tous les cantons"),
    )
    closes_on = DayField(label=gettext_lazy("Jusqu’au"), help_text=gettext_lazy("Ce jour compris."))
    draw_on = DayField(
        label=gettext_lazy("Nouveau jour du tirage"),
        required=False,
        help_text=gettext_lazy("Seulement s’il change. Qui a déjà postulé garde le jour d’effacement annoncé."),
    )
    decision = forms.CharField(label=gettext_lazy("Référence de la décision"), max_length=120, required=False)
    reason = text_box(gettext_lazy("Pourquoi ?"), 1000, 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["canton"]
        field.queryset = Canton.objects.filter(assembly=self.row.term.assembly_id)


class CloseCallForm(StepForm):
    """Form to close a call: it requires a reason before the last day only."""

    reason = text_box(gettext_lazy("Pourquoi avant le dernier jour ?"), 1000, 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_ended(self.row):
            del self.fields["reason"]
