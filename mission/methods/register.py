"""Method sheets: what their register shows and asks."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mission.methods.enums import MethodState as S
from mission.methods.models import MethodSheet
from mission.methods.workflow import MOVES
from mission.registers.columns import by_choice, column
from mission.registers.declaration import Register, RegisterColumn, Section, register

METHODS = register(
    Register(
        key="methods",
        slug="fiches-methodes",
        model=MethodSheet,
        prefix="FM",
        title=_("Fiches méthodes"),
        new=_("Ajouter une fiche"),
        the=_("la fiche"),
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
            RegisterColumn(_("Groupe"), "group_words", "groupe", ["group_min"]),
            column(MethodSheet, "cost", "cout"),
        ],
        filters=[by_choice(MethodSheet, "effort", "effort")],
        search=("name", "purpose", "reference"),
        moves=MOVES,
        path=[S.DRAFT, S.IN_USE, S.RETIRED],
    )
)
