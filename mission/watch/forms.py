"""Form of a recipient of the letters: one colleague, or one directorate."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import Directorate, RoleAssignment, Term
from assembly.web.forms import StyledForm
from assembly.web.pickers import SEARCHABLE
from consultations.referrals.forms import OfficerChoice


def colleagues_in(term: Term) -> QuerySet[User]:
    """Return who works for this assembly today: its team, its elected officials, the agents of its directorates."""
    roles = RoleAssignment.objects.filter(assembly=term.assembly_id, ended_at=None).exclude(role=Role.MEMBER)
    users = User.objects.filter(pk__in=roles.values("user"), is_active=True)
    return users.select_related("person").order_by("person__sort_name", "pk")


class DigestReaderForm(StyledForm):
    user = OfficerChoice(label=_("Collègue"), queryset=User.objects.none(), required=False)
    directorate = forms.ModelChoiceField(label=_("Direction"), queryset=Directorate.objects.none(), required=False)

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues_in(term)
        self.fields["directorate"].queryset = Directorate.objects.filter(assembly=term.assembly_id, closed_on=None)
        self.fields["directorate"].help_text = gettext("Chacun de ses agents la reçoit.")
        for field in self.fields.values():
            field.widget.attrs |= SEARCHABLE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("user")) == bool(data.get("directorate")):
            raise ValidationError(gettext("Choisissez un collègue ou une direction."), code="one")
        return data
