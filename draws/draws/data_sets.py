"""Open data of the draws by lot: what their public pages show, without the names of anybody."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from assembly.text.french import local_day
from draws.draws.models import Draw, DrawState
from draws.draws.queries.announced import public_draws
from draws.draws.queries.records import sums

S = DrawState
STATES = {
    S.ANNOUNCED: "annonce",
    S.DRAWN: "tire",
    S.CERTIFIED: "constate",
    S.REVEALED: "revele",
    S.VOID: "annule",
}


def draw_row(reference: str) -> Any:
    """Return a draw as its page reads it, or None."""
    row: Any = Draw.objects.public().with_dossier().select_related("result").filter(reference=reference).first()
    known = public_draws().filter(reference=reference).values_list("lots_sha256", flat=True).first()
    if row is None or known is None:
        return None
    row.lots_sha256 = known
    return row


def of_result(name: str) -> Any:
    """Return a function of a draw that reads a field of its result, once it took place."""
    return lambda row: getattr(getattr(row, "result", None), name, None) if row.drawn_at else None


def ticket_of(draw: Draw) -> str:
    ticket = of_result("ticket")(draw)
    return "" if ticket is None else f"{ticket:04}"


FILE = [
    DataColumn("nom", _("Nom"), lambda row: row["name"]),
    DataColumn("sha256", _("SHA-256"), lambda row: row["sha256"]),
    DataColumn("adresse", _("Adresse"), lambda row: row["address"], DataType.ADDRESS),
]


def files_of(draw: Draw) -> list[dict[str, str]]:
    """Return the public files of a draw with their hashes."""
    return [
        {"name": name, "sha256": digest, "address": f"/tirages/{draw.reference}/{name}"} for name, digest in sums(draw)
    ]


DRAW_DATA = DataSet(
    "tirages",
    _("Tirages au sort"),
    _("Une ligne par tirage annoncé : boules, dés, billet, empreintes des fichiers."),
    rows=public_draws,
    columns=[
        DataColumn("reference", _("Référence"), "reference", description=_("Par exemple AC2-TIRAGE-1")),
        DataColumn("fonction", _("Fonction"), "title", description=_("Vide pour le tirage des membres")),
        DataColumn("etat", _("État"), "state", DataType.CODE, codes=STATES),
        DataColumn("annonce_le", _("Annoncé le"), lambda row: local_day(row.announced_at), DataType.DAY),
        DataColumn("prevu_le", _("Prévu le"), "takes_place_at", DataType.MOMENT),
        DataColumn("lieu", _("Lieu"), "place"),
        DataColumn(
            "inscrits", _("Inscrits"), "pool.size", DataType.INTEGER, _("Nombre de personnes sur la liste figée")
        ),
        DataColumn("sieges", _("Places à tirer"), "pool.quotas.seats", DataType.INTEGER),
        DataColumn("tire_le", _("Tiré le"), of_result("drawn_at"), DataType.MOMENT),
        DataColumn("boules", _("Boules"), of_result("balls"), description=_("Les quatre chiffres tirés")),
        DataColumn("des", _("Dés"), of_result("dice")),
        DataColumn("billet", _("Billet"), ticket_of, description=_("Numéro du billet désigné")),
        DataColumn("lot", _("Lot"), of_result("lot"), DataType.INTEGER),
        DataColumn("graine", _("Graine"), of_result("seed")),
        DataColumn(
            "sha256_liste",
            _("Empreinte de la liste"),
            "pool.sha256",
            description=_("De la liste, qui n’est pas publique"),
        ),
        DataColumn("sha256_quotas", _("Empreinte des quotas"), "pool.quotas.sha256"),
        DataColumn("sha256_lots", _("Empreinte des lots"), "lots_sha256"),
        DataColumn("sha256_table", _("Empreinte de la table des pseudonymes"), "pool.table_sha256"),
        DataColumn("motif_annulation", _("Motif de l’annulation"), "void_reason"),
        DataColumn("page", _("Page"), lambda row: f"/tirages/{row.reference}/", DataType.ADDRESS),
    ],
    changed_on=lambda row: local_day(row.voided_at or row.revealed_at or row.drawn_at or row.announced_at),
    page=PageData(
        "tirages/",
        _("Un tirage et ses fichiers"),
        "AC2-TIRAGE-1",
        find=draw_row,
        more=[DataColumn("fichiers", _("Fichiers"), files_of, DataType.OBJECTS, columns=FILE)],
    ),
    order=80,
)
