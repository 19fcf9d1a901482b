"""Content of a convocation, frozen as data, and the changes since the last one."""

from collections.abc import Sequence
from typing import Any

from assembly.text.french import format_moment, format_time
from sessions.agenda.queries import AgendaLine, agenda_of
from sessions.models import Notice, Sitting
from sessions.queries.quorum import waiver_reason
from sessions.rules.notices import differences


def snapshot(sitting: Sitting, lines: Sequence[AgendaLine] | None = None) -> dict[str, Any]:
    """Return the texts as displayed, and the moments as data; internal items are left out."""
    shown_lines = agenda_of(sitting, internal=False) if lines is None else lines
    pause = ""
    if sitting.break_starts_at and sitting.break_ends_at:
        pause = f"de {format_time(sitting.break_starts_at)} à {format_time(sitting.break_ends_at)}"
    facts = {"quorum_waiver": waiver} if (waiver := waiver_reason(sitting)) else {}
    return facts | {
        "reference": sitting.reference,
        "title": sitting.title,
        "starts_at": sitting.starts_at.isoformat(),
        "ends_at": sitting.ends_at.isoformat(),
        "when": f"{format_moment(sitting.starts_at)}, jusqu’à {format_time(sitting.ends_at)}",
        "pause": pause,
        "place": ", ".join(part for part in (sitting.place_name, sitting.place_address) if part),
        "access": sitting.access_note,
        "video_link": sitting.video_link,
        "message": sitting.message,
        "chair": sitting.chair.full_name if sitting.chair else "",
        "is_quorum_required": sitting.is_quorum_required,
        "offers": [
            name
            for name, offered in (
                ("meal", sitting.offers_meal),
                ("childcare", sitting.offers_childcare),
                ("transport", sitting.offers_transport),
            )
            if offered
        ],
        "agenda": [agenda_row(line) for line in shown_lines],
    }


def agenda_row(line: AgendaLine) -> dict[str, Any]:
    item = line.item
    return {
        "id": item.pk,
        "number": line.number,
        "depth": line.depth,
        "title": item.title,
        "hour": format_time(line.starts_at),
        "minutes": line.minutes,
        "kind": str(item.get_kind_display()),
        "speaker": item.speaker or (item.speaker_person.full_name if item.speaker_person else ""),
        "note": item.note,
        "papers": [paper.title for paper in line.papers],
    }


def last_notice(sitting: Sitting) -> Notice | None:
    return Notice.objects.filter(sitting=sitting).select_related("issued_by__person").order_by("-number").first()


def notices_of(sitting: Sitting) -> list[Notice]:
    """Return every notice that was sent, the latest first."""
    rows = Notice.objects.filter(sitting=sitting).select_related("issued_by__person", "distribution")
    return list(rows.order_by("-number"))


def changes_since_notice(sitting: Sitting, last: Notice | None = None) -> list[dict[str, str]]:
    """Return the changes since the last notice; nothing when nobody was convened."""
    last = last or last_notice(sitting)
    return differences(last.snapshot, snapshot(sitting)) if last else []
