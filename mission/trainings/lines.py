"""Sessions of training below a row of a register: their form, and how the page shows them."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.lists import Column
from assembly.text.french import format_number
from mission.registers.declaration import Lines
from mission.registers.forms import RowLineForm
from mission.trainings.models import TrainingLine


class TrainingForm(RowLineForm):
    """Form of a session: the number of people present is entered only once it was held."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("attended") is not None and (day := data.get("held_on")) and day > timezone.localdate():
            self.add_error("attended", gettext("Cette session n’est pas encore tenue."))
        return data


def presence_label(line: TrainingLine) -> str:
    """Return « 8 sur 12 inscrits », or « 12 inscrits » before the session."""
    if line.attended is None:
        return ngettext("%(n)s inscrit", "%(n)s inscrits", line.registered) % {"n": line.registered}
    params = {"n": line.attended, "of": line.registered}
    return ngettext("%(n)s sur %(of)s inscrit", "%(n)s sur %(of)s inscrits", line.registered) % params


def satisfaction_label(line: TrainingLine) -> str:
    """Return « 4,2 sur 5 (7 réponses) »; empty without answers."""
    if line.satisfaction is None:
        return ""
    params = {"note": format_number(line.satisfaction), "n": line.answers}
    return ngettext("%(note)s sur 5 (%(n)s réponse)", "%(note)s sur 5 (%(n)s réponses)", line.answers) % params


def training_lines(key: str, model: Any, certificates: str) -> Lines:
    """Return those below a row; `certificates`: the route of the page that prints them, of (row, line)."""

    def certificate_link(line: Any) -> str:
        address = reverse(certificates, args=[line.row_id, line.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Attestations")) if line.attended else ""

    return Lines(key, model, _("Formations"), _("Ajouter une session")).asking(
        ["title", "held_on", "hours", "place", "registered", "attended", "answers", "satisfaction"],
        columns=[
            *("title", "held_on", "place"),
            Column(_("Présents"), presence_label),
            Column(_("Satisfaction"), satisfaction_label),
            Column(_("Pour les présents"), certificate_link),
        ],
        order=["held_on", "pk"],
        form=TrainingForm,
        helps={"satisfaction": _("Moyenne des réponses, de 1 (pas du tout) à 5 (tout à fait).")},
    )
