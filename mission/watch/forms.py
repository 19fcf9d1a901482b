"""Forms of a source, of an item, and of a recipient of the letters."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import User
from assembly.institution.models import Directorate, Role, RoleAssignment, Term
from assembly.web.forms import SEARCHABLE, StyledForm
from consultations.referrals.forms import OfficerChoice
from mission.fetcher.fetching import SENTENCES
from mission.fetcher.policy import CLOSED, FeedRefused, parse_address
from mission.registers.forms import RegisterForm
from mission.watch import rules


class WatchSourceForm(RegisterForm):
    """Form of a source. It refuses an address that the fetcher would refuse; a new one begins without failures."""

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address:
            try:
                parse_address(address, CLOSED)
            except FeedRefused as refused:
                raise ValidationError(SENTENCES[refused.code], code=refused.code) from None
        return address

    def values(self) -> dict[str, Any]:
        fresh = {"etag": "", "modified": "", "failures": 0, "failing_since": None, "refusal": ""}
        again = fresh | {"next_fetch_at": timezone.now()} if "address" in self.changed_data else {}
        return super().values() | again


class WatchItemForm(RegisterForm):
    """Form of an item: it refuses a double, and names the first one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        link, title = data.get("link") or "", data.get("name") or ""
        double = rules.double_of(self.term.assembly_id, link, title, timezone.localdate(), but=self.instance.pk)
        if double and title:
            text = gettext("C’est déjà noté : %(reference)s, « %(name)s ».")
            at = "link" if rules.address_key(link) == double.address_key != "" else "name"
            self.add_error(at, text % {"reference": double.reference, "name": double.name})
        return data

    def values(self) -> dict[str, Any]:
        data = super().values()
        return data | {"address_key": rules.address_key(data["link"]), "title_key": rules.title_key(data["name"])}


class DigestReaderForm(StyledForm):
    user = OfficerChoice(label=_("Collègue"), queryset=User.objects.none(), required=False)
    directorate = forms.ModelChoiceField(label=_("Direction"), queryset=Directorate.objects.none(), required=False)

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = RoleAssignment.objects.filter(assembly=term.assembly_id, ended_at=None).exclude(role=Role.MEMBER)
        users = User.objects.filter(pk__in=roles.values("user"), is_active=True)
        self.fields["user"].queryset = users.select_related("person").order_by("person__sort_name", "pk")
        self.fields["directorate"].queryset = Directorate.objects.filter(assembly=term.assembly_id, closed_on=None)
        self.fields["directorate"].help_text = gettext("Chacun de ses agents la reçoit.")
        for field in self.fields.values():
            field.widget.attrs |= SEARCHABLE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("user")) == bool(data.get("directorate")):
            raise ValidationError(gettext("Choisissez un collègue ou une direction."), code="one")
        return data
