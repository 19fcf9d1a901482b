"""Forms of the votes on parts, the ranking, the spokespersons, the minority positions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.identity.fields import PersonField
from assembly.identity.models import Person, User
from assembly.identity.names import PersonNameField
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box
from opinions.forms import RecommendationChoice
from opinions.models import Opinion, OpinionSection, Ranking, RankingMode, Recommendation, RecommendationState
from opinions.opinions.queries import settings_of, sitting_people
from sessions.models import Via


class PartForm(StyledForm):
    """Form for a vote on one recommendation, on one section, or on a wording of the chair."""

    recommendation = RecommendationChoice(
        label=_("Une préconisation"), queryset=Recommendation.objects.none(), required=False, empty_label=_("Aucune")
    )
    section = forms.ModelChoiceField(
        label=_("Une partie"), queryset=OpinionSection.objects.none(), required=False, empty_label=_("Aucune")
    )
    label = forms.CharField(label=_("Ou d’autres mots"), max_length=240, required=False, validators=[check_text])

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).order_by("number")
        self.fields["recommendation"].queryset = rows  # type: ignore[attr-defined]  # -- a ModelChoiceField
        parts = OpinionSection.objects.filter(opinion=opinion, removed_at=None).order_by("position")
        self.fields["section"].queryset = parts  # type: ignore[attr-defined]  # -- a ModelChoiceField


class RankingForm(StyledForm):
    """Form for what two persons counted, one number for each recommendation."""

    mode = forms.ChoiceField(label=_("Comptage"), choices=RankingMode.choices, widget=forms.RadioSelect)
    held_on = forms.DateField(label=_("Fait le"))
    voters = WholeNumberField(label=_("Membres qui ont participé"), min_value=1, max_value=999)
    priorities = WholeNumberField(label=_("Préconisations prioritaires"), min_value=0, max_value=99)
    first_counter = PersonNameField(label=_("Première personne qui compte"), max_length=160, validators=[check_text])
    second_counter = PersonNameField(label=_("Seconde personne qui compte"), max_length=160, validators=[check_text])
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, opinion: Opinion, rows: Sequence[Recommendation], ranking: Ranking | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"mode": RankingMode.DOTS, "held_on": timezone.localdate(), "version": 0}
        if ranking is not None:
            names = ("mode", "held_on", "voters", "priorities", "first_counter", "second_counter", "version")
            initial = {name: getattr(ranking, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        dots = settings_of(opinion.term_id).ranking_dots
        text = ngettext("Par points : %(n)s point par membre.", "Par points : %(n)s points par membre.", dots)
        self.fields["mode"].help_text = text % {"n": dots}
        for row in rows:
            self.fields[f"score-{row.pk}"] = WholeNumberField(
                label=f"{row.number}. {row.title}", min_value=0, initial=row.priority_score
            )
        self.rows = rows

    def values(self) -> dict[str, Any]:
        """Return the values for the action, without the scores."""
        data = self.cleaned_data
        fields = {name: data[name] for name in ("mode", "held_on", "voters", "priorities", "version")}
        return fields | {"counters": (data["first_counter"], data["second_counter"])}

    def scores(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data[f"score-{row.pk}"] for row in self.rows}


class DrawForm(StyledForm):
    """Form for the persons drawn by hand, one line for each in the order of the draw."""

    drawn_on = forms.DateField(label=_("Date du tirage"))
    place = forms.CharField(label=_("Lieu"), max_length=160, required=False, validators=[check_text])
    witnesses = forms.CharField(label=_("Témoins"), max_length=400, validators=[check_text])

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = sitting_people(opinion)
        self.places = settings_of(opinion.term_id).spokespersons
        for rank in range(1, self.places + 1):
            self.fields[f"person-{rank}"] = PersonField(
                label=_("Porte-parole %(n)s") % {"n": rank}, queryset=people, required=rank == 1, empty_label=_("–")
            )

    def persons(self) -> list[Person]:
        """Return the persons in the order of the draw, without the empty lines."""
        people = [self.cleaned_data.get(f"person-{rank}") for rank in range(1, self.places + 1)]
        return [person for person in people if person is not None]


class PositionForm(StyledForm):
    """Form for the title and the text of a position."""

    fields_by_code = {"length": "body", "names": "body"}
    title = forms.CharField(label=_("Titre"), max_length=200, validators=[check_text])
    body = text_box(
        _("Votre position"),
        6000,
        10,
        _("Ce que vous auriez voulu, et pourquoi. Parlez des idées, pas des personnes."),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "body")}


class RecordPositionForm(PositionForm):
    """Form for a position that the team keys in for a member."""

    author = PersonField(label=_("De qui ?"), queryset=User.objects.none(), empty_label=_("Choisir un membre"))
    via = forms.ChoiceField(
        label=_("Comment nous est-elle parvenue ?"),
        choices=[(Via.PAPER.value, _("sur papier")), (Via.PHONE.value, _("par téléphone"))],
        widget=forms.RadioSelect,
    )
    field_order = ["author", "via", "title", "body"]

    def __init__(self, *args: Any, members: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["author"].queryset = members  # type: ignore[attr-defined]  # -- a model choice field
        self.fields["body"].label = _("Le texte")
        self.fields["body"].help_text = _("Gardez les mots du membre.")
