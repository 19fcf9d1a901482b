"""Queries of the page of documents: what can be downloaded, what is missing, what is sealed."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from assembly.documents.actions.renditions import rendition_fingerprint
from assembly.documents.models import Document, Rendition
from assembly.documents.queries import register
from assembly.documents.registry import renderers
from opinions.enums import OpinionVisaCapacity
from opinions.models import Opinion, OpinionVisa
from opinions.papers import rules
from opinions.papers.queries import OpinionFacts, document_reference, printed_mark
from opinions.queries.opinions import last_version, sections_of

SEALED_KIND = "opinion"
PRINTED = "printed"


@dataclass(frozen=True)
class DueVisa:
    """One visa that is due: its holder, and the row once given."""

    capacity: OpinionVisaCapacity
    holder: str
    given: OpinionVisa | None


def visas_of(opinion: Opinion) -> list[DueVisa]:
    """Return the visa of the chair, then of the rapporteur where there is one."""
    version = last_version(opinion)
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None, version=version).select_related("person")
    by_capacity = {row.capacity: row for row in rows}
    chair = opinion.tabled_sitting.chair if opinion.tabled_sitting is not None else None
    holders = {OpinionVisaCapacity.CHAIR: chair, OpinionVisaCapacity.RAPPORTEUR: opinion.rapporteur}
    return [
        DueVisa(capacity, person.full_name if person else "", by_capacity.get(capacity))
        for capacity, person in holders.items()
        if person is not None or capacity == OpinionVisaCapacity.CHAIR
    ]


def sealing_of(subject: models.Model, kind: str) -> Rendition | None:
    """Return the last request for the seal, while it is in progress or when it failed."""
    rendition = register.latest_rendition(subject._meta.label, str(subject.pk), kind)
    return rendition if rendition is not None and not rendition.is_ready else None


def texts_of(opinion: Opinion) -> list[dict[str, Any]]:
    """Return the texts that people write now, with the name of each."""
    if opinion.has_one_text:
        return [{"title": opinion.title, "text": opinion.text}] if opinion.text is not None else []
    return [{"title": row.title, "text": row.text} for row in sections_of(opinion) if row.text is not None]


def my_due_capacity(user: Any, opinion: Opinion) -> OpinionVisaCapacity | None:
    """Return the capacity in which a visa is due from this person, if any."""
    awaited = [visa.capacity for visa in visas_of(opinion) if visa.given is None]
    return next((capacity for capacity in awaited if rules.can_give_visa(user, opinion, capacity)), None)


def public_document(opinion: Opinion, reference: str) -> Document | None:
    """Return the sealed file that anybody may download."""
    document = register.document_by_reference(reference)
    return document if document is not None and document.published_revision_id is not None else None


def sealed_document(opinion: Opinion) -> Document | None:
    """Return the document in the register, once it has its seal."""
    document = register.document_by_reference(document_reference(opinion)) if opinion.reference else None
    return document if rules.is_sealed(document) else None


def is_seal_outdated(opinion: Opinion) -> bool:
    """Return whether something printed changed since the seal: a minority position, a chapter, a visa."""
    label = opinion._meta.label
    last = register.latest_ready(label, str(opinion.pk), SEALED_KIND)
    if last is None:
        return True
    # Read again, because the page may have read its row before somebody wrote.
    standing = renderers[SEALED_KIND].load(str(opinion.pk))
    sealed_mark = last.revision.report.get("facts", {}).get(PRINTED) if last.revision else None
    # A seal from before 2026-11-27 has no mark: its page itself is compared, as it was laid out.
    return (
        not is_current_rendition(last, standing)
        if sealed_mark is None
        else sealed_mark != printed_mark(OpinionFacts(standing))
    )


def is_current_rendition(rendition: Rendition, subject: models.Model) -> bool:
    """Return whether a file about `subject`, made again now, would have the same content."""
    return rendition.fingerprint == rendition_fingerprint(renderers[rendition.kind].source(subject))
