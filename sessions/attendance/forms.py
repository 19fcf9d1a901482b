"""Forms of the roll, of an absence, and of absences in a row."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import StyledForm, text_box
from assembly.workflow import StepForm
from members.rules import check_not_in_future
from sessions.attendance.mails import proposed_notice, proposed_warning
from sessions.attendance.queries.presence import RollCallRow
from sessions.models import Absence, PresenceMode, Via
from sessions.sittings.rules import day_of, moment, moment_of


class StayForm(StyledForm):
    """Form of the hours of one stay, on the day or the night of the sitting."""

    arrived = forms.TimeField(label=_("Arrivée"))
    left = forms.TimeField(label=_("Départ"), required=False, help_text=_("Vide si la personne est encore présente."))
    mode = forms.ChoiceField(
        label=_("Présence"), choices=PresenceMode, widget=forms.RadioSelect, initial=PresenceMode.ROOM
    )
    hours_reason = forms.CharField(
        label=_("Pourquoi hors des heures de la séance\u00a0?"),
        max_length=160,
        required=False,
        help_text=_("Demandé si l’arrivée ou le départ sort des heures de la séance."),
    )
    fields_by_code = {"reason": "hours_reason", "future": "left"}

    def __init__(self, *args: Any, starts_at: datetime, running: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts_at = starts_at
        self.fields["left"].required = not running

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        arrived, left = data.get("arrived"), data.get("left")
        data["arrived_at"] = self.at("arrived", arrived) if arrived else None
        data["left_at"] = self.at("left", left, data["arrived_at"]) if left else None
        if data["arrived_at"] and data["left_at"] and data["left_at"] <= data["arrived_at"]:
            self.add_error("left", _("Le départ doit venir après l’arrivée."))
        return data

    def at(self, name: str, hour: time, after: datetime | None = None) -> datetime | None:
        try:
            moment(day_of(hour, self.starts_at), hour)
            return moment_of(hour, self.starts_at, after)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return None

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("arrived_at", "left_at", "mode", "hours_reason")}


class EverybodyForm(StyledForm):
    """Form of the people who are missing when everybody else is recorded as present."""

    away = forms.TypedMultipleChoiceField(
        label=_("Cochez qui n’est pas là"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rows: Sequence[RollCallRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["away"].choices = [  # type: ignore[attr-defined]  # -- a choice field
            (row.invitee.pk, f"{row.invitee.person.last_name} {row.invitee.person.first_name}") for row in rows
        ]


class NewStayForm(StayForm):
    """Form of a stay copied from the sign-in sheet."""

    via = forms.ChoiceField(
        label=_("Source"),
        choices=[(via, via.label) for via in (Via.PAPER, Via.DESK, Via.PHONE)],
        widget=forms.RadioSelect,
        initial=Via.PAPER,
    )

    def values(self) -> dict[str, Any]:
        return super().values() | {"via": self.cleaned_data["via"]}


class AbsenceForm(StyledForm):
    absence = forms.ChoiceField(
        label=_("Absence"), choices=[choice for choice in Absence.choices if choice[0]], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Motif"), max_length=160, required=False)


SHORTEST = timedelta(days=8)
PROPOSED = timedelta(days=15)


class WarningForm(StepForm):
    """Form of the warning letter, with the text that is sent."""

    text = text_box(_("Message"), 3000, 14, _("C’est ce texte qui part, tel quel. Changez ce que vous voulez."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = proposed_warning(self.row)


class ProcedureForm(StepForm):
    """Form of the letter that opens the procedure, with the last day for an answer."""

    answer_by = forms.DateField(
        label=_("Observations attendues jusqu’au"),
        help_text=_("Au moins huit jours. La même date doit se lire dans le message."),
    )
    text = text_box(_("Message"), 3000, 16, _("C’est ce texte qui part, tel quel. Changez ce que vous voulez."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = timezone.localdate() + PROPOSED
        self.fields["answer_by"].initial = day
        self.fields["text"].initial = proposed_notice(self.row, day)

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day < timezone.localdate() + SHORTEST:
            raise ValidationError(_("Laissez au moins huit jours à la personne."))
        return day


class ObservationsForm(StepForm):
    """Form of what the person wrote or said."""

    answered_on = forms.DateField(label=_("Reçues le"), validators=[check_not_in_future], initial=timezone.localdate)
    answer = text_box(_("Observations"), 4000, 8, _("Ce que la personne a écrit ou dit. N’écrivez rien sur sa santé."))


class EndOfMandateForm(StepForm):
    """Form of the end of a mandate: the first day without it, and the reasons."""

    on = forms.DateField(
        label=_("Le membre ne siège plus à partir du"), validators=[check_not_in_future], initial=timezone.localdate
    )
    detail = text_box(_("Motifs de la décision"), 1000, 4, _("N’écrivez rien sur la santé."))
