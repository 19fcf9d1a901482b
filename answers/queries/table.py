"""Answer table of an opinion: every recommendation with the council’s answer, as rows and as data.

The rows are those of `queries.summaries`, so that the file, its page and the opinion agree. Schema
`hemicycle/answers/1` (README, « The answer table »). It contains no name of a person.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.models import Answer
from answers.models.answer import AnswerFact
from answers.queries.summaries import AnswerSummary
from answers.rules.clocks import clock_of
from assembly.documents.models import Document, Revision
from opinions.models import Opinion
from opinions.papers.queries import document_reference, label_of
from opinions.versions.queries import last_version, opinion_data

SCHEMA = "hemicycle/answers/1"
TABLE_KIND = "answer-table"
OPINION = Opinion._meta.label
# Names of facts that the published schema had before their columns were renamed.
PUBLISHED_NAMES = {"retained": "kept"}


def table_reference(opinion: Opinion) -> str:
    """Return the reference of the table: `AC2-2026-03-REP`."""
    return f"{document_reference(opinion)}-REP"


def table_title(opinion: Opinion) -> str:
    values = {"label": label_of(opinion).lower(), "reference": opinion.reference, "title": opinion.title}
    return _("Réponses du Conseil départemental à l’%(label)s %(reference)s : %(title)s") % values


def table_context(opinion: Opinion, rows: Sequence[AnswerSummary]) -> dict[str, Any]:
    """Return the table as the page, the back office and the printed file show it."""
    return {
        "opinion": opinion,
        "rows": rows,
        "given": sum(1 for row in rows if row.answer),
        "has_former": any(row.former for row in rows),
    }


def table_data(opinion: Opinion, rows: Sequence[AnswerSummary]) -> dict[str, Any]:
    """Return what is embedded in the sealed file, and served at a permanent address; plain types only."""
    return {
        "schema": SCHEMA,
        "opinion": opinion_data(opinion, last_version(opinion)),
        "address": settings.SITE_URL + reverse("answers:table", args=[opinion.reference]),
        "answers": [_row_data(opinion, row) for row in rows],
    }


def _row_data(opinion: Opinion, row: AnswerSummary) -> dict[str, Any]:
    case, proposal = row.case, row.recommendation
    reference = proposal.reference if proposal else opinion.reference
    return {
        "reference": reference,
        "title": proposal.title if proposal else opinion.title,
        "address": settings.SITE_URL + reverse("answers:thread", args=[reference]),
        "directorate": case.directorate.name if case and case.directorate else "",
        "handed_over_on": case.opened_on.isoformat() if case else None,
        "due_on": case.due_on.isoformat() if case else None,
        "answered_on": case.answered_on.isoformat() if case and case.answered_on else None,
        "days": clock_of(case, row.today).since if case and case.answered_on else None,
        "delay": row.sealed_clock_sentence,
        "answer": _answer_data(row.answer) if row.answer else None,
        "former": [_answer_data(answer) for answer in row.former],
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    return {
        "version": answer.number,
        "value": answer.value,
        "words": str(answer.get_value_display()),
        "body": answer.body,
        "facts": [_fact_data(fact) for fact in [*answer.facts, *answer.decision]],
    }


def _fact_data(fact: AnswerFact) -> dict[str, Any]:
    return asdict(fact) | {"name": PUBLISHED_NAMES.get(fact.name, fact.name)}


def table_document(opinion: Opinion) -> Document | None:
    """Return the sealed table in the register, published or not."""
    return _documents(opinion.pk).select_related("published_revision").first()


def _documents(opinion: Any) -> QuerySet[Document]:
    return Document.objects.filter(kind=TABLE_KIND, subject_type=OPINION, subject_id=str(opinion))


def sealed_facts(rows: Sequence[AnswerSummary]) -> dict[str, dict[str, Any]]:
    """Return what a sealed table carries, by key of each case: the version in force, with its delay in words.

    A published version never changes, so two tables with the same facts contain the same answers; only a corrected day
    of the handover changes a delay. The former versions are printed too.
    """
    pairs = [(str(row.case.pk), row) for row in rows if row.case and row.answer]
    return {
        "versions": {key: row.answer.number for key, row in pairs if row.answer},
        "delays": {key: row.sealed_clock_sentence for key, row in pairs},
    }


def contains_answers(revision: Revision | None, rows: Sequence[AnswerSummary]) -> bool:
    """Return whether this revision of the table has every answer in force."""
    return revision is not None and revision.report.get("facts") == sealed_facts(rows)


def proof_of(opinion: int, case: int) -> tuple[str, int]:
    """Return the reference of the published table of the opinion, and the last version of the case in it, or 0."""
    carried = f"published_revision__report__facts__versions__{case}"
    row = _documents(opinion).filter(published_revision__isnull=False).values_list("reference", carried).first()
    return (row[0], row[1] or 0) if row else ("", 0)
