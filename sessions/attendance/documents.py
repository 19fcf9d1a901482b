"""Sign-in sheet and badges: rendered by a worker, not sealed, not in the register of documents."""

from itertools import batched
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from assembly.text.french import Label
from sessions.attendance.actions import BADGES_KIND, SIGN_IN_KIND
from sessions.attendance.queries.presence import roll, with_badges
from sessions.models import Sitting
from sessions.sittings import rules

BLANK_LINES = 6
SHEET_SUFFIX, BADGES_SUFFIX = "EM", "BA"
BADGES_PER_PAGE = 10


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
