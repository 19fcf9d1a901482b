"""Form with which a directorate asks for support."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mission.registers.forms import AssemblyScopedForm
from mission.support.actions import asks_for
from mission.support.models import SupportRequest


class AskForm(AssemblyScopedForm):
    """Form of a request: need, policy, due day. It asks which directorate only of users of several, and only once."""

    class Meta:
        model = SupportRequest
        fields = ("directorate", "name", "need", "policy", "due_on")
        labels = {"name": _("Votre projet, en une ligne"), "need": _("Ce dont vous avez besoin")}
        help_texts = {
            "need": _("Ce que vous préparez, avec qui, ce qui est déjà décidé et ce qui ne l’est pas."),
            "due_on": _("Jusqu’à quand une réponse vous est utile."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.assembly_id = self.term.assembly_id
        own = list(asks_for(self.user, self.term)) if self.user else []
        self.only = own[0] if len(own) == 1 else None
        if self.only or self.instance.pk:
            del self.fields["directorate"]
        else:
            directorate: Any = self.fields["directorate"]
            directorate.required = True
            directorate.queryset = directorate.queryset.filter(pk__in=[one.pk for one in own])

    def asked(self) -> dict[str, Any]:
        """Return the directorate, and the other values."""
        values = self.values()
        return {"directorate": self.only or values.pop("directorate"), "values": values}

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day and day < timezone.localdate() and "due_on" in self.changed_data:
            raise ValidationError(gettext("Ce jour est passé."), code="past")
        return day
