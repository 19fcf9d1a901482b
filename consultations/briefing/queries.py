"""Reading marks of a reader on a pack, and the reading time of its papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.enums import ExtractionState
from assembly.documents.models import FileText
from consultations.models import BriefingDocument, BriefingReadMark

WORDS_A_MINUTE = 200
BYTES_A_WORD = 6  # of French, its space and accents included
WORDS_A_PAGE = 300  # used when no worker could extract the text


@dataclass(frozen=True)
class ReadingLine:
    """One paper for one reader: when they marked it as read, how many minutes it takes (0: not known)."""

    document: BriefingDocument
    minutes: int = 0
    read_at: datetime | None = None

    @property
    def time(self) -> str:
        return reading_time(self.minutes)


def reading_lines(documents: Sequence[BriefingDocument], user: Any) -> list[ReadingLine]:
    """List the papers in their order, with the marks of this reader."""
    marks = BriefingReadMark.objects.filter(user=user.pk, document__in=[document.pk for document in documents])
    read = dict(marks.values_list("document", "read_at"))
    blobs = [document.upload.blob_id for document in documents if document.upload]
    size = Func("text", function="octet_length", output_field=IntegerField())  # computed without loading the text
    texts = FileText.objects.filter(blob__in=blobs, state=ExtractionState.READY)
    sizes = dict(texts.values_list("blob", size))
    return [
        ReadingLine(
            document,
            minutes_of(sizes.get(document.upload.blob_id, 0) if document.upload else 0, document.pages or 0),
            read.get(document.pk),
        )
        for document in documents
    ]


def minutes_of(size: int, pages: int) -> int:
    """Return the reading time from the size of the text, else from the pages: at least a minute, 0 if unknown."""
    known = size / BYTES_A_WORD or pages * WORDS_A_PAGE
    return max(1, round(known / WORDS_A_MINUTE)) if known else 0


def reading_time(minutes: int) -> str:
    """Format minutes as « environ 25 min », « environ 1 h 20 »; nothing where they are not known."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("environ %(n)s\u00a0min") % {"n": rest}
    return _("environ %(hours)s\u00a0h\u00a0%(rest)02d") % {"hours": hours, "rest": rest}


def progress_sentence(lines: Sequence[ReadingLine]) -> str:
    """Return « 3 documents lus sur 8. Il reste environ 50 min de lecture. »."""
    read = sum(line.read_at is not None for line in lines)
    template = ngettext("%(n)s document lu sur %(all)s.", "%(n)s documents lus sur %(all)s.", read)
    left = reading_time(sum(line.minutes for line in lines if line.read_at is None))
    rest = _(" Il reste %(time)s de lecture.") % {"time": left} if left else ""
    return template % {"n": read, "all": len(lines)} + rest
