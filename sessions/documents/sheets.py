"""Sheets made from recorded facts: agenda, sign-in sheet, badges, certificate. Equal facts give equal bytes.

They carry no seal, so they are not in the register of documents. Agenda and certificate are one page, rendered at once
for the person who asks; the sign-in sheet of a plenary has six, so a worker renders it (README, Decisions).
"""

from collections.abc import Sequence
from itertools import batched
from typing import Any, ClassVar

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.documents.models import Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.text.french import Label, as_title
from members.models import Mandate
from sessions.actions.sheets import BADGES_KIND, SIGN_IN_KIND
from sessions.attendance.queries.presence import RollCallRow, read_row, roll, with_badges
from sessions.enums import SittingState
from sessions.models import AgendaDocument, Invitee, Notice, Sitting
from sessions.queries.minutes_facts import recorded_sentence
from sessions.sittings import rules

CACHE_SECONDS = 3600
BLANK_LINES = 6
SHEET_SUFFIX, BADGES_SUFFIX = "EM", "BA"
BADGES_PER_PAGE = 10


def agenda_source(notice: Notice) -> RenderSource:
    """Build the source of the agenda as it was in the notice."""
    sitting = notice.sitting
    return page_source(
        "sessions/sittings/pdf/agenda.html",
        {"notice": notice, "facts": notice.snapshot},
        assembly=sitting.term.assembly,
        title=_("Ordre du jour : %(title)s") % {"title": as_title(notice.snapshot["title"])},
        reference=f"{sitting.reference}-ODJ{notice.number}",
        made_at=notice.issued_at,
        sheets=["sittings"],
    )


def agenda_pdf(notice: Notice) -> bytes:
    """Return the agenda as PDF, cached for a hundred messages; a cache that is down costs only time."""
    key = f"agenda-pdf:{notice.pk}"
    if (pdf := cache.get(key)) is None:
        pdf = render(agenda_source(notice))
        cache.set(key, pdf, CACHE_SECONDS)
    return pdf


def sign_in_source(sitting: Sitting) -> RenderSource:
    """Build the source of the sign-in sheet of the entrance: members by name, guests apart (domain.md F-4)."""
    rows = with_badges(sitting, roll(sitting))
    return page_source(
        "sessions/attendance/pdf/sign_in_sheet.html",
        {
            "sitting": sitting,
            "members": [row for row in rows if row.invitee.is_member],
            "guests": [row for row in rows if not row.invitee.is_member],
            "blank_lines": range(BLANK_LINES),
            "half_days": sitting.half_days,
        },
        assembly=sitting.term.assembly,
        title=_("Feuille d’émargement"),
        reference=f"{sitting.reference}-{SHEET_SUFFIX}",
        made_at=timezone.now(),
        sheets=["sittings"],
    )


def badges_source(sitting: Sitting) -> RenderSource:
    """Build the badges (name, and number for the roll) of those expected, members first, ten a page."""
    rows = sorted(with_badges(sitting, roll(sitting)), key=lambda row: not row.invitee.is_member)
    return page_source(
        "sessions/attendance/pdf/badges.html",
        {"sitting": sitting, "pages": list(batched(rows, BADGES_PER_PAGE))},
        assembly=sitting.term.assembly,
        title=_("Badges"),
        reference=f"{sitting.reference}-{BADGES_SUFFIX}",
        made_at=timezone.now(),
        sheets=["badges"],
    )


class SittingSheet(Renderer):
    """Base class of sheets with those expected at the time of the request; a later invitation needs a new sheet."""

    subject_label: ClassVar[str] = "sittings.Sitting"
    suffix: ClassVar[str]
    title: ClassVar[Label]

    def load(self, subject_id: str) -> Sitting:
        return Sitting.objects.select_related("term__assembly", "committee").get(pk=subject_id)

    def identity(self, subject: Sitting) -> Identity:
        day = timezone.localdate(subject.starts_at)
        return Identity(f"{subject.reference}-{self.suffix}", str(self.title), day, subject.term)

    def can_read(self, user: Any, subject: Sitting) -> bool:
        return rules.can_see_desk(user, subject)


class SignInSheet(SittingSheet):
    kind = SIGN_IN_KIND
    file_name = "feuille-d-emargement"
    suffix, title = SHEET_SUFFIX, gettext_lazy("Feuille d’émargement")

    def source(self, subject: Sitting) -> RenderSource:
        return sign_in_source(subject)


class Badges(SittingSheet):
    kind = BADGES_KIND
    file_name = "badges"
    suffix, title = BADGES_SUFFIX, gettext_lazy("Badges")

    def source(self, subject: Sitting) -> RenderSource:
        return badges_source(subject)


def certificate_source(invitee: Invitee) -> RenderSource:
    """Build the source of the certificate of one person who came."""
    row, sitting = read_row(invitee), invitee.sitting
    return page_source(
        "sessions/attendance/pdf/certificate.html",
        {
            "sitting": sitting,
            "row": row,
            "person": row.invitee.person,
            "half_days": half_days_attended(row, sitting),
            "recorded": recorded_sentence(sitting),
        },
        assembly=sitting.term.assembly,
        title=_("Attestation de présence"),
        reference=f"{sitting.reference}-AT{invitee.pk}",
        made_at=sitting.closed_at or sitting.ends_at,
        sheets=["sittings"],
    )


def half_days_attended(row: Any, sitting: Sitting) -> list[tuple[Any, Any]]:
    return [half for half, was_there in zip(sitting.half_days, row.half_days, strict=True) if was_there]


def certificate_pdf(invitee: Invitee) -> bytes:
    return render(certificate_source(invitee))


def mandate_certificate_pdf(mandate: Mandate, rows: Sequence[RollCallRow]) -> bytes:
    """Return the PDF of all that one member attended (`attended_sittings`); nobody else is named."""
    minutes = sum(row.minutes for row in rows)
    source = page_source(
        "sessions/attendance/pdf/mandate_certificate.html",
        {
            "mandate": mandate,
            "rows": rows,
            "minutes": minutes,
            "half_days": sum(sum(row.half_days) for row in rows),
        },
        assembly=mandate.term.assembly,
        title=_("Attestation de présence"),
        reference=f"{mandate.term.code}-AT{mandate.pk}",
        made_at=rows[-1].invitee.sitting.closed_at or rows[-1].invitee.sitting.ends_at,
        sheets=["sittings"],
    )
    return render(source)


def paper_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read the file of a document of an agenda.

    The team reads all of them; others those that are not internal, of an announced sitting that is visible to them.
    """
    papers = AgendaDocument.objects.filter(upload=upload, removed_at=None)
    if papers.filter(sitting__term__in=term_ids(user, TEAM_ROLES)).exists():
        return True
    shown = Sitting.objects.visible_to(user).exclude(state=SittingState.PLANNED)
    open_papers = papers.filter(is_internal=False, sitting__in=shown.values("pk"))
    return open_papers.exclude(item__is_internal=True).exists()
