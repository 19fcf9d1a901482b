"""Forms of the answers: one for the invitee, one for the team that records it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person
from assembly.text.numbers import WholeNumberField
from assembly.web.forms import ListFilter, StyledForm
from members.queries import reachable_people
from sessions.enums import Absence, Reply, Via
from sessions.models import Invitee, Sitting

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


class AbsenceForm(StyledForm):
    absence = forms.ChoiceField(
        label=_("Absence"), choices=[choice for choice in Absence.choices if choice[0]], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Motif"), max_length=160, required=False)
