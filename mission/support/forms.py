"""Forms of the support: the request of a directorate, a session of training, its certificates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.web.forms import StyledForm, text_box
from mission.registers.forms import AssemblyScopedForm, RowLineForm
from mission.support.models import SupportRequest, TrainingLine
from mission.support.queries import asks_for


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


class TrainingForm(RowLineForm):
    """Form of a session: the number of people present is entered only once it was held."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("attended") is not None and (day := data.get("held_on")) and day > timezone.localdate():
            self.add_error("attended", gettext("Cette session n’est pas encore tenue."))
        return data


class CertificatesForm(StyledForm):
    """Form of one name a line, of people who were there; the names are printed and never stored."""

    names = text_box(_("Noms, un par ligne"), 6000, 8)

    def __init__(self, *args: Any, training: TrainingLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training = training

    def clean_names(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        names = list(dict.fromkeys(lines))
        if len(names) > (self.training.attended or 0):
            text = gettext("Il y a plus de noms que de personnes présentes (%(n)s).")
            raise ValidationError(text % {"n": self.training.attended or 0}, code="many")
        if any(len(name) > 120 for name in names):
            raise ValidationError(gettext("Un nom tient en 120 caractères."), code="long")
        return names
