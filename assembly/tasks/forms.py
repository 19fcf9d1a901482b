"""Forms of tasks: one line on any page, the whole task, and what its steps ask."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person
from assembly.tasks.models import Repeat, Task
from assembly.tasks.registry import other_owners
from assembly.tasks.rules import colleagues
from assembly.text.french import format_date
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, StyledModelForm, text_box, with_current
from assembly.workflow.steps import StepForm

TEAM = _("L’équipe")
NOBODY = _("Dites qui s’en charge.")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def check_day(day: date) -> None:
    """Raise ValidationError for a day that is a typing error."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Donnez un jour entre 2000 et 2099."), code="day")


class TaskLineForm(forms.Form):
    """One line, and the page on which it is written: its address, and its object as « app.Model:key »."""

    line = forms.CharField(
        max_length=400, validators=[check_text], error_messages={"required": _("Écrivez ce qu’il y a à faire.")}
    )
    page = forms.CharField(required=False)
    subject = forms.CharField(required=False)


class TaskForm(StyledModelForm):
    """The whole task; of one that a sitting decided, what its minutes say."""

    text = forms.CharField(label=_("À faire"), max_length=400, validators=[check_text])
    owner = PersonField(label=_("Qui s’en charge"), queryset=Person.objects.none(), required=False, empty_label=TEAM)
    owner_text = forms.CharField(
        label=_("Ou, en toutes lettres"),
        max_length=160,
        required=False,
        validators=[check_text],
        help_text=_("Par exemple « Direction de l’Autonomie »."),
    )
    due_on = forms.DateField(label=_("Pour le"), required=False, validators=[check_day])
    note = text_box(_("Précisions"), 2000, 3, required=False)

    class Meta:
        model = Task
        fields = ("text", "owner", "owner_text", "due_on", "repeat", "note")
        help_texts = {"repeat": _("Une fois faite, la tâche revient pour le jour suivant.")}

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        self.initial["version"] = task.version
        self.fields["owner"].queryset = with_current(colleagues(task.term_id) | other_owners(task), task.owner_id)
        self.fields["repeat"].choices = [("", _("Non")), *Repeat.choices]
        if task.is_decided:
            self.fields["owner"].empty_label = _("Quelqu’un d’autre")
        unused = ["repeat", "note"] if task.is_decided else ["owner_text"]
        for name in unused if task.pk else [*unused, "version"]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("repeat") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Pour qu’une tâche se répète, donnez son premier jour."))
        if self.instance.is_decided and not data.get("owner") and not data.get("owner_text"):
            self.add_error("owner_text", NOBODY)
        return data


class OwnerForm(StepForm):
    owner = PersonField(label=_("À qui"), queryset=Person.objects.none(), required=False, empty_label=TEAM)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(self.row.term_id)
        if self.row.is_decided:
            self.fields["owner"].empty_label, self.fields["owner"].required = None, True


class PutOffForm(StepForm):
    """A new day: a usual one, or any other."""

    until = forms.ChoiceField(label=_("Jusqu’à quand"), widget=forms.RadioSelect)
    due_on = forms.DateField(label=_("Un autre jour"), required=False, validators=[check_day])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.days = {
            "demain": (_("Demain"), today + timedelta(days=1)),
            "lundi": (_("Lundi prochain"), today + timedelta(days=7 - today.weekday())),
            "semaine": (_("Dans une semaine"), today + timedelta(weeks=1)),
        }
        usual = [(key, f"{label}, {format_date(day, weekday=False)}") for key, (label, day) in self.days.items()]
        self.fields["until"].choices = [*usual, ("jour", _("Un autre jour"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = data.pop("until", "")
        if chosen in self.days:
            data["due_on"] = self.days[chosen][1]
        elif chosen and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Donnez le jour."))
        return data


class OutcomeForm(StepForm):
    prefilled = ("outcome",)
    outcome = forms.CharField(label=_("Suite donnée"), max_length=300, required=False, validators=[check_text])


class DropForm(StyledForm):
    reason = forms.CharField(label=_("Motif"), max_length=300, validators=[check_text])


class GiveUpForm(DropForm, StepForm):
    """Form of the reason for which one task is given up."""


class DueDayForm(StyledForm):
    due_on = forms.DateField(label=_("Pour le"), validators=[check_day])


class TeamNoteForm(StyledForm):
    text = text_box(_("Écrire une note"), 2000, 2)
    page = forms.CharField(widget=forms.HiddenInput, required=False)
    subject = forms.CharField(widget=forms.HiddenInput)


class CorrectNoteForm(StepForm):
    prefilled = ("text", "version")
    text = text_box(_("Texte de la note"), 2000, 4)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
