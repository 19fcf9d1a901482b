"""Certificates of attendance at a session of training."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import StyledForm, text_box
from mission.trainings.models import TrainingLine


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
