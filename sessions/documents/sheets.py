"""Papers made on the spot from what is known now: agenda, sign-in sheet, certificate. Equal facts, equal bytes."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from sessions.models import Notice, Sitting
from sessions.queries.attendance import roll

SHEET = Path(settings.BASE_DIR) / "static" / "css" / "print" / "sittings.css"
KEPT_SECONDS = 3600


def source(
    template: str, *, title: str, reference: str, created_at: datetime, context: dict[str, Any]
) -> RenderSource:
    """A page of this app as the press takes it."""
    return RenderSource(
        html=render_to_string(template, {"title": title, "reference": reference, "made_at": created_at, **context}),
        stylesheets=[SHEET.read_text(encoding="utf-8")],
        title=title,
        reference=reference,
        created_at=created_at,
        author=context["assembly"].name,
    )


def agenda_source(notice: Notice) -> RenderSource:
    """The agenda as it was convened."""
    sitting = notice.sitting
    return source(
        "sessions/pdf/agenda.html",
        title=_("Ordre du jour : %(title)s") % {"title": notice.snapshot["title"]},
        reference=f"{sitting.reference}-ODJ{notice.number}",
        created_at=notice.issued_at,
        context={"notice": notice, "told": notice.snapshot, "assembly": sitting.term.assembly},
    )


def agenda_pdf(notice: Notice) -> bytes:
    """Made once for a hundred messages. A cache that is down costs time, not the message."""
    key = f"agenda-pdf:{notice.pk}"
    if (kept := cache.get(key)) is None:
        kept = render(agenda_source(notice))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def sign_in_source(sitting: Sitting) -> RenderSource:
    """The sheet on the table at the entrance: members by name, guests apart (domain.md F-4)."""
    rows = roll(sitting)
    return source(
        "sessions/pdf/sign_in_sheet.html",
        title=_("Feuille d’émargement : %(title)s") % {"title": sitting.title},
        reference=f"{sitting.reference}-EM",
        created_at=timezone.now(),
        context={
            "sitting": sitting,
            "assembly": sitting.term.assembly,
            "members": [row for row in rows if row.invitee.is_member],
            "guests": [row for row in rows if not row.invitee.is_member],
            "blank_lines": range(6),
            "half_days": sitting.half_days,
        },
    )


def sign_in_pdf(sitting: Sitting) -> bytes:
    return render(sign_in_source(sitting))
