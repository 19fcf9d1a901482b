"""Register of rooms, equipment and vehicles: its columns, form and filters."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assembly.lists import by_choice, column
from mission.registers.declaration import Register, Section, register
from mission.resources.enums import ResourceState as S
from mission.resources.models import Resource
from mission.resources.workflow import STEPS

RESOURCES = register(
    Register(
        key="resources",
        slug="salles-et-materiel",
        model=Resource,
        prefix="SM",
        title=_("Salles et matériel"),
        new=_("Ajouter une salle ou du matériel"),
        noun_with_article=_("la salle ou le matériel"),
        counted=ngettext_lazy("%(n)s salle ou matériel", "%(n)s salles et matériels", "n"),
        empty=_("Ce qui se réserve : salles, sonorisation, isoloirs, véhicules."),
        icon="building",
        order=51,
        sections=[
            Section(_("Ce qui se réserve"), ["name", "kind", "place", "capacity", "is_accessible"]),
            Section(_("Suivi"), ["keeper", "owner", "notes"]),
        ],
        helps={"keeper": _("Le service, son numéro ou son courriel ; pas le nom d’une personne.")},
        columns=[
            column(Resource, "kind", "type"),
            column(Resource, "place", "lieu"),
            column(Resource, "capacity", "places"),
            column(Resource, "is_accessible", "fauteuil"),
        ],
        filters=[by_choice(Resource, "kind", "type")],
        search=("name", "place", "reference"),
        steps=STEPS,
        path=[S.IN_SERVICE, S.WITHDRAWN],
        identity=("name", "place"),
    )
)
