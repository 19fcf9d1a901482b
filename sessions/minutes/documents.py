"""Minutes as files: the draft, both sealed versions, and the one-page list of decisions.

References never change: `PL-2026-02-PV` for the internal version (`-CR` for a report), followed by `-PUB` for the
public one, `-RD` for the list of decisions. A rectified text creates a new revision under the same reference.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.models import Audience, Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, RecordedVisa, Renderer, SitePage
from sessions.minutes import rules
from sessions.minutes.actions import publication
from sessions.minutes.queries.facts import (
    INTERNAL,
    PUBLIC,
    MinutesReading,
    body_label,
    document_reference,
    read_minutes,
)
from sessions.models import Minutes, Via
from sessions.sittings.queries.sittings import announced


def moment_of(minutes: Minutes) -> datetime:
    """Return the moment printed in the metadata: it changes only when the text does."""
    visas = minutes.visas.filter(voided_at=None).order_by("-given_at").values_list("given_at", flat=True)
    return visas.first() or minutes.approved_at or minutes.circulated_at or minutes.created_at


def page(
    minutes: Minutes, facts: dict[str, Any], template: str, *, title: str = "", draft: bool = False, **more: Any
) -> RenderSource:
    """Build the source for the PDF worker; a draft has no seal, no data, and « PROJET » across each page."""
    visas = [
        {
            "name": visa["name"],
            "capacity": visa["capacity"].capitalize(),
            "given_at": datetime.fromisoformat(visa["given_at"]),
            "note": _("Donné sur papier") if visa["via"] == str(Via.PAPER.label) else "",
        }
        for visa in facts["visas"]
    ]
    return page_source(
        template,
        {"facts": facts, "visas": visas} | more,
        assembly=minutes.sitting.term.assembly,
        title=title or facts["title"],
        reference=facts["reference"],
        made_at=moment_of(minutes),
        sheets=["minutes"],
        data=None if draft else facts,
        sealed=not draft,
        draft=draft,
    )


class MinutesFile(Renderer):
    """Base class of the four kinds of files."""

    subject_label: ClassVar[str] = "sittings.Minutes"
    version: ClassVar[str] = INTERNAL

    def load(self, subject_id: str) -> MinutesReading:
        return read_minutes(subject_id)

    def identity(self, subject: MinutesReading) -> Identity:
        facts, sitting = subject.facts_for(self.version), subject.sitting
        return Identity(facts["reference"], facts["title"], timezone.localdate(sitting.starts_at), sitting.term)

    def source(self, subject: MinutesReading) -> RenderSource:
        return page(subject.minutes, subject.facts_for(self.version), "sessions/minutes/pdf/minutes.html")

    def can_read(self, user: Any, subject: MinutesReading) -> bool:
        """Return whether the user may read the sealed text, or is in the team, which may read it before."""
        minutes = subject.minutes
        if rules.can_see_desk(user, minutes):
            return True
        return minutes.is_sealed and Minutes.objects.visible_to(user).filter(pk=minutes.pk).exists()


class InternalMinutes(MinutesFile):
    kind = "minutes-internal"
    sealed = True

    def visas(self, subject: MinutesReading) -> Sequence[RecordedVisa]:
        return visas_of(subject)

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: MinutesReading) -> None:
        if revision is not None:
            publication.record_sealed(subject.minutes, revision.document, INTERNAL)


class PublicMinutes(MinutesFile):
    kind = "minutes-public"
    sealed = True
    audience = Audience.PUBLIC
    version = PUBLIC

    def visas(self, subject: MinutesReading) -> Sequence[RecordedVisa]:
        """Return the visas with names: chair and secretary act in an official capacity, so the public reads them."""
        return visas_of(subject)

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = announced().filter(minutes__in=[int(key) for key in subject_ids]).values_list("minutes", "reference")
        return {
            str(pk): SitePage(_("La séance"), reverse("sittings:public", args=[reference])) for pk, reference in rows
        }

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: MinutesReading) -> None:
        if revision is not None:
            publication.record_sealed(subject.minutes, revision.document, PUBLIC)


def visas_of(subject: MinutesReading) -> list[RecordedVisa]:
    return [
        RecordedVisa(name=visa["name"], capacity=visa["capacity"], given_at=visa["given_at"]) for visa in subject.visas
    ]


class DraftMinutes(MinutesFile):
    """Draft with « PROJET » across each page, not registered and not sealed."""

    kind = "minutes-draft"
    file_name = "projet-de-compte-rendu"

    def source(self, subject: MinutesReading) -> RenderSource:
        return page(subject.minutes, subject.internal, "sessions/minutes/pdf/minutes.html", draft=True)

    def can_read(self, user: Any, subject: MinutesReading) -> bool:
        return rules.can_see_desk(user, subject.minutes)


class DecisionsRecord(MinutesFile):
    """One-page list of participants, decisions, and who does what by when (domain.md F-7)."""

    kind = "decisions-record"
    sealed = True

    def identity(self, subject: MinutesReading) -> Identity:
        reference = document_reference(subject.minutes, INTERNAL, suffix="RD")
        title = _("Relevé de décisions, %(body)s") % {"body": body_label(subject.sitting)}
        return replace(super().identity(subject), reference=reference, title=title)

    def source(self, subject: MinutesReading) -> RenderSource:
        facts, identity = subject.internal, self.identity(subject)
        items = facts["items"]
        return page(
            subject.minutes,
            facts | {"reference": identity.reference},
            "sessions/minutes/pdf/decisions_record.html",
            title=identity.title,
            participants=[person["name"] for person in facts["attendance"]["people"] + facts["attendance"]["guests"]],
            decisions=[{"item": item, "decision": decision} for item in items for decision in item["decisions"]],
            actions=[action for item in items for action in item["actions"]],
            visas=[],
        )

    def can_read(self, user: Any, subject: MinutesReading) -> bool:
        minutes = subject.minutes
        return rules.can_see_desk(user, minutes) or Minutes.objects.visible_to(user).filter(pk=minutes.pk).exists()

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: MinutesReading) -> None:
        if revision is not None:
            publication.record_decisions_document(subject.minutes, revision.document)
