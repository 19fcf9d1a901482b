"""Queries of the back-office pages of minutes: progress of the writing, open requests, existing files."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from assembly.documents.models import Rendition
from assembly.identity.models import Person
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from assembly.notifications.models import Distribution
from sessions.agenda.queries import AgendaLine, agenda_of
from sessions.enums import AgendaKind, CorrectionState, MinutesState
from sessions.minutes.queries.minutes import corrections_of, people_who_attended
from sessions.models import AgendaItem, Correction, Minutes, MinutesSection, SectionRevision, Visa

LABEL = "sittings.Minutes"


@dataclass(frozen=True)
class OutlineLine:
    """One item of the outline on the left: number, title, and whether it has a summary."""

    item: AgendaItem
    number: str
    depth: int
    is_written: bool
    is_current: bool = False


@dataclass(frozen=True)
class Progress:
    """Figures for the sentence about the state."""

    written: int = 0
    total: int = 0
    asked: int = 0
    readers: int = 0
    first_unwritten: int | None = None
    leads: list[str] = field(default_factory=list)
    visas: list[Visa] = field(default_factory=list)
    renditions: dict[str, Rendition] = field(default_factory=dict)
    distribution: Distribution | None = None


def written_lines(minutes: Minutes) -> list[AgendaLine]:
    """Return the items that belong in the minutes: no breaks, no internal ones."""
    lines = agenda_of(minutes.sitting, internal=False, with_papers=False, with_topics=False)
    return [line for line in lines if line.item.kind != AgendaKind.BREAK]


def sections_of(minutes: Minutes) -> dict[int, MinutesSection]:
    """Return the sections written so far, by item."""
    return {row.agenda_item_id: row for row in MinutesSection.objects.filter(minutes=minutes).order_by("pk")}


def outline(
    sections: dict[int, MinutesSection], lines: list[AgendaLine], current: int | None = None
) -> list[OutlineLine]:
    """Return the outline of the writing page."""
    written = {pk for pk, section in sections.items() if section.summary_html}
    return [
        OutlineLine(line.item, line.number, line.depth, line.item.pk in written, line.item.pk == current)
        for line in lines
    ]


def progress_of(minutes: Minutes, plan: list[OutlineLine]) -> Progress:
    """Return the progress of these minutes."""
    unwritten = [line.item.pk for line in plan if not line.is_written]
    shared = minutes.is_shared
    return Progress(
        written=len(plan) - len(unwritten),
        total=len(plan),
        asked=Correction.objects.filter(minutes=minutes, state=CorrectionState.ASKED).count() if shared else 0,
        readers=0 if shared else len(people_who_attended(minutes.sitting)),
        first_unwritten=unwritten[0] if unwritten else None,
        leads=leads_of(minutes) if minutes.state == MinutesState.DRAFT and not unwritten else [],
        visas=list(Visa.objects.filter(minutes=minutes, voided_at=None).select_related("person").order_by("pk")),
        renditions=latest_renditions(minutes),
        distribution=sealed_distribution(minutes),
    )


def leads_of(minutes: Minutes) -> list[str]:
    """Return the names of those who may validate a report."""
    roles = RoleAssignment.objects.filter(term=minutes.sitting.term_id, role=Role.LEAD, ended_at=None)
    people = Person.objects.filter(user__in=roles.filter(user__is_active=True).values("user"))
    return [person.full_name for person in people.order_by("sort_name", "pk")]


def latest_renditions(minutes: Minutes) -> dict[str, Rendition]:
    """Return the last job of each kind about these minutes."""
    rows = Rendition.objects.filter(subject_type=LABEL, subject_id=str(minutes.pk)).select_related(
        "revision__document"
    )
    return {row.kind: row for row in rows.order_by("pk")}


def sealed_distribution(minutes: Minutes) -> Distribution | None:
    """Return the distribution of the present sealed revision, if there is one."""
    if minutes.signed_at is None:
        return None
    sent = Distribution.objects.filter(kind="minutes-sealed", subject_type=LABEL, subject_id=str(minutes.pk))
    return sent.filter(requested_at__gte=minutes.signed_at).order_by("-pk").first()


def history_of(section: MinutesSection) -> Any:
    """Return every saved text about an item, the latest first."""
    return SectionRevision.objects.filter(section=section).select_related("saved_by__person").order_by("-pk")


def corrections_with_facts() -> QuerySet[Correction]:
    """Return corrections with the related rows that an answer to them reads."""
    return Correction.objects.select_related(
        "minutes__sitting__term__assembly", "section__agenda_item", "author", "section__minutes__sitting"
    )


def corrections_for_desk(minutes: Minutes) -> list[Correction]:
    """Return the unanswered corrections first, then the others, each in the order of arrival."""
    rows = corrections_of(minutes).select_related(
        "author__member__canton", "section__agenda_item", "answered_by__person", "recorded_by__person"
    )
    return sorted(rows, key=lambda row: (row.state != CorrectionState.ASKED, row.asked_at, row.pk))
