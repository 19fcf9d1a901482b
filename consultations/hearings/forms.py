"""Forms of hearings and site visits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person
from assembly.identity.names import PersonNameField
from assembly.institution.models import Committee
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, StyledModelForm, with_current
from assembly.workflow import ReasonForm
from consultations.hearings.queries import committees_at_work
from consultations.models import GuestKind, Hearing, Referral
from members.members.queries import reachable_people


class HearingForm(StyledModelForm):
    class Meta:
        model = Hearing
        fields = ("kind", "title", "committee", "starts_at", "ends_at", "place", "video_link")
        widgets = {"kind": forms.RadioSelect}
        labels = {"committee": _("Groupe qui la tient"), "title": _("Titre")}
        help_texts = {
            "title": _("Par exemple : Audition d’une gériatre du CHU."),
            "committee": _("Ses membres la voient dans leur calendrier. Sans groupe, c’est toute l’assemblée."),
        }

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "place"):
            self.fields[name].validators = [*self.fields[name].validators, check_text]
        groups = Committee.objects.filter(term=referral.term_id, closed_on=None).order_by("name__alphabetical")
        self.fields["committee"].queryset = with_current(groups, self.initial.get("committee"))  # type: ignore[attr-defined]  # -- a ModelChoiceField
        at_work = committees_at_work(referral)
        if len(at_work) == 1 and self.instance.pk is None:
            self.initial.setdefault("committee", at_work[0])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("La fin vient après le début."))
        return data

    def _post_clean(self) -> None:
        """Leave the row unchanged: what was typed goes to the action."""


class PlanForm(HearingForm):
    """Form for a new hearing: sent twice, it is planned once."""


class HearingGuestForm(StyledForm):
    """Form for a guest: a name and a capacity, or a registered person."""

    name = PersonNameField(label=_("Nom"), max_length=120, required=False, validators=[check_text])
    person = PersonField(label=_("Ou une personne déjà connue"), queryset=Person.objects.none(), required=False)
    capacity = forms.CharField(
        label=_("Qualité"), max_length=160, validators=[check_text], help_text=_("Par exemple : gériatre au CHU.")
    )
    kind = forms.ChoiceField(
        label=_("À quel titre"), choices=GuestKind.choices, initial=GuestKind.EXPERT, widget=forms.RadioSelect
    )
    is_public = forms.BooleanField(
        label=_("Donner son nom au public"),
        required=False,
        help_text=_("Seulement avec son accord. Sans cela, la personne est comptée et n’est pas nommée."),
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = reachable_people(referral.term)  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "name" not in self.errors and bool(data.get("name")) == bool(data.get("person")):
            self.add_error("name", _("Écrivez un nom, ou choisissez une personne connue."))
        return data


class CancelForm(ReasonForm):
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=300, validators=[check_text], help_text=_("Les membres liront ce texte.")
    )
