"""Forms of the roll: hours corrected by hand."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import StyledForm
from sessions.attendance.queries.presence import RollCallRow
from sessions.enums import PresenceMode, Via
from sessions.forms.sittings import moment
from sessions.rules.hours import day_of, moment_of


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


class FindForm(StyledForm):
    """Search form: a name, some of its letters, or the number of a badge."""

    q = forms.CharField(label=_("Nom ou numéro de badge"), max_length=80)


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
