"""Forms of the opinion and of its steps. They clean the input; the actions write it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.identity.fields import PersonField
from assembly.identity.models import Person, User
from assembly.institution.models import Directorate, Term
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box, with_current
from assembly.workflow import ReasonForm, StepForm
from consultations.models import Referral
from consultations.referrals.forms import OfficerChoice, ReferralField, SittingChoice
from consultations.referrals.queries import named_directorates, open_directorates
from opinions.forms import BlanksMixin
from opinions.models import Opinion, OpinionLabel
from opinions.opinions.queries import open_referrals, sections_of, settings_of, sitting_people
from sessions.models import Sitting, SittingKind, SittingState
from sessions.sittings.queries.sittings import team_of


class CreateForm(StyledForm):
    """Form for a new opinion: its referral and its title."""

    referral = ReferralField(
        label=_("Saisine"), queryset=Referral.objects.none(), empty_label=_("Choisir une saisine")
    )
    title = forms.CharField(label=_("Titre de l’avis"), max_length=200, validators=[check_text])

    def __init__(self, *args: Any, term: Term, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referral"].queryset = open_referrals(user, term)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class OpinionEditForm(StyledForm):
    """Form for the title, the label, the officer and the rapporteur."""

    title = forms.CharField(label=_("Titre"), max_length=200, validators=[check_text])
    label = forms.ChoiceField(label=_("Nom du document"), choices=OpinionLabel.choices)
    officer = OfficerChoice(label=_("Suivi par"), queryset=User.objects.none(), empty_label=None)
    rapporteur = PersonField(
        label=_("Rapporteur·e"), queryset=Person.objects.none(), required=False, empty_label=_("À désigner")
    )

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        values = {name: getattr(opinion, name) for name in ("title", "label", "officer", "rapporteur")}
        super().__init__(*args, initial=values, **kwargs)
        self.fields["officer"].queryset = with_current(team_of(opinion.term), opinion.officer)  # type: ignore[attr-defined]  # -- a ModelChoiceField
        self.fields["rapporteur"].queryset = members(opinion)  # type: ignore[attr-defined]  # -- a ModelChoiceField


def members(opinion: Opinion) -> QuerySet[Person]:
    """Return the members who sit today, and the present rapporteur whether sitting or not."""
    return sitting_people(opinion) | Person.objects.filter(pk__in=[opinion.rapporteur_id or 0])


class AskForm(StepForm):
    """Form for the directorates that read, and the day on which their notes are due."""

    directorates = forms.ModelMultipleChoiceField(
        label=_("Directions"), queryset=Directorate.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label=_("Notes attendues le"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directorates"].queryset = open_directorates(self.row.term)  # type: ignore[attr-defined]  # -- a ModelMultipleChoiceField
        named = [row.directorate_id for row in named_directorates(self.row.referral)]
        self.initial.setdefault("directorates", named)
        days = settings_of(self.row.term_id).check_days
        self.initial.setdefault("due_on", timezone.localdate() + timedelta(days=days))


class UniteForm(BlanksMixin, StepForm):
    """Form to unite the texts of the groups into one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_about(section.text for section in sections_of(self.row))


class TableForm(BlanksMixin, StepForm):
    """Form for the plenary, and for the window of the amendments."""

    sitting = SittingChoice(
        label=_("Séance"), queryset=Sitting.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    open_at = forms.DateTimeField(
        label=_("Amendements ouverts le"), required=False, help_text=_("Vide : tout de suite.")
    )
    close_at = forms.DateTimeField(
        label=_("Amendements fermés le"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Sitting.objects.filter(
            term=self.row.term_id,
            kind=SittingKind.PLENARY,
            state__in=SittingState.tagged("upcoming"),
            starts_at__gt=timezone.now(),
        ).order_by("starts_at", "pk")
        self.fields["sitting"].queryset = rows  # type: ignore[attr-defined]  # -- a ModelChoiceField
        days = settings_of(self.row.term_id).amendment_days
        text = ngettext(
            "Vide : %(n)s jour avant la séance, à 18 heures.", "Vide : %(n)s jours avant la séance, à 18 heures.", days
        )
        self.fields["close_at"].help_text = text % {"n": days}
        first = rows.first()
        self.initial.setdefault("sitting", first.pk if first else None)
        self.ask_about([self.row.text])


class WindowForm(StepForm):
    """Form for other dates of the window of amendments."""

    open_at = forms.DateTimeField(label=_("Amendements ouverts le"))
    close_at = forms.DateTimeField(label=_("Amendements fermés le"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("open_at", local(self.row.amendments_open_at))
        self.initial.setdefault("close_at", local(self.row.amendments_close_at))


def local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


class HandOverForm(StepForm):
    """Form for the day, the place and the recipient of the handover."""

    on = forms.DateField(label=_("Date de la remise"))
    place = forms.CharField(label=_("Lieu"), max_length=160, validators=[check_text])
    to = forms.CharField(
        label=_("Remis à"),
        max_length=200,
        validators=[check_text],
        help_text=_("Par exemple : président du Conseil départemental."),
    )


class CorrectHandoverForm(ReasonForm):
    """Form to correct the day of the handover, with the reason."""

    on = forms.DateField(label=_("Date de la remise"))
    field_order = ["on", "reason"]


class EasyReadTextForm(StepForm):
    """Form for the summary in plain words."""

    prefilled = ("easy_read",)
    easy_read = text_box(
        _("Résumé facile à lire"),
        8000,
        14,
        _("Des phrases courtes, des mots de tous les jours, une idée par phrase."),
        required=False,
    )


class OpinionSettingsForm(StyledForm):
    """Settings of a term about opinions."""

    amendment_days = WholeNumberField(
        label=_("Fin des amendements, en jours avant la séance"), min_value=0, max_value=60
    )
    cosigners_needed = WholeNumberField(label=_("Cosignataires exigés pour un amendement"), min_value=0, max_value=50)
    check_days = WholeNumberField(label=_("Délai laissé aux directions, en jours"), min_value=1, max_value=120)
    ranking_dots = WholeNumberField(label=_("Points par membre pour les priorités"), min_value=1, max_value=50)
    spokespersons = WholeNumberField(label=_("Porte-parole"), min_value=1, max_value=30)
