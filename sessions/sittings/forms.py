"""Forms of sittings: planning, steps, answers of invitees, the hours of the day."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person, User
from assembly.institution.models import Committee, Term
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm, whole_number, with_current
from assembly.workflow import StepForm
from members.members.queries import reachable_people
from sessions.attendance.queries.presence import roll
from sessions.models import Invitee, Reply, Sitting, SittingTemplate, Via
from sessions.sittings.queries.sittings import team_of
from sessions.sittings.rules import day_of, is_day_past, moment, moment_of

PLENARY = "plenary"


class HoursMixin(forms.Form):
    """Mixin of a day, a beginning, an end and maybe a break, cleaned into four moments."""

    day = forms.DateField(label=_("Date"))
    starts = forms.TimeField(label=_("Début"))
    ends = forms.TimeField(label=_("Fin"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("day")
        if day is None:
            return data
        for name, target in (
            ("starts", "starts_at"),
            ("ends", "ends_at"),
            ("break_starts", "break_starts_at"),
            ("break_ends", "break_ends_at"),
        ):
            data[target] = None
            if (hour := data.get(name)) is not None:
                try:
                    data[target] = moment(day, hour)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        if data["starts_at"] and data["ends_at"]:
            self.check_order(data)
        return data

    def check_order(self, data: dict[str, Any]) -> None:
        if data["ends_at"] <= data["starts_at"]:
            self.add_error("ends", _("La fin doit venir après le début."))
            return
        pause = data["break_starts_at"], data["break_ends_at"]
        if (pause[0] is None) != (pause[1] is None):
            missing = "break_ends" if pause[1] is None else "break_starts"
            if missing not in self.errors:
                self.add_error(missing, _("Donnez le début et la fin de la pause, ou aucun des deux."))
        elif pause[0] and not data["starts_at"] < pause[0] < pause[1] < data["ends_at"]:
            self.add_error("break_starts", _("La pause doit commencer et finir pendant la séance."))


class SittingForm(HoursMixin, StyledForm):
    """Form of all the facts of a sitting before it begins."""

    field_order: Sequence[str] = (
        "title",
        "day",
        "starts",
        "ends",
        "break_starts",
        "break_ends",
        "place_name",
        "place_address",
    )

    title = forms.CharField(label=_("Titre"), max_length=200)
    break_starts = forms.TimeField(
        label=_("Début de la pause"), required=False, help_text=_("La pause sépare deux demi-journées.")
    )
    break_ends = forms.TimeField(label=_("Fin de la pause"), required=False)
    place_name = forms.CharField(label=_("Lieu"), max_length=160, required=False)
    place_address = forms.CharField(label=_("Adresse"), max_length=240, required=False)
    access_note = forms.CharField(
        label=_("Pour venir"),
        max_length=400,
        required=False,
        help_text=_("Parking, arrêt de bus, entrée sans marche…"),
    )
    video_link = forms.URLField(
        label=_("Lien de visioconférence"),
        required=False,
        assume_scheme="https",
        help_text=_("Montré aux personnes convoquées seulement."),
    )
    message = forms.CharField(
        label=_("Message dans la convocation"), max_length=2000, required=False, widget=forms.Textarea
    )
    offers_meal = forms.BooleanField(label=_("Proposer un repas"), required=False)
    offers_childcare = forms.BooleanField(label=_("Proposer une garde d’enfants"), required=False)
    offers_transport = forms.BooleanField(label=_("Proposer une aide au transport"), required=False)
    is_public = forms.BooleanField(
        label=_("Annoncer la date au public"),
        required=False,
        help_text=_("Elle paraît dans l’agenda public, sans l’ordre du jour ni le lien de visioconférence."),
    )
    is_quorum_required = forms.BooleanField(label=_("Exiger le quorum"), required=False)
    chair = PersonField(
        label=_("Présidence de séance"), queryset=Person.objects.none(), required=False, empty_label=_("À désigner")
    )
    secretary = PersonField(
        label=_("Secrétariat de séance"), queryset=Person.objects.none(), required=False, empty_label=_("À désigner")
    )
    officer = forms.ModelChoiceField(label=_("Séance suivie par"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = reachable_people(term)
        for name in ("chair", "secretary"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]  # -- a ModelChoiceField
        self.fields["officer"].queryset = team_of(term)  # type: ignore[attr-defined]  # -- see above
        self.fields["officer"].label_from_instance = lambda user: user.get_full_name()  # type: ignore[attr-defined]  # -- see above

    def values(self) -> dict[str, Any]:
        """Return the fields that the action writes."""
        left_out = {"day", "starts", "ends", "break_starts", "break_ends"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class SittingEditForm(SittingForm):
    """Form of an existing sitting, with the version that was read: a late save shows both texts."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary", "officer"):
            field: Any = self.fields[name]
            field.queryset = with_current(field.queryset, self.initial.get(name))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "version"}


class StartForm(StyledForm):
    """Form of the first questions: which body meets, and from what to start."""

    body = forms.ChoiceField(label=_("Qui se réunit ?"))
    start = forms.ChoiceField(
        label=_("Partir de"), widget=forms.RadioSelect, help_text=_("Tout reste modifiable ensuite.")
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committees = Committee.objects.filter(term=term, closed_on=None).order_by("name__alphabetical")
        self.committees = {str(committee.pk): committee for committee in committees}
        self.templates = {str(template.pk): template for template in SittingTemplate.objects.filter(term=term)}
        self.fields["body"].choices = [  # type: ignore[attr-defined]  # -- a ChoiceField
            (PLENARY, _("Séance plénière")),
            *((key, committee.name) for key, committee in self.committees.items()),
        ]
        self.fields["start"].choices = [  # type: ignore[attr-defined]  # -- see above
            ("last", _("la dernière séance de la même instance")),
            *((key, template.name) for key, template in self.templates.items()),
            ("blank", _("une page blanche")),
        ]

    @property
    def committee(self) -> Committee | None:
        return self.committees.get(self.cleaned_data["body"])

    @property
    def template(self) -> SittingTemplate | None:
        return self.templates.get(self.cleaned_data["start"])


class NoticeForm(StepForm):
    """Form of the notice; `shown` is the fingerprint of what was read before convening."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    send_at = forms.DateTimeField(
        label=_("Envoyer les courriels le"),
        required=False,
        help_text=_("Heure de Paris. Laissez vide pour envoyer tout de suite."),
    )


class CancelSittingForm(StepForm):
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=300, help_text=_("Ces mots seront lus par toutes les personnes convoquées.")
    )


def check_to_come(form: forms.Form, starts_at: datetime | None) -> None:
    """Add an error to the form if the new date of the sitting is past."""
    if starts_at is not None and starts_at <= timezone.now():
        form.add_error("day", _("Ce jour ou cette heure est déjà passé."))


class PostponeForm(CancelSittingForm):
    """Form of a postponement: a reason, and the new date when it is known."""

    day = forms.DateField(label=_("Nouvelle date"), required=False, help_text=_("Si elle est déjà connue."))
    starts = forms.TimeField(label=_("Début"), required=False)
    ends = forms.TimeField(label=_("Fin"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        postponement = {"reason": data.get("reason", ""), "starts_at": None, "ends_at": None}
        if not data.get("day"):
            return postponement
        if not data.get("starts") or not data.get("ends"):
            raise forms.ValidationError(_("Donnez l’heure du début et celle de la fin avec la nouvelle date."))
        starts_at, ends_at = moment(data["day"], data["starts"]), moment(data["day"], data["ends"])
        if ends_at <= starts_at:
            self.add_error("ends", _("La fin doit venir après le début."))
        check_to_come(self, starts_at)
        return postponement | {"starts_at": starts_at, "ends_at": ends_at}


class ReconveneForm(HoursMixin, StepForm):
    """Form of the day and the hours of the second sitting."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_to_come(self, data.get("starts_at"))
        return {"starts_at": data.get("starts_at"), "ends_at": data.get("ends_at")}


class TemplateForm(StyledForm):
    name = forms.CharField(label=_("Nom du modèle"), max_length=120)


def initial_of(sitting: Sitting) -> dict[str, Any]:
    """Return the initial values of the form of this sitting."""

    def hour(value: datetime | None) -> time | None:
        return timezone.localtime(value).time() if value else None

    copied = {name: getattr(sitting, name) for name in SittingForm.base_fields if hasattr(sitting, name)}
    return copied | {
        "day": timezone.localdate(sitting.starts_at),
        "starts": hour(sitting.starts_at),
        "ends": hour(sitting.ends_at),
        "break_starts": hour(sitting.break_starts_at),
        "break_ends": hour(sitting.break_ends_at),
        "chair": sitting.chair_id,
        "secretary": sitting.secretary_id,
        "officer": sitting.officer_id,
        "version": sitting.version,
    }


MY_REPLIES = [
    (Reply.WILL_ATTEND, _("Je viens")),
    (Reply.WILL_NOT, _("Je ne viens pas")),
    (Reply.MAYBE, _("Je ne sais pas encore")),
]
OFFERED = {
    "wants_meal": "offers_meal",
    "diet": "offers_meal",
    "children": "offers_childcare",
    "children_ages": "offers_childcare",
    "transport": "offers_transport",
}


class MyReplyForm(StyledForm):
    """Form of an answer by one tap."""

    reply = forms.ChoiceField(choices=MY_REPLIES)


class LogisticsForm(StyledForm):
    """Form of the needs of the day, without fields for what the sitting does not offer."""

    wants_meal = forms.BooleanField(label=_("Je prends le repas sur place"), required=False)
    diet = forms.CharField(
        label=_("Régime alimentaire"), max_length=120, required=False, help_text=_("Par exemple : sans viande.")
    )
    children = WholeNumberField(
        label=_("Nombre d’enfants à garder"), min_value=0, max_value=12, required=False, initial=0
    )
    children_ages = forms.CharField(label=_("Leurs âges"), max_length=60, required=False)
    transport = forms.CharField(
        label=_("Aide pour venir"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : je viens de Revel, je cherche un covoiturage."),
    )
    needs = forms.CharField(
        label=_("Autre besoin ce jour-là"),
        max_length=300,
        required=False,
        help_text=_("Ce qu’il faut prévoir, par exemple une place sans marche. N’écrivez ni maladie, ni handicap."),
    )

    absence_reason = forms.CharField(
        label=_("Pourquoi ne pas venir ?"),
        max_length=160,
        required=False,
        help_text=_("En quelques mots, par exemple : je travaille ce jour-là. N’écrivez ni maladie, ni handicap."),
    )

    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offer in OFFERED.items():
            if not getattr(sitting, offer):
                del self.fields[name]

    def clean_children(self) -> int:
        return self.cleaned_data.get("children") or 0


class AnswerForm(LogisticsForm):
    """Form of the questions that follow a `reply`: the reason of an absence, or the needs of those who come."""

    reply = forms.ChoiceField(choices=MY_REPLIES, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reply: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reply == Reply.WILL_NOT:
            self.fields = {name: self.fields[name] for name in ("reply", "absence_reason")}
        else:
            del self.fields["absence_reason"]


class SameAnswerForm(StyledForm):
    """Form of an answer that several people gave alike, by telephone or on paper."""

    field_order = ("via", "reply")
    reply = forms.ChoiceField(label=_("Réponse"), choices=Reply, widget=forms.RadioSelect)
    via = forms.ChoiceField(
        label=_("Réponse reçue"),
        choices=[(via, via.label) for via in (Via.PHONE, Via.PAPER, Via.DESK)],
        initial=Via.PHONE,
        widget=forms.RadioSelect,
    )


class RecordAnswerForm(SameAnswerForm, LogisticsForm):
    """Form of one person's answer, with their needs of the day."""


class SittingGuestForm(StyledForm):
    """Form of a guest: a person who is not a member of the body."""

    person = PersonField(label=_("Personne"), queryset=Person.objects.none())
    capacity = forms.CharField(
        label=_("En qualité de"), max_length=160, required=False, help_text=_("Sinon, la qualité de sa fiche.")
    )

    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Invitee.objects.expected().filter(sitting=sitting).values("person")
        people = reachable_people(sitting.term).exclude(pk__in=asked)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # -- a ModelChoiceField


class BoardFilterForm(ListFilter):
    """Filters of the answers board."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=80)
    reply = forms.ChoiceField(label=_("Réponse"), required=False, choices=[("", _("Toutes")), *Reply.choices])
    who = forms.ChoiceField(
        label=_("Qui"),
        required=False,
        choices=[
            ("", _("Tout le monde")),
            ("members", _("Membres")),
            ("guests", _("Invités")),
            ("needs", _("Avec un besoin")),
        ],
    )


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
