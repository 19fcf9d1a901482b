"""Register of method sheets: its columns, form and filters."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assembly.lists import Column, by_choice, column
from mission.methods.enums import MethodState as S
from mission.methods.models import MethodSheet
from mission.methods.workflow import STEPS
from mission.registers.declaration import Lines, Register, Section, register


def method_lines(key: str, model: Any) -> Lines:
    """Return the lines below a row that advise methods in use, each once."""
    return Lines(key, model, _("Méthodes conseillées"), _("Conseiller une méthode")).asking(
        ["method", "why"],
        columns=[
            "method",
            Column(_("Effort"), "method.get_effort_display"),
            Column(_("Groupe"), "method.group_label"),
            Column(_("Coût, €"), "method.cost"),
            "why",
        ],
        limits={"method": Q(state=S.IN_USE)},
        distinct="method",
    )


METHODS = register(
    Register(
        key="methods",
        slug="fiches-methodes",
        model=MethodSheet,
        prefix="FM",
        title=_("Fiches méthodes"),
        new=_("Ajouter une fiche"),
        noun_with_article=_("la fiche"),
        counted=ngettext_lazy("%(n)s fiche", "%(n)s fiches", "n"),
        empty=_("Réunion publique, marche exploratoire, atelier : ce que chacune demande, et pour qui."),
        icon="lightbulb",
        order=82,
        sections=[
            Section(_("La méthode"), ["name", "purpose", "method"]),
            Section(_("Ce qu’elle demande"), ["effort", "work_days", "group_min", "group_max", "cost"]),
        ],
        columns=[
            column(MethodSheet, "purpose", "usage"),
            column(MethodSheet, "effort"),
            Column(_("Groupe"), "group_label", "groupe", ["group_min"]),
            column(MethodSheet, "cost", "cout"),
        ],
        filters=[by_choice(MethodSheet, "effort", "effort")],
        search=("name", "purpose", "reference"),
        steps=STEPS,
        path=[S.DRAFT, S.IN_USE, S.RETIRED],
    )
)
