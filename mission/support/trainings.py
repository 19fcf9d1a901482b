"""Sessions of training: how a request shows them, what is asked of one, and the certificates of who was there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.ui.forms import StyledForm, text_box
from assembly.ui.lists import Column
from assembly.ui.words import number_words
from mission.registers.declaration import Lines
from mission.registers.forms import RowLineForm
from mission.support.models import Training


class TrainingForm(RowLineForm):
    """Who was there is known once it was held."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("attended") is not None and (day := data.get("held_on")) and day > timezone.localdate():
            self.add_error("attended", gettext("Cette session n’est pas encore tenue."))
        return data


class CertificatesForm(StyledForm):
    """One name a line, of people who were there; the names go on the paper and nowhere else."""

    names = text_box(_("Noms, un par ligne"), 6000, 8)

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training = training

    def clean_names(self) -> list[str]:
        found = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        names = list(dict.fromkeys(found))
        if len(names) > (self.training.attended or 0):
            words = gettext("%(n)s personnes étaient présentes : pas plus de noms.")
            raise ValidationError(words % {"n": self.training.attended}, code="many")
        if any(len(name) > 120 for name in names):
            raise ValidationError(gettext("Un nom tient en 120 caractères."), code="long")
        return names


def presence_words(line: Training) -> str:
    """« 8 sur 12 inscrits », « 12 inscrits » before the session."""
    if line.attended is None:
        return ngettext("%(n)s inscrit", "%(n)s inscrits", line.registered) % {"n": line.registered}
    told = {"n": line.attended, "of": line.registered}
    return ngettext("%(n)s sur %(of)s inscrit", "%(n)s sur %(of)s inscrits", line.registered) % told


def satisfaction_words(line: Training) -> str:
    """« 4,2 sur 5 (7 réponses) »."""
    if line.satisfaction is None:
        return ""
    told = {"note": number_words(line.satisfaction), "n": line.answers}
    return ngettext("%(note)s sur 5 (%(n)s réponse)", "%(note)s sur 5 (%(n)s réponses)", line.answers) % told


def certificate_link(line: Training) -> str:
    if not line.attended:
        return ""
    address = reverse("mission:support-certificates", args=[line.row_id, line.pk])
    return format_html('<a href="{}">{}</a>', address, gettext("Attestations"))


TRAININGS = Lines("formations", Training, _("Formations"), _("Ajouter une session")).asking(
    ["title", "held_on", "hours", "place", "registered", "attended", "answers", "satisfaction"],
    columns=[
        *("title", "held_on", "place"),
        Column(_("Présents"), presence_words),
        Column(_("Satisfaction"), satisfaction_words),
        Column(_("Pour les présents"), certificate_link),
    ],
    order=["held_on", "pk"],
    form=TrainingForm,
    helps={"satisfaction": _("Moyenne des réponses, 1 : pas du tout, 5 : tout à fait.")},
)
