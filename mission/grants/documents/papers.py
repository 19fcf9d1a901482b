"""Content of the papers of an application: the PDF, the sealed file and the Word file share one text."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.text.french import Label, format_date, format_number
from mission.grants import queries
from mission.grants.enums import GrantState
from mission.grants.models import GrantApplication

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
        (_("Pièces"), [(str(each.piece or _("Autre")), each.upload.name) for each in queries.documents_of(row)], ""),
    ]
    for number, reading in enumerate(queries.readings(row, reader), 1):
        marks = [(label, f"{points} / 5") for label, points in reading.marks or ()]
        total = [(_("Total"), f"{format_number(reading.total)} / 100")] if reading.total is not None else []
        parts.append((_("Lecture %(n)s : %(name)s") % {"n": number, "name": reading.name}, [*marks, *total], ""))
    score = "–" if row.score is None else f"{format_number(row.score)} / 100"
    parts.append((_("Note retenue"), [(_("Note"), score)], row.discussion))
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
    if queries.is_above_threshold(row.voted_amount or row.proposed_amount):
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
