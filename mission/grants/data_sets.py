"""Open data of the voted grants: those of `/subventions/subventions.csv`, in the columns of the other sets."""

from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import DataColumn, DataSet, DataType
from mission.grants.queries import public_grants, published_name, published_siret

GRANT_DATA = DataSet(
    "subventions",
    _("Subventions"),
    _("Une ligne par aide votée à une association. Jamais le nom d’une personne physique."),
    rows=public_grants,
    columns=[
        DataColumn(
            "beneficiaire", _("Bénéficiaire"), published_name, description=_("Vide pour une personne physique")
        ),
        DataColumn("siret", _("SIRET"), published_siret),
        DataColumn("rna", _("RNA"), "rna"),
        DataColumn("dispositif", _("Dispositif"), "scheme.name"),
        DataColumn("projet", _("Projet"), "project"),
        DataColumn("montant", _("Montant voté, en euros"), "voted_amount", DataType.NUMBER),
        DataColumn("votee_le", _("Votée le"), "decided_on", DataType.DAY, _("Jour de la décision")),
        DataColumn("decision", _("Décision"), "decision_reference", description=_("Référence de la délibération")),
        DataColumn("convention_le", _("Convention signée le"), "agreement_signed_on", DataType.DAY),
    ],
    changed_on=lambda row: row.decided_on,
    order=85,
)
