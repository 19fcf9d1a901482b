"""What the page of the papers shows: what can be had, what waits, what is sealed."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from assembly.documents.actions.renditions import rendition_fingerprint
from assembly.documents.models import Document, Rendition
from assembly.documents.queries import register
from assembly.documents.registry import renderers
from opinions.enums import OpinionVisaCapacity
from opinions.models import Opinion, OpinionVisa
from opinions.queries.opinion_facts import OpinionFacts, document_reference, printed_mark
from opinions.queries.opinions import last_version, sections_of
from opinions.rules import papers as rules

SEALED_KIND = "opinion"
PRINTED = "printed"


@dataclass(frozen=True)
class DueVisa:
    """One visa that is due: whose it is, and the row once given."""

    capacity: OpinionVisaCapacity
    holder: str
    given: OpinionVisa | None


def visas_of(opinion: Opinion) -> list[DueVisa]:
    """The chair's, then the rapporteur's where there is one."""
    version = last_version(opinion)
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None, version=version).select_related("person")
    given = {row.capacity: row for row in rows}
    chair = opinion.tabled_sitting.chair if opinion.tabled_sitting is not None else None
    holders = {OpinionVisaCapacity.CHAIR: chair, OpinionVisaCapacity.RAPPORTEUR: opinion.rapporteur}
    return [
        DueVisa(capacity, person.full_name if person else "", given.get(capacity))
        for capacity, person in holders.items()
        if person is not None or capacity == OpinionVisaCapacity.CHAIR
    ]


def sealing_of(subject: models.Model, kind: str) -> Rendition | None:
    """The last request for the seal, while it goes on or when it failed."""
    found = register.latest_rendition(subject._meta.label, str(subject.pk), kind)  # noqa: SLF001 -- _meta is Django's public name
    return found if found is not None and not found.is_ready else None


def texts_of(opinion: Opinion) -> list[dict[str, Any]]:
    """The texts that people write now, with the name of each."""
    if opinion.has_one_text:
        return [{"title": opinion.title, "text": opinion.text}] if opinion.text is not None else []
    return [{"title": row.title, "text": row.text} for row in sections_of(opinion) if row.text is not None]


def own_capacity(user: Any, opinion: Opinion) -> OpinionVisaCapacity | None:
    """The capacity in which this person is awaited, if any."""
    awaited = [visa.capacity for visa in visas_of(opinion) if visa.given is None]
    return next((capacity for capacity in awaited if rules.can_give_visa(user, opinion, capacity)), None)


def public_document(opinion: Opinion, reference: str) -> Document | None:
    """The sealed file that anybody may download."""
    found = register.document_by_reference(reference)
    return found if found is not None and found.published_revision_id is not None else None


def sealed_document(opinion: Opinion) -> Document | None:
    """The document in the register, once it has its seal."""
    found = register.document_by_reference(document_reference(opinion)) if opinion.reference else None
    return found if rules.is_sealed(found) else None


def is_seal_outdated(opinion: Opinion) -> bool:
    """Something that is printed changed since the seal: a minority position, the words around the text, a visa."""
    label = opinion._meta.label  # noqa: SLF001 -- _meta is Django's public name
    last = register.latest_made(label, str(opinion.pk), SEALED_KIND)
    if last is None:
        return True
    # Read again: what the page holds may have been read before somebody wrote.
    standing = renderers[SEALED_KIND].load(str(opinion.pk))
    told = last.revision.report.get("facts", {}).get(PRINTED) if last.revision else None
    # A seal of before 2026-11-27 noted no mark: its page itself is compared, as it was laid out.
    return not says_what_stands(last, standing) if told is None else told != printed_mark(OpinionFacts(standing))


def says_what_stands(made: Rendition, subject: models.Model) -> bool:
    """Whether a file about `subject`, made again now, would say the same."""
    return made.fingerprint == rendition_fingerprint(renderers[made.kind].source(subject))
