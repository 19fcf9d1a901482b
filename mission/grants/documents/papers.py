"""The note of assessment and the draft decision: what each says, and its PDF. Equal facts, equal bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.identity.models import User
from assembly.ui.words import date_words, number_words
from mission.grants import queries
from mission.grants.enums import AGREEMENT_ABOVE
from mission.grants.models import GrantApplication

NOTE, DECISION = "note", "projet-de-decision"
KINDS = (NOTE, DECISION)


@dataclass(frozen=True)
class Paper:
    """`parts`: title of each, then facts as pairs or a text."""

    assembly: Any
    title: str
    reference: str
    made_at: datetime
    parts: list[tuple[str, list[tuple[str, str]], str]]


def amount_words(amount: Any) -> str:
    return "–" if amount is None else f"{number_words(amount)} €"


def paper(row: GrantApplication, kind: str, reader: User | None) -> Paper:
    made = note_parts(row, reader) if kind == NOTE else decision_parts(row)
    title = _("Note d’instruction") if kind == NOTE else _("Projet de décision")
    return Paper(row.assembly, f"{title}, {row.name}", row.reference, timezone.localtime(row.changed_at), made)


def identity(row: GrantApplication) -> list[tuple[str, str]]:
    return [
        (_("Association"), row.name),
        (_("SIRET"), row.siret),
        (_("RNA"), row.rna or "–"),
        (_("Dispositif"), row.scheme.name),
        (_("Projet"), row.project),
        (_("Période"), f"{date_words(row.starts_on, weekday=False)} – {date_words(row.ends_on, weekday=False)}"),
        (_("Coût du projet"), amount_words(row.cost)),
        (_("Montant demandé"), amount_words(row.requested)),
    ]


def note_parts(row: GrantApplication, reader: User | None) -> list[tuple[str, list[tuple[str, str]], str]]:
    parts = [
        (_("La demande"), identity(row), row.description),
        (_("Autres financeurs"), [], row.other_funders or _("Aucun n’est indiqué.")),
        (_("Pièces"), [(str(each.piece or _("Autre")), each.upload.name) for each in queries.documents_of(row)], ""),
    ]
    for number, reading in enumerate(queries.readings(row, reader), 1):
        marks = [(label, f"{points} / 5") for label, points in reading.marks or ()]
        total = [(_("Total"), f"{number_words(reading.total)} / 100")] if reading.total is not None else []
        parts.append((_("Lecture %(n)s : %(name)s") % {"n": number, "name": reading.name}, [*marks, *total], ""))
    score = "–" if row.score is None else f"{number_words(row.score)} / 100"
    parts.append((_("Note retenue"), [(_("Note"), score)], row.discussion))
    parts.append((_("Avis"), [(_("Montant proposé"), amount_words(row.proposed_amount))], row.opinion))
    return parts


def decision_parts(row: GrantApplication) -> list[tuple[str, list[tuple[str, str]], str]]:
    amount = row.voted_amount or row.proposed_amount
    words = _(
        "Il est proposé d’attribuer à l’association « %(name)s » une subvention de %(amount)s pour son projet "
        "« %(project)s », au titre du dispositif « %(scheme)s »."
    ) % {"name": row.name, "amount": amount_words(amount), "project": row.project, "scheme": row.scheme.name}
    terms = _("L’association rend un compte rendu financier dans les six mois qui suivent la fin du projet.")
    if amount and amount > AGREEMENT_ABOVE:
        terms = _("Une convention est signée avant tout versement.") + "\n" + terms
    voted = [(_("Référence"), row.decision_reference or "–"), (_("Montant voté"), amount_words(row.voted_amount))]
    return [
        (_("Vu"), identity(row), ""),
        (_("Article 1 : objet"), [], words),
        (_("Article 2 : conditions"), [], terms),
        (_("Décision"), voted, ""),
    ]


def paper_pdf(told: Paper) -> bytes:
    return render(
        page_source(
            "mission/pdf/grant_paper.html",
            {"paper": told},
            assembly=told.assembly,
            title=told.title,
            reference=told.reference,
            made_at=told.made_at,
            sheets=[],
        )
    )
