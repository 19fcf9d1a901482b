"""Queries on grants: marks, list of the committee, open data, time until the decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.identity.models import User
from assembly.institution.models import Assembly
from mission.grants import rules
from mission.grants.actions import marks_by_reader
from mission.grants.enums import AGREEMENT_ABOVE
from mission.grants.enums import GrantState as S
from mission.grants.models import GrantApplication, GrantDocument, GrantScheme

SCDL = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)


@dataclass(frozen=True)
class ReaderMarks:
    """Marks of one reader; `marks` is None while it is hidden from the user, or not given."""

    name: str
    is_given: bool
    total: Decimal | None
    marks: list[tuple[str, int]] | None


def readings(row: GrantApplication, looks: User | None) -> list[ReaderMarks]:
    """Return both readings; a user who still has to give marks sees those of nobody else."""
    hidden = looks is not None and rules.is_blind(looks, row)
    marks = {} if hidden else marks_by_reader(row)
    readers = []
    for reader, read_at in ((row.first_reader, row.first_read_at), (row.second_reader, row.second_read_at)):
        if reader is not None:
            scores = marks.get(reader.pk)
            pairs = [(score.criterion.label, score.points) for score in scores] if scores else None
            total = rules.weighted(scores) if scores else None
            readers.append(ReaderMarks(reader.get_full_name(), read_at is not None, total, pairs))
    return readers


def documents_of(row: GrantApplication) -> QuerySet[GrantDocument]:
    return row.documents.select_related("piece", "upload__blob").order_by("piece", "pk")


def committee_list(scheme: GrantScheme) -> QuerySet[GrantApplication]:
    """Return the applications that the committee reads for a scheme, the best score first."""
    rows = GrantApplication.objects.filter(scheme=scheme, state__in=[S.COMMITTEE, *S.tagged("awarded")])
    return rows.order_by(F("score").desc(nulls_last=True), "reference")


def committee_totals(rows: Iterable[GrantApplication]) -> dict[str, Decimal]:
    totals = {"requested": Decimal(0), "proposed": Decimal(0), "voted": Decimal(0)}
    for row in rows:
        totals["requested"] += row.requested
        totals["proposed"] += row.proposed_amount or 0
        totals["voted"] += row.voted_amount or 0
    return totals


def is_above_threshold(amount: Decimal | None) -> bool:
    """Return whether an agreement must be signed for this amount."""
    return amount is not None and amount > AGREEMENT_ABOVE


# Those that the law requires to publish, and all of a scheme that publishes all.
PUBLISHED = Q(voted_amount__gte=AGREEMENT_ABOVE) | Q(scheme__publishes_all=True)


def public_grants() -> QuerySet[GrantApplication]:
    """Return the voted grants that anybody may read, with the sum `paid`."""
    rows = GrantApplication.objects.filter(PUBLISHED, state__in=S.tagged("awarded")).select_related(
        "scheme", "assembly"
    )
    return rows.order_by("decided_on", "reference").annotate(paid=Sum("payments__amount"))


def published_without_siret(scheme: GrantScheme) -> list[GrantApplication]:
    """Return the grants whose `idBeneficiaire` is empty in the open data, which the schema allows."""
    rows = GrantApplication.objects.filter(PUBLISHED, scheme=scheme, siret="", state__in=S.tagged("awarded"))
    return list(rows.order_by("name__alphabetical", "pk").only("name", "rna"))


def scdl_row(row: Any, paid: Sequence[date]) -> list[object]:
    """Return one line of the schema « subventions » 2.1.1 (schema.data.gouv.fr)."""
    first, last = (paid[0], paid[-1]) if paid else (row.decided_on, max(row.decided_on, row.ends_on))
    period = first.isoformat() if len(paid) == 1 else f"{first}/{last}"  # a period while no day of payment is known
    return [
        row.assembly.authority_name,
        row.assembly.siren,
        (row.agreement_signed_on or row.decided_on).isoformat(),
        row.decision_reference,
        row.name,
        row.siret,
        row.rna,
        row.project,
        f"{row.voted_amount:.2f}",
        "aide en numéraire",
        "échelonné" if len(paid) > 1 else "unique",
        period,
        "",
        "non",
        "1",
        row.scheme.name,
    ]


def scdl_rows() -> list[list[object]]:
    rows = public_grants().prefetch_related("payments")
    return [scdl_row(row, sorted(each.paid_on for each in row.payments.all())) for row in rows]


def median_days(assembly: Assembly | int, since: date | None = None) -> float | None:
    """Return the median of days from reception to decision, for decisions since that day; None without any."""
    rows = GrantApplication.objects.filter(assembly=assembly, decided_on__isnull=False)
    if since:
        rows = rows.filter(decided_on__gte=since)
    pairs = rows.values_list("received_on", "decided_on")
    days = [(decided - received).days for received, decided in pairs if decided]
    return median(days) if days else None


def median_sentence(assembly: Assembly | int) -> str:
    days = median_days(assembly)
    if days is None:
        return _("Aucune demande n’est encore décidée.")
    text = ngettext(
        "La moitié des demandes est décidée en %(days)s jour ou moins.",
        "La moitié des demandes est décidée en %(days)s jours ou moins.",
        int(days),
    )
    return text % {"days": f"{days:g}".replace(".", ",")}
