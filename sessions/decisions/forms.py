"""Forms of votes, decisions and actions, filled in during the sitting or just after."""

from datetime import datetime, time, timedelta
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.identity.names import PersonNameField
from assembly.institution.models import MajorityRule
from assembly.text.french import format_time
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm
from sessions.attendance.queries.presence import presence_at, waiver_reason
from sessions.decisions.rules import Count
from sessions.models import Ballot
from sessions.sittings.rules import is_within, moment_of


def _is_advisory() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Vote indicatif"),
        required=False,
        help_text=_("Il dit ce que pensent les membres et ne décide rien : aucun quorum n’est exigé."),
    )


class BallotForm(StyledForm):
    question = forms.CharField(label=_("Question"), max_length=400, validators=[check_text])
    majority_rule = forms.ChoiceField(label=_("Majorité"), choices=MajorityRule.choices)
    is_advisory = _is_advisory()


def _votes(label: Any) -> WholeNumberField:
    messages = {"invalid": _("Écrivez un nombre entier."), "required": _("Écrivez un nombre, 0 s’il n’y en a pas.")}
    return WholeNumberField(label=label, min_value=0, max_value=9999, error_messages=messages)


class CountForm(StyledForm):
    """Form of a count: four numbers, the hour, two names. The action checks the sum against the people present."""

    fields_by_code = {
        "impossible": "votes_for",
        "gap": "gap_confirmed",
        "counters": "second_counter",
        "hour": "voted_at",
        "quorum": "voted_at",
    }
    votes_for = _votes(_("Pour"))
    votes_against = _votes(_("Contre"))
    abstentions = _votes(_("Abstention"))
    no_opinion = _votes(_("Ne se prononce pas"))
    voted_at = forms.TimeField(
        label=_("Heure du vote"), help_text=_("Les votes sont comparés aux personnes présentes à cette heure.")
    )
    first_counter = PersonNameField(label=_("Compté par"), max_length=160, validators=[check_text])
    second_counter = PersonNameField(
        label=_("Confirmé par"),
        max_length=160,
        validators=[check_text],
        help_text=_("Une seconde personne a compté et trouve les mêmes nombres."),
    )
    casting_vote_for = forms.BooleanField(label=_("En cas d’égalité, la présidence vote pour"), required=False)
    gap_confirmed = forms.BooleanField(label=_("Des personnes présentes n’ont pas pris part au vote"), required=False)

    def __init__(self, *args: Any, ballot: Ballot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot, self.present_text, self.quorum_text, self.lacks_quorum = ballot, "", "", False
        if not ballot.agenda_item.sitting.term.has_casting_vote:
            del self.fields["casting_vote_for"]

    def show_present_count(self) -> Self:
        """Set the help text of the hour to the number of members present at that time, and return the form.

        Set `present_text`, and `quorum_text` where the quorum is missing or not needed, for the top of the page.
        """
        try:
            hour = self.fields["voted_at"].clean(self["voted_at"].value())
        except ValidationError:
            return self
        moment = self.moment(hour)
        sitting = self.ballot.agenda_item.sitting
        presence = presence_at(sitting, moment, is_advisory=self.ballot.is_advisory)
        count = presence.present
        self.lacks_quorum = not presence.is_quorate
        self.quorum_text = presence.missing_quorum() or waiver_reason(sitting, is_advisory=self.ballot.is_advisory)
        sentence = ngettext(
            "%(n)s membre est dans la salle à %(hour)s.", "%(n)s membres sont dans la salle à %(hour)s.", count
        )
        self.present_text = sentence % {"n": count, "hour": format_time(moment)}
        self["voted_at"].help_text = f"{self.present_text} {self['voted_at'].help_text}"
        return self

    @staticmethod
    def initial_for(ballot: Ballot, counter: str) -> dict[str, Any]:
        """Return what was counted before, or an empty count at the present hour."""
        if ballot.is_counted:
            names = ("votes_for", "votes_against", "abstentions", "no_opinion", "first_counter", "second_counter")
            return {name: getattr(ballot, name) for name in names} | {
                "voted_at": timezone.localtime(ballot.counted_at).time()
            }
        sitting = ballot.agenda_item.sitting
        begun = sitting.opened_at or sitting.starts_at
        moment = timezone.localtime() if sitting.is_running else ballot.agenda_item.opened_at or begun
        hour = timezone.localtime(moment).time().replace(second=0, microsecond=0)
        return {"first_counter": counter, "voted_at": hour, "no_opinion": 0}

    def count(self) -> Count:
        data = self.cleaned_data
        return Count(data["votes_for"], data["votes_against"], data["abstentions"], data["no_opinion"])

    def moment(self, hour: time) -> datetime:
        """Return the end of that minute, on the day or the night of the sitting.

        In the last minute of the sitting, it is the moment before its end. An hour outside the sitting stays as it is:
        the action refuses it.
        """
        sitting = self.ballot.agenda_item.sitting
        minute = hour.replace(second=0, microsecond=0)
        begun = moment_of(minute, sitting.starts_at, sitting.opened_at and sitting.opened_at - timedelta(minutes=1))
        last = sitting.closed_at - timedelta(seconds=1) if sitting.closed_at else timezone.now()
        moment = begun + timedelta(seconds=59, microseconds=999_999)
        return last if is_within(begun, last, sitting.closed_at or last) else moment

    def facts(self) -> dict[str, Any]:
        """Return the keyword arguments of `actions.count_ballot`, with the hour on the day of the sitting."""
        data = self.cleaned_data
        return {
            "first_counter": data["first_counter"],
            "second_counter": data["second_counter"],
            "voted_at": self.moment(data["voted_at"]),
            "gap_confirmed": data["gap_confirmed"],
            "casting_vote_for": data.get("casting_vote_for", False),
        }


class UnpreparedBallotForm(CountForm):
    """Form of a question put to the vote without preparation, and of its count."""

    question = forms.CharField(label=_("Question"), max_length=400, validators=[check_text])
    is_advisory = _is_advisory()


class DecisionForm(StyledForm):
    text = forms.CharField(
        label=_("Décision"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
        help_text=_("Une phrase complète, qui se comprend seule."),
    )


class NewDecisionForm(DecisionForm):
    """Form of a decision, without objection or by a vote of the item that has no decision yet."""

    ballot = forms.ModelChoiceField(
        label=_("Comment"),
        queryset=Ballot.objects.none(),
        required=False,
        empty_label=_("Sans vote, aucune objection"),
    )

    def __init__(self, *args: Any, ballots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ballot"].queryset = ballots
        self.fields["ballot"].label_from_instance = lambda ballot: (
            _("Par le vote « %(question)s »") % {"question": ballot.question}
        )


class WithdrawalForm(StyledForm):
    reason = forms.CharField(label=_("Motif"), max_length=300, validators=[check_text])
