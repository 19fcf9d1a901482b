"""What is told of grants: marks, the list of the committee, the open data, how long it takes."""

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
from mission.grants.enums import AGREEMENT_ABOVE, AWARDED
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
    """What one reader gave: `marks` is None as long as it is hidden from whoever looks, or not given."""

    name: str
    is_given: bool
    total: Decimal | None
    marks: list[tuple[str, int]] | None


def readings(row: GrantApplication, looks: User | None) -> list[ReaderMarks]:
    """Both readings. Whoever still has to give marks sees nobody else’s."""
    hidden = looks is not None and rules.is_blind(looks, row)
    marks = {} if hidden else marks_by_reader(row)
    found = []
    for reader, is_given in ((row.first_reader, row.first_read_at), (row.second_reader, row.second_read_at)):
        if reader is not None:
            own = marks.get(reader.pk)
            told = [(score.criterion.label, score.points) for score in own] if own else None
            total = rules.weighted(own) if own else None
            found.append(ReaderMarks(reader.get_full_name(), is_given is not None, total, told))
    return found


def documents_of(row: GrantApplication) -> QuerySet[GrantDocument]:
    return row.documents.select_related("piece", "upload__blob").order_by("piece", "pk")


def committee_list(scheme: GrantScheme) -> QuerySet[GrantApplication]:
    """What the committee reads of a scheme, the best score first."""
    rows = GrantApplication.objects.filter(scheme=scheme, state__in=[S.COMMITTEE, *AWARDED])
    return rows.order_by(F("score").desc(nulls_last=True), "reference")


def committee_totals(rows: Iterable[GrantApplication]) -> dict[str, Decimal]:
    found = {"requested": Decimal(0), "proposed": Decimal(0), "voted": Decimal(0)}
    for row in rows:
        found["requested"] += row.requested
        found["proposed"] += row.proposed_amount or 0
        found["voted"] += row.voted_amount or 0
    return found


def is_above_threshold(amount: Decimal | None) -> bool:
    """Of the sums for which an agreement is signed."""
    return amount is not None and amount > AGREEMENT_ABOVE


# Those that the law names, and all of a scheme that says so.
PUBLISHED = Q(voted_amount__gte=AGREEMENT_ABOVE) | Q(scheme__publishes_all=True)


def public_grants() -> QuerySet[GrantApplication]:
    """Voted grants that anybody may read."""
    rows = GrantApplication.objects.filter(PUBLISHED, state__in=AWARDED).select_related("scheme", "assembly")
    return rows.order_by("decided_on", "reference").annotate(paid=Sum("payments__amount"))


def published_without_siret(scheme: GrantScheme) -> list[GrantApplication]:
    """Those of a scheme whose `idBeneficiaire` is empty in the open data, as the schema allows."""
    rows = GrantApplication.objects.filter(PUBLISHED, scheme=scheme, siret="", state__in=AWARDED)
    return list(rows.order_by("name__alphabetical", "pk").only("name", "rna"))


def scdl_row(row: Any, paid: Sequence[date]) -> list[object]:
    """One line of the schema « subventions » 2.1.1 (schema.data.gouv.fr)."""
    first, last = (paid[0], paid[-1]) if paid else (row.decided_on, max(row.decided_on, row.ends_on))
    period = first.isoformat() if len(paid) == 1 else f"{first}/{last}"  # a period where no day is known yet
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
    """Days from the reception to the decision, for those decided since that day; half took less. None without any."""
    rows = GrantApplication.objects.filter(assembly=assembly, decided_on__isnull=False)
    if since:
        rows = rows.filter(decided_on__gte=since)
    pairs = rows.values_list("received_on", "decided_on")
    days = [(decided - received).days for received, decided in pairs if decided]
    return median(days) if days else None


def median_words(assembly: Assembly | int) -> str:
    found = median_days(assembly)
    if found is None:
        return _("Aucune demande n’est encore décidée.")
    words = ngettext(
        "La moitié des demandes est décidée en %(days)s jour ou moins.",
        "La moitié des demandes est décidée en %(days)s jours ou moins.",
        int(found),
    )
    return words % {"days": f"{found:g}".replace(".", ",")}
