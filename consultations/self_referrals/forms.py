"""Forms of suggestions: the member's, the team's for a member, the search, the settings."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm, StyledModelForm, text_box
from consultations.models import ReferralSettings, SuggestionChannel
from consultations.self_referrals.queries import members_of


class SuggestionForm(StyledForm):
    """Form for a suggestion: three answers, nothing else."""

    title = forms.CharField(
        label=_("Quel sujet ?"),
        max_length=160,
        help_text=_("Quelques mots : « L’eau qui manque l’été »."),
        validators=[check_text],
    )
    why = text_box(_("Pourquoi ce sujet ?"), 2000, 4)
    powers_link = text_box(_("En quoi le Département peut-il agir ?"), 1500, 3)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "why", "powers_link")}


class SuggestionChangeForm(SuggestionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SuggestionRecordForm(SuggestionForm):
    """Form for a suggestion that the team records for a member."""

    member = PersonField(label=_("Qui propose ?"), queryset=User.objects.none(), empty_label=_("Choisir un membre"))
    via = forms.ChoiceField(
        label=_("Comment nous est-il parvenu ?"),
        choices=[row for row in SuggestionChannel.choices if row[0] != SuggestionChannel.SITE],
        widget=forms.RadioSelect,
    )
    field_order = ["member", "via", "title", "why", "powers_link"]

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(term)  # type: ignore[attr-defined]  # -- a ModelChoiceField


class MemberSuggestionFilterForm(ListFilter):
    """Search of the members' list."""

    q = forms.CharField(label=_("Chercher un sujet"), required=False, max_length=80)
    tri = forms.ChoiceField(
        label=_("Ordre"),
        required=False,
        choices=[("", _("Les plus récents")), ("points", _("Les plus soutenus")), ("miens", _("Mes sujets"))],
    )

    def condition(self) -> Q:
        text = self.cleaned_data.get("q") if self.is_valid() else ""
        if not text:
            return Q()
        fields = ("title", "context", "powers_link")
        condition = Q(reference__iexact=text)
        for name in fields:
            condition |= Q(**{f"{name}__unaccent__icontains": text})
        return condition


class SelfReferralSettingsForm(StyledModelForm):
    class Meta:
        model = ReferralSettings
        fields = ["dots", "dots_a_subject", "review_days", "is_accepted_by_vote"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        most, each = data.get("dots"), data.get("dots_a_subject")
        if most is not None and not 1 <= most <= 20:
            self.add_error("dots", _("Donnez de 1 à 20 points."))
        elif most is not None and each is not None and not 1 <= each <= most:
            self.add_error("dots_a_subject", _("Donnez un nombre de 1 à %(most)s.") % {"most": most})
        if (days := data.get("review_days")) is not None and not 1 <= days <= 180:
            self.add_error("review_days", _("Donnez de 1 à 180 jours."))
        return data
