"""Form of a subscriber: a contact of a partner, with the agreement that they gave."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.text.french import format_date, local_day
from mission.mailings.models import ConsentMeans, ListSubscriber, ListWithdrawal
from mission.mailings.rules import address_digest
from mission.partners.models import PartnerContact
from mission.registers.forms import RowLineForm


class ContactChoice(forms.ModelChoiceField):
    def label_from_instance(self, contact: PartnerContact) -> str:  # type: ignore[override]  # -- a narrower type
        return f"{contact.person.full_name}, {contact.row.name}"


class SubscriberForm(RowLineForm):
    """Form of a subscriber: the contact is chosen once; the agreement may be corrected."""

    contact = ContactChoice(
        label=_("Contact"),
        queryset=PartnerContact.objects.none(),
        help_text=_("Les contacts des partenaires qui ont un courriel."),
    )
    field_order = ["contact", "means", "consent_on", "proof"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["contact"]
            return
        rows = PartnerContact.objects.filter(row__assembly=self.row.assembly_id, row__merged_into=None)
        rows = rows.exclude(person__email="").select_related("person", "row")
        self.fields["contact"].queryset = rows.order_by("person__sort_name", "pk")  # type: ignore[attr-defined]  # -- a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        means, on = data.get("means"), data.get("consent_on")
        if on and on > timezone.localdate():
            self.add_error("consent_on", ValidationError(gettext("Ce jour n’est pas encore venu."), code="future"))
        if self.instance.pk:
            self.check_means(means)
            return data
        if means == ConsentMeans.LINK:
            data["consent_on"] = None
        elif means and not on and "consent_on" not in self.errors:
            text = gettext("Dites quel jour l’accord a été donné.")
            self.add_error("consent_on", ValidationError(text, code="required"))
        if contact := data.get("contact"):
            self.check_person(contact, means, on)
        return data

    def check_means(self, means: str | None) -> None:
        """Add an error if the means changes to or from the link: the line must be removed and noted again."""
        if means and (means == ConsentMeans.LINK) != (self.instance.means == ConsentMeans.LINK):
            text = gettext("Pour un accord donné autrement, retirez cet abonnement et notez-le de nouveau.")
            self.add_error("means", ValidationError(text, code="means"))

    def check_person(self, contact: PartnerContact, means: str | None, on: Any) -> None:
        if ListSubscriber.objects.filter(row=self.row, person=contact.person).exists():
            self.add_error("contact", ValidationError(gettext("Cette personne y est déjà."), code="twice"))
        left = ListWithdrawal.objects.filter(row=self.row, digest=address_digest(contact.person.email)).first()
        if left and contact.person.email and means != ConsentMeans.LINK and on and on <= local_day(left.withdrawn_at):
            text = gettext("Cette adresse s’est retirée le %(day)s : il faut un accord donné depuis.")
            params = {"day": format_date(left.withdrawn_at, weekday=False)}
            self.add_error("consent_on", ValidationError(text % params, code="withdrawn"))
