"""Open data of the register of hashes: the lines that `/publications/registre.jsonl` publishes."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import ManifestEntry
from assembly.open_data.registry import DataColumn, DataSet, DataType
from assembly.text.french import local_day


def register_lines() -> QuerySet[ManifestEntry]:
    """Return the lines in their order, each with the reference and the revision that it names."""
    return ManifestEntry.objects.select_related("revision__document").order_by("seq")


HASH_DATA = DataSet(
    "empreintes",
    _("Empreintes des documents"),
    _("Une ligne par fichier scellé : référence, jour, empreinte SHA-256. Chaque ligne prouve la précédente."),
    rows=register_lines,
    columns=[
        DataColumn("numero", _("Numéro"), "seq", DataType.INTEGER, _("Rang dans le registre")),
        DataColumn("reference", _("Référence"), "revision.document.reference", description=_("Référence imprimée")),
        DataColumn("revision", _("Révision"), "revision.number", DataType.INTEGER),
        DataColumn("inscrite_le", _("Inscrite le"), "entered_at", DataType.MOMENT),
        DataColumn("sha256", _("SHA-256"), "sha256", description=_("Empreinte du fichier")),
        DataColumn("empreinte_precedente", _("Empreinte précédente"), "prev_hash"),
        DataColumn("empreinte_ligne", _("Empreinte de la ligne"), "entry_hash"),
    ],
    changed_on=lambda row: local_day(row.entered_at),
    order=90,
)
