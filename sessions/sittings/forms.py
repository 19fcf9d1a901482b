"""Forms of the steps of the day: the end of the sitting, or, entered afterwards, its hours and who came."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.text.printable import check_text
from assembly.text.untrusted_input import whole_number
from assembly.web.forms import text_box
from assembly.workflow import StepForm
from sessions.attendance.queries.presence import roll
from sessions.enums import Reply
from sessions.forms.sittings import moment
from sessions.models import Invitee
from sessions.notifications.corrections import proposed_message, proposed_title
from sessions.rules.hours import day_of, moment_of
from sessions.sittings.rules import is_day_past


def hour_of(value: datetime) -> time:
    return timezone.localtime(value).time().replace(second=0, microsecond=0)


class SittingHoursForm(StepForm):
    """Form of hours on the day of the sitting, with the reason why they differ from the convocation."""

    reason = forms.CharField(
        label=_("Pourquoi d’autres heures que prévu\u00a0?"),
        max_length=300,
        required=False,
        validators=[check_text],
        help_text=_("Demandé si la séance a commencé avant ou fini après les heures de la convocation."),
    )

    def read_hour(self, name: str, after: datetime | None = None) -> datetime | None:
        """Return the moment of the hour in a field; an hour that does not exist on that day becomes a field error."""
        hour = self.cleaned_data.get(name)
        if hour is None:
            return None
        try:
            moment(day_of(hour, self.row.starts_at), hour)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return None
        return moment_of(hour, self.row.starts_at, after)


class CloseForm(SittingHoursForm):
    """Form of the closing: no question on the day itself; later, the hour at which it ended."""

    field_order = ("closed", "reason")
    fields_by_code = {"hour": "closed"}
    closed = forms.TimeField(
        label=_("Heure de fin"), required=False, help_text=_("Laissez vide si la séance finit à cette minute.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_day_past(self.row):
            self.fields["closed"].required = True
            self.fields["closed"].initial = hour_of(self.row.ends_at)
            self.fields["closed"].help_text = _("Le jour de la séance est passé\u00a0: l’heure prévue est proposée.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {"reason": data.get("reason", ""), "closed_at": self.read_hour("closed", self.row.opened_at)}


class HoldForm(SittingHoursForm):
    """Form of the planned hours and of who did not come; the hours of latecomers are corrected afterwards."""

    field_order = ("opened", "closed", "reason", "away", "shown")
    fields_by_code = {"hour": "closed"}
    opened = forms.TimeField(label=_("Début"))
    closed = forms.TimeField(label=_("Fin"))
    away = forms.TypedMultipleChoiceField(
        label=_("Cochez qui n’est pas venu"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Les autres sont notés présents du début à la fin. Leurs heures se corrigent ensuite une à une."),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened"].initial = hour_of(self.row.starts_at)
        self.fields["closed"].initial = hour_of(self.row.ends_at)
        invitees = [row.invitee for row in roll(self.row)]
        self.fields["away"].choices = [(one.pk, label_of(one)) for one in invitees]  # type: ignore[attr-defined]  # -- a choice field
        self.fields["away"].initial = [one.pk for one in invitees if one.reply == Reply.WILL_NOT]
        self.fields["shown"].initial = "-".join(str(one.pk) for one in invitees)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opened_at = self.read_hour("opened")
        return {
            "opened_at": opened_at,
            "closed_at": self.read_hour("closed", opened_at),
            "away": data.get("away", []),
            "shown": [whole_number(key) for key in data.get("shown", "").split("-")],
            "reason": data.get("reason", ""),
        }


def label_of(invitee: Invitee) -> str:
    name = f"{invitee.person.last_name} {invitee.person.first_name}"
    return name if invitee.is_member else f"{name} ({invitee.capacity or _('invité·e')})"


class NotHeldForm(StepForm):
    reason = forms.CharField(
        label=_("Pourquoi\u00a0?"),
        max_length=300,
        validators=[check_text],
        help_text=_("Par exemple\u00a0: salle fermée, neige, trop peu de monde."),
    )


class ConvenedMessageForm(StepForm):
    """Form of a message to everybody convened."""

    title = forms.CharField(label=_("Objet"), max_length=150, validators=[check_text])
    text = text_box(_("Message"), 4000, 8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = proposed_title(self.row)
        self.fields["text"].initial = proposed_message(self.row)
