"""Queries on grants: marks, list of the committee, open data, time until the decision; content and state of papers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.documents.models import Document, Rendition
from assembly.documents.queries import latest_ready
from assembly.identity.models import User
from assembly.institution.models import Assembly
from assembly.text.french import Label, format_date, format_number
from mission.grants import rules
from mission.grants.models import (
    AGREEMENT_ABOVE,
    GrantApplication,
    GrantDocument,
    GrantScheme,
    GrantScore,
    GrantState,
    GrantState as S,
)
from opinions.papers.queries import sealing_of


def marks_by_reader(row: GrantApplication) -> dict[int, list[GrantScore]]:
    marks: dict[int, list[GrantScore]] = {}
    for each in row.scores.select_related("criterion").order_by("criterion", "pk"):
        marks.setdefault(each.reader_id, []).append(each)
    return marks


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


def days_of_steps(row: GrantApplication) -> list[tuple[str, date]]:
    """Return the days that its state does not say, each with its label; the association reads them too."""
    days = [
        (_("Déclarée complète le"), row.complete_on),
        (_("Convention signée le"), row.agreement_signed_on),
        (_("Compte rendu reçu le"), row.reported_on),
        (_("Close le"), row.ended_on if row.state == S.PAID else None),
    ]
    return [(label, day) for label, day in days if day]


def committee_list(scheme: GrantScheme) -> QuerySet[GrantApplication]:
    """Return the applications that the committee reads for a scheme, the best score first."""
    rows = GrantApplication.objects.filter(scheme=scheme, state__in=[S.COMMITTEE, *S.tagged("awarded")])
    return rows.order_by(F("score").desc(nulls_last=True), "reference__alphabetical")


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
    return rows.order_by("decided_on", "reference__alphabetical").annotate(paid=Sum("payments__amount"))


def published_without_siret(scheme: GrantScheme) -> list[GrantApplication]:
    """Return the grants whose `idBeneficiaire` is empty in the open data, which the schema allows."""
    rows = GrantApplication.objects.filter(PUBLISHED, scheme=scheme, siret="", state__in=S.tagged("awarded"))
    return list(rows.order_by("name__alphabetical", "pk").only("name", "rna"))


def published_name(row: GrantApplication) -> str:
    """Return the name of the beneficiary, empty for a natural person."""
    return "" if rules.is_natural_person(row) else row.name


def published_siret(row: GrantApplication) -> str:
    """Return the SIRET number, from which the register of companies gives a name; empty for a natural person."""
    return "" if rules.is_natural_person(row) else row.siret


def scdl_row(row: Any, paid: Sequence[date]) -> list[object]:
    """Return one line of the schema « subventions » 2.1.1 (schema.data.gouv.fr)."""
    first, last = (paid[0], paid[-1]) if paid else (row.decided_on, max(row.decided_on, row.ends_on))
    period = first.isoformat() if len(paid) == 1 else f"{first}/{last}"  # a period while no day of payment is known
    return [
        row.assembly.authority_name,
        row.assembly.siren,
        (row.agreement_signed_on or row.decided_on).isoformat(),
        row.decision_reference,
        published_name(row) or _("Personne physique"),
        published_siret(row),
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


def decisions_to_send(scheme: GrantScheme) -> QuerySet[GrantApplication]:
    """Return the decided applications whose association has not been informed yet."""
    rows = GrantApplication.objects.filter(
        scheme=scheme, state__in=GrantState.tagged("decided"), decision_sent_at=None
    )
    return rows.select_related("assembly").order_by("state", "reference__alphabetical")


def with_address(rows: Iterable[GrantApplication]) -> list[GrantApplication]:
    return [row for row in rows if row.contact_email]


type Part = tuple[str, list[tuple[str, str]], str]


@dataclass(frozen=True)
class PaperKind:
    """Kind of paper.

    `slug`: its part of the URL. `printed`, `sealed`: kinds of files, the second where a signature counts; `mark`: the
    suffix of its reference. `parts(row, reader)`: title, facts as pairs and text of each part; `reader`: the user,
    from whom a reading may be hidden. `can_print`, `is_final`: predicates of an application.
    """

    slug: str
    printed: str
    title: Label
    parts: Callable[[GrantApplication, User | None], list[Part]]
    sealed: str = ""
    mark: str = ""
    project: Label = ""
    can_print: Callable[[GrantApplication], bool] = lambda row: True
    is_final: Callable[[GrantApplication], bool] = lambda row: True

    def title_of(self, row: GrantApplication) -> str:
        return f"{self.title if self.is_final(row) else self.project}, {row.name}"


def format_amount(amount: Decimal | None) -> str:
    """Return a label such as « 28 000 € » or « 8 870,40 € »."""
    if amount is None:
        return "–"
    return f"{format_number(amount, 0 if amount == int(amount) else 2)}\u00a0€"


def identity(row: GrantApplication) -> list[tuple[str, str]]:
    return [
        (_("Association"), row.name),
        (_("SIRET"), row.siret or "–"),
        (_("RNA"), row.rna or "–"),
        (_("Dispositif"), row.scheme.name),
        (_("Projet"), row.project),
        (_("Période"), f"{format_date(row.starts_on, weekday=False)} – {format_date(row.ends_on, weekday=False)}"),
        (_("Coût du projet"), format_amount(row.cost)),
        (_("Montant demandé"), format_amount(row.requested)),
    ]


def note_parts(row: GrantApplication, reader: User | None) -> list[Part]:
    parts = [
        (_("La demande"), identity(row), row.description),
        (_("Autres financeurs"), [], row.other_funders or _("Aucun n’est indiqué.")),
        (_("Pièces"), [(str(each.piece or _("Autre")), each.upload.name) for each in documents_of(row)], ""),
    ]
    for number, reading in enumerate(readings(row, reader), 1):
        marks = [(label, f"{points} / 5") for label, points in reading.marks or ()]
        total = [(_("Total"), f"{format_number(reading.total)} / 100")] if reading.total is not None else []
        parts.append((_("Lecture %(n)s : %(name)s") % {"n": number, "name": reading.name}, [*marks, *total], ""))
    score = "–" if row.score is None else f"{format_number(row.score)} / 100"
    parts.append((_("Note retenue"), [(_("Note obtenue"), score)], row.discussion))
    parts.append((_("Avis"), [(_("Montant proposé"), format_amount(row.proposed_amount))], row.opinion))
    return parts


def decision_parts(row: GrantApplication, reader: User | None) -> list[Part]:
    params = {
        "name": row.name,
        "amount": format_amount(row.voted_amount or row.proposed_amount),
        "project": row.project,
        "scheme": row.scheme.name,
    }
    seen = (_("Vu"), identity(row), "")
    if row.state == GrantState.REJECTED:
        text = _("Aucune subvention n’est attribuée à l’association « %(name)s » pour son projet « %(project)s ».")
        day = [(_("Refusée le"), format_date(row.decided_on, weekday=False))]
        return [
            seen,
            (_("Article 1 : objet"), [], text % params),
            (_("Motif"), [], row.refusal),
            (_("Décision"), day, ""),
        ]
    text = _(
        "Il est proposé d’attribuer à l’association « %(name)s » une subvention de %(amount)s pour son projet "
        "« %(project)s », au titre du dispositif « %(scheme)s »."
    )
    if row.voted_amount:
        text = _(
            "Une subvention de %(amount)s est attribuée à l’association « %(name)s » pour son projet « %(project)s », "
            "au titre du dispositif « %(scheme)s »."
        )
    terms = _("L’association rend un compte rendu financier dans les six mois qui suivent la fin du projet.")
    if is_above_threshold(row.voted_amount or row.proposed_amount):
        terms = _("Une convention est signée avant tout versement.") + "\n" + terms
    voted = [
        (_("Référence"), row.decision_reference or "–"),
        (_("Votée le"), format_date(row.decided_on, weekday=False) or "–"),
        (_("Montant voté"), format_amount(row.voted_amount)),
    ]
    return [
        seen,
        (_("Article 1 : objet"), [], text % params),
        (_("Article 2 : conditions"), [], terms),
        (_("Décision"), voted, ""),
    ]


def agreement_parts(row: GrantApplication, reader: User | None) -> list[Part]:
    params = {
        "authority": row.assembly.authority_name,
        "name": row.name,
        "number": row.siret or row.rna,
        "amount": format_amount(row.voted_amount),
        "project": row.project,
        "starts": format_date(row.starts_on, weekday=False),
        "ends": format_date(row.ends_on, weekday=False),
        "decision": row.decision_reference,
        "day": format_date(row.decided_on, weekday=False),
    }
    articles = [
        (
            _("Entre"),
            _("%(authority)s, ci-après « la collectivité »,\net %(name)s (%(number)s), ci-après « l’association »."),
        ),
        (
            _("Article 1 : objet"),
            _(
                "L’association mène le projet « %(project)s » du %(starts)s au %(ends)s. La collectivité y contribue "
                "par une subvention, votée le %(day)s (délibération %(decision)s)."
            ),
        ),
        (
            _("Article 2 : montant et versement"),
            _(
                "La subvention est de %(amount)s. Elle est versée après la signature de la présente convention ; "
                "les versements ne dépassent pas ce montant."
            ),
        ),
        (
            _("Article 3 : engagements de l’association"),
            _(
                "L’association emploie la subvention au projet, respecte le contrat d’engagement républicain, et "
                "mentionne le soutien de la collectivité.\n"
                "Elle rend un compte rendu financier dans les six mois qui suivent la fin du projet, et tient ses "
                "comptes à la disposition de la collectivité."
            ),
        ),
        (
            _("Article 4 : reversement et fin"),
            _(
                "Ce qui n’est pas employé au projet est rendu. Si l’une des parties ne tient pas ses engagements, "
                "l’autre peut mettre fin à la convention un mois après l’avoir demandé par écrit."
            ),
        ),
    ]
    signed = [
        (_("Convention signée le"), format_date(row.agreement_signed_on, weekday=False) or "–"),
        (_("Pour la collectivité"), params["authority"]),
        (_("Pour l’association"), row.name),
    ]
    return [*((title, [], text % params) for title, text in articles), (_("Signatures"), signed, "")]


NOTE = PaperKind("note", "grant-note", gettext_lazy("Note d’instruction"), note_parts)
DECISION = PaperKind(
    "projet-de-decision",
    "grant-decision-draft",
    gettext_lazy("Décision"),
    decision_parts,
    sealed="grant-decision",
    mark="DEC",
    project=gettext_lazy("Projet de décision"),
    is_final=lambda row: row.state in GrantState.tagged("decided"),
)
AGREEMENT = PaperKind(
    "convention",
    "grant-agreement-draft",
    gettext_lazy("Convention"),
    agreement_parts,
    sealed="grant-agreement",
    mark="CONV",
    project=gettext_lazy("Projet de convention"),
    can_print=lambda row: row.voted_amount is not None,
    is_final=lambda row: row.agreement_signed_on is not None,
)
PAPERS = {paper.slug: paper for paper in (NOTE, DECISION, AGREEMENT)}

APPLICATION = "mission.GrantApplication"


def sealed_paper(row: GrantApplication, paper: PaperKind) -> Document | None:
    rendition = latest_ready(APPLICATION, str(row.pk), paper.sealed)
    return rendition.revision.document if rendition and rendition.revision else None


def can_be_sealed(row: GrantApplication, paper: PaperKind) -> bool:
    """Return whether the paper is final and not sealed yet."""
    return paper.is_final(row) and sealed_paper(row, paper) is None


@dataclass(frozen=True)
class PaperSummary:
    """Paper as its page lists it. `sealing`: the request for its seal, in progress or failed."""

    kind: PaperKind
    title: str
    document: Document | None
    sealing: Rendition | None


def papers_of(row: GrantApplication) -> list[PaperSummary]:
    papers = []
    for paper in PAPERS.values():
        if paper.can_print(row):
            may_have = paper.sealed and paper.is_final(row)
            document = sealed_paper(row, paper) if may_have else None
            sealing = sealing_of(row, paper.sealed) if may_have and document is None else None
            title = str(paper.title if paper.is_final(row) else paper.project)
            papers.append(PaperSummary(paper, title, document, sealing))
    return papers
