"""Forms of the sections in the plan, and of the validation by a group."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person
from assembly.institution.models import Committee
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box, with_current
from assembly.web.outline import LineTitleField, OutlineLineForm, PastedLine, PasteForm
from assembly.workflow import StepForm
from opinions.forms import BlanksMixin
from opinions.models import Opinion, OpinionSection, ValidationMode
from opinions.opinions.queries import open_committees
from opinions.opinions.rules import Votes
from opinions.sections.queries import seats_today


class SectionForm(StyledForm):
    """Form for a part of the plan."""

    title = forms.CharField(label=_("Titre de la partie"), max_length=200, validators=[check_text])
    committee = forms.ModelChoiceField(
        label=_("Confiée à"), queryset=Committee.objects.none(), required=False, empty_label=_("L’équipe")
    )
    guidance = text_box(_("Ce qui est demandé"), 2000, 3, required=False)

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = open_committees(opinion)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class SectionLineForm(OutlineLineForm):
    """A part as one line of the plan; a closed group stays on its part until another one is chosen."""

    title = LineTitleField(label=_("Titre de la partie"), max_length=200, validators=[check_text])
    committee = forms.ChoiceField(label=_("Confiée à"), required=False)

    def __init__(self, *args: Any, committees: Iterable[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committees = {str(row.pk): row for row in committees}
        groups = [(key, row.name) for key, row in self.committees.items()]
        self.fields["committee"].choices = [("", _("L’équipe")), *groups]  # type: ignore[attr-defined]  # -- a ChoiceField

    def clean_committee(self) -> Committee | None:
        return self.committees.get(self.cleaned_data["committee"])


class SectionPasteForm(PasteForm):
    """Form for a list of titles that can be printed."""

    def clean_text(self) -> list[PastedLine]:
        lines = super().clean_text()
        for line in lines:
            check_text(line.title)
        return lines


class SectionEditForm(SectionForm):
    """Form for a part with the people of its group, and the fingerprint of what was read."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=20)

    lead = PersonField(
        label=_("Référent·e"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Celle ou celui du groupe"),
    )
    rapporteur = PersonField(
        label=_("Rapporteur·e"), queryset=Person.objects.none(), required=False, empty_label=_("À désigner")
    )

    def __init__(self, *args: Any, section: OpinionSection, **kwargs: Any) -> None:
        super().__init__(*args, opinion=section.opinion, **kwargs)
        self.fields["committee"].queryset = with_current(open_committees(section.opinion), section.committee_id)  # type: ignore[attr-defined]  # -- a ModelChoiceField
        seats = seats_today().filter(committee=section.committee_id)
        condition = Q(pk__in=seats.values("person")) | Q(pk__in=[section.lead_id or 0, section.rapporteur_id or 0])
        for name in ("lead", "rapporteur"):
            rows = Person.objects.filter(condition).order_by("sort_name", "pk")
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # -- model choice fields

    def values(self) -> dict[str, Any]:
        """Return the values for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ValidateForm(BlanksMixin, StepForm):
    """Form for the day and the mode of the group's decision, with the three counts of a vote."""

    on = forms.DateField(label=_("Date de la décision du groupe"))
    mode = forms.ChoiceField(
        label=_("Comment le groupe a-t-il décidé ?"), choices=ValidationMode.choices, widget=forms.RadioSelect
    )
    votes_for = WholeNumberField(label=_("Pour, en cas de vote"), min_value=0, max_value=999, required=False)
    votes_against = WholeNumberField(label=_("Contre, en cas de vote"), min_value=0, max_value=999, required=False)
    abstentions = WholeNumberField(label=_("Abstention, en cas de vote"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("mode", ValidationMode.CONSENT)
        self.ask_about([self.row.text])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == ValidationMode.VOTE:
            for name in ("votes_for", "votes_against", "abstentions"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Écrivez un nombre, zéro s’il n’y en a pas."))
        is_counted = data.get("mode") == ValidationMode.VOTE and not self.errors
        counts = (data[name] for name in ("votes_for", "votes_against", "abstentions") if is_counted)
        return {"on": data.get("on"), "votes": Votes(*counts) if is_counted else None}
