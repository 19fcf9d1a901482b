"""Forms of the planning of sittings; they clean the input, the actions write."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person, User
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Committee, RoleAssignment, Term
from assembly.web.forms import StyledForm, with_current
from assembly.workflow import StepForm
from members.queries import reachable_people
from sessions.models import Sitting, SittingTemplate

PARIS = ZoneInfo("Europe/Paris")
PLENARY = "plenary"


def moment(day: date, hour: time) -> datetime:
    """Return that hour of that day in Paris; raise ValidationError if the clock skips it in March."""
    instant = datetime.combine(day, hour, tzinfo=PARIS)
    if instant.astimezone(ZoneInfo("UTC")).astimezone(PARIS).replace(tzinfo=None) != instant.replace(tzinfo=None):
        raise forms.ValidationError(
            _("Cette heure n’existe pas : cette nuit-là, on passe de 2 h à 3 h. Choisissez une autre heure."),
            code="missing_hour",
        )
    return instant


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

    field_order = ("title", "day", "starts", "ends", "break_starts", "break_ends", "place_name", "place_address")

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


def team_of(term: Term) -> Any:
    roles = RoleAssignment.objects.filter(term=term, role__in=TEAM_ROLES, ended_at=None)
    return (
        User.objects.filter(pk__in=roles.values("user")).select_related("person").order_by("person__sort_name", "pk")
    )


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
