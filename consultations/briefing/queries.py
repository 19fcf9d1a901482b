"""Queries of the pack: the desk's tab, the members' page and its reading time, the archive, what anybody reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField, Q, QuerySet
from django.utils.translation import gettext as _, ngettext

from assembly.documents.models import ExtractionState, FileText, UploadState
from assembly.identity.models import Person
from assembly.institution.rules import term_ids
from consultations.briefing.models import READERS
from consultations.models import BriefingDocument, BriefingPack, BriefingReadMark, LanguageLevel, Referral, ScopingNote
from members.mandates.queries import active_mandates


def pack_of(referral: Referral) -> BriefingPack:
    """Return the pack of the referral, or an unsaved one if there is none."""
    packs = BriefingPack.objects.select_related("scheduled_by__person", "released_by__person").filter(
        referral=referral.pk
    )
    pack = packs.first() or BriefingPack(referral=referral)
    pack.referral = referral
    return pack


def documents_of(pack: BriefingPack) -> list[BriefingDocument]:
    """List the papers as they stand, in the order of the officer."""
    if pack.pk is None:
        return []
    rows = BriefingDocument.objects.current().filter(pack=pack)
    documents = list(rows.select_related("upload__blob", "hearing", "replaces").order_by("position", "pk"))
    for document in documents:
        document.pack = pack
    return documents


def note_to_add(referral: Referral, documents: list[BriefingDocument]) -> str:
    """Return the label of the button that adds the scoping note, or adds it again once it was edited; else nothing."""
    note = ScopingNote.objects.filter(referral=referral).exclude(body="").values_list("version", flat=True).first()
    printed = {document.note_version for document in documents} - {None}
    if note is None or note in printed:
        return ""
    return _("Reprendre la note de cadrage") if printed else _("Ajouter la note de cadrage")


def for_members(documents: list[BriefingDocument]) -> list[BriefingDocument]:
    """List what members can open now, easy-read first."""
    ready = [document for document in documents if document.upload is None or document.upload.is_available]
    return sorted(ready, key=lambda document: document.level != LanguageLevel.EASY_READ)


def former_versions(pack: BriefingPack) -> dict[int, list[BriefingDocument]]:
    """Return earlier versions by the key of the present paper, the latest first; removed papers are left out."""
    rows = BriefingDocument.objects.filter(pack=pack.pk).select_related("upload", "replaced_by")
    by_key = {row.pk: row for row in rows}
    versions: dict[int, list[BriefingDocument]] = {}
    for row in by_key.values():
        former, chain = row.replaces_id, []
        while former is not None and (past := by_key.get(former)) is not None:
            chain.append(past)
            former = past.replaces_id
        if chain:
            versions[row.pk] = chain
    return versions


def removed_documents(pack: BriefingPack) -> QuerySet[BriefingDocument]:
    """Return the rows of the papers that were removed."""
    rows = BriefingDocument.objects.filter(pack=pack.pk, replaced_by=None).exclude(removed_at=None)
    return rows.order_by("-removed_at", "-pk")


def readers_referral(user: Any) -> QuerySet[Referral]:
    """Return the referrals whose pack is open to this reader, in the areas of members and offices."""
    rows = Referral.objects.visible_to(user).filter(term__in=term_ids(user, READERS))
    return rows.filter(briefing__released_at__isnull=False).select_related("term__assembly")


def members_to_notify(pack: BriefingPack) -> list[Person]:
    """List everybody who sits today; who has no mail address gets a letter."""
    return [mandate.member.person for mandate in active_mandates(pack.referral.term_id)]


def due_packs(now: datetime) -> QuerySet[BriefingPack]:
    """Return the packs whose chosen moment has come."""
    return BriefingPack.objects.filter(released_at=None, release_at__lte=now).order_by("release_at", "pk")


def news() -> QuerySet[BriefingDocument]:
    """Return the additions to open packs that were not announced to members."""
    rows = BriefingDocument.objects.current().filter(pack__released_at__isnull=False, announced_at=None)
    ready = Q(upload=None) | Q(upload__withdrawn_at=None, upload__state__in=UploadState.tagged("readable"))
    return rows.filter(ready).select_related("pack__referral__term__assembly").order_by("pack", "position", "pk")


def total_size(documents: list[BriefingDocument]) -> int:
    return sum(document.upload.blob.size for document in documents if document.upload)


def public_documents(referral: Referral) -> list[BriefingDocument]:
    """List the papers of the pack that are marked as public, once the pack is open."""
    rows = BriefingDocument.objects.filter(
        pack__referral=referral, pack__released_at__isnull=False, is_public=True, removed_at=None, replaced_by=None
    )
    return list(rows.select_related("upload").order_by("position", "pk"))


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
