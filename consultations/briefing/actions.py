"""Service functions of the document pack: deposited files, papers, opening to the members, PDF, read marks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions import uploads
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition, RenditionState, Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.render import RenderFailed, render
from assembly.documents.pdf.source import canonical_json
from assembly.documents.queries import text_of
from assembly.files import archives, pdf_probe
from assembly.files.fields import CheckedFile, check_file, key_of, read_whole, scan_file
from assembly.files.file_kinds import OPEN_DOCUMENT, WORD
from assembly.files.slow_work import Busy, run_ahead
from assembly.identity.models import User
from assembly.notifications.actions.daily import SEND_TIME
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet
from assembly.workflow import StateConflict
from consultations.briefing import rules
from consultations.briefing.queries import documents_of, due_packs, for_members, members_to_notify, news
from consultations.briefing.rules import ALL_KINDS, MAX_SIZE
from consultations.models import (
    CHECKS,
    BriefingDeposit,
    BriefingDocument,
    BriefingKind,
    BriefingPack,
    BriefingReadMark,
    Referral,
    ScopingNote,
)
from consultations.referrals.rules import can_brief
from consultations.referrals.workflow.shared_steps import share_referral

PDF = "application/pdf"
TAGS = b"/MarkInfo"


@dataclass(frozen=True)
class DepositedFile:
    """One file of a deposit: accepted, or refused with the reason."""

    number: int
    name: str
    file: CheckedFile | None = None
    refusal: str = ""


def read_batch(files: Iterable[UploadedFile]) -> list[DepositedFile]:
    """Check each file alone, those of an archive one by one: a refused one does not stop the others.

    An archive that is dangerous as a whole (a zip bomb, a path that leaves it) gives one refused row.
    """
    files = list(files)
    return run_ahead(("batch", tuple(map(key_of, files))), lambda: checked_batch(files))


def checked_batch(files: Iterable[UploadedFile]) -> list[DepositedFile]:
    """Return the rows of `read_batch`; raise Busy when no reader process was free for one of the files."""
    rows: list[DepositedFile] = []
    for name, content, refusal in iter_files(files):
        number = len(rows) + 1
        shown = archives.printable_name(name)
        if refusal:
            rows.append(DepositedFile(number, shown, refusal=refusal))
            continue
        try:
            checked = scan_file(check_file(name, content, kinds=ALL_KINDS, max_size=MAX_SIZE))
        except Busy:
            raise
        except ValidationError as refused:
            rows.append(DepositedFile(number, shown, refusal=" ".join(refused.messages)))
        else:
            rows.append(DepositedFile(number, shown, file=checked))
    return rows


def iter_files(files: Iterable[UploadedFile]) -> Iterable[tuple[str, bytes, str]]:
    """Yield name, bytes and refusal of each file; archives are opened."""
    for file in files:
        name = file.name or ""
        content = read_whole(file)
        if not archives.is_plain_archive(content):
            yield name, content, ""
            continue
        try:
            entries = list(archives.entries_of(content))
        except ValidationError as refused:
            yield name, b"", " ".join(refused.messages)
        else:
            yield from ((entry.name, entry.content, "") for entry in entries)


def page_count(upload: Upload) -> int | None:
    """Count the pages of a PDF in the capped process; return None for other kinds, or if it cannot be counted."""
    if upload.blob.media_type != PDF:
        return None
    pages = pdf_probe.page_count(upload.blob.open())
    return pages if pages > 0 else None


def count_pages_ahead(uploads: Iterable[Upload]) -> None:
    """Count the pages of several files, once and one after the other, before the writes take their locks."""
    uploads = list(uploads)
    run_ahead(
        ("pages", tuple(upload.blob_id for upload in uploads)), lambda: [page_count(upload) for upload in uploads]
    )


def detect_checks(upload: Upload) -> dict[str, bool]:
    """Return the checks that are cheap: extracted text (once a worker has read the file), and tags of a PDF."""
    kind = upload.blob.media_type
    checks = {}
    if kind == WORD or kind.startswith((OPEN_DOCUMENT, "text/")) or text_of(upload):
        checks["text_layer"] = True
    if kind == PDF and TAGS in upload.blob.open():
        checks["headings"] = True
    return checks


CHANGEABLE = ("title", "summary", "kind", "source", "dated_on", "level", "is_public", "hearing", "checks", "link")
ALL_CHECKS = tuple(name for name, _label in CHECKS)


def lock_pack(referral: Referral, by: User) -> BriefingPack:
    """Return the pack, created when first needed and locked until the end of the transaction: one writer at a time."""
    share_referral(referral, "brief", can_brief, by=by)
    BriefingPack.objects.get_or_create(referral=referral)
    pack = BriefingPack.objects.select_for_update(no_key=True).get(referral=referral)
    pack.referral = referral
    return pack


def lock_document(document: BriefingDocument, by: User) -> BriefingDocument:
    """Lock the pack and return the paper as it stands; raise ValidationError if it was removed or replaced."""
    lock_pack(document.pack.referral, by)
    current = (
        BriefingDocument.objects.current().filter(pk=document.pk).select_related("pack__referral", "upload").first()
    )
    if current is None:
        raise ValidationError(_("Ce document n’est plus dans le dossier : il a été retiré ou remplacé."), code="gone")
    return current


@transaction.atomic
def introduce(referral: Referral, text: str, *, by: User) -> BriefingPack:
    """Save the introduction that members read before the documents."""
    pack = lock_pack(referral, by)
    if text.strip() != pack.introduction:
        pack.introduction = text.strip()
        pack.save(update_fields=["introduction"])
        record("briefing.introduced", pack, by=by, dossier=referral)
    return pack


@transaction.atomic
def add(referral: Referral, *, by: User, file: CheckedFile | Upload | None = None, **facts: Any) -> BriefingDocument:
    """Add a paper at the end of the pack: a checked file, or a link."""
    pack = lock_pack(referral, by)
    rows = BriefingDocument.objects.current().filter(pack=pack)
    last = rows.order_by("-position").values_list("position", flat=True).first()
    if rows.count() >= rules.MAX_DOCUMENTS:
        raise ValidationError(_("Le dossier a déjà %(n)s documents.") % {"n": rules.MAX_DOCUMENTS}, code="many")
    upload = uploads.accept_upload(file, by=by) if isinstance(file, CheckedFile) else file
    document = BriefingDocument.objects.create(
        pack=pack,
        upload=upload,
        position=0 if last is None else last + 1,
        added_by=by,
        **paper_fields(upload, facts),
    )
    record("briefing.document_added", document, by=by, dossier=referral, detail=document.title)
    return document


def paper_fields(upload: Upload | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a paper: what was entered, with what its file shows."""
    checks = {name: True for name, ticked in (facts.get("checks") or {}).items() if ticked and name in ALL_CHECKS}
    if upload is not None:
        checks |= detect_checks(upload)
    return {**facts, "checks": checks, "pages": page_count(upload) if upload else None}


@transaction.atomic
def change(document: BriefingDocument, *, by: User, **facts: Any) -> BriefingDocument:
    """Change the description of a paper."""
    current = lock_document(document, by)
    changed = {name: facts[name] for name in CHANGEABLE if name in facts and facts[name] != getattr(current, name)}
    if changed:
        for name, value in changed.items():
            setattr(current, name, value)
        current.save(update_fields=list(changed))
        record("briefing.document_changed", current, by=by, dossier=current.pack.referral, fields=sorted(changed))
    return current


@transaction.atomic
def replace(document: BriefingDocument, *, by: User, file: CheckedFile | Upload | None = None, link: str = "") -> Any:
    """Add a new version of a paper: it takes the position and description of the former one, which stays stored."""
    former = lock_document(document, by)
    upload = uploads.accept_upload(file, by=by) if isinstance(file, CheckedFile) else file
    facts = {name: getattr(former, name) for name in CHANGEABLE}
    version = BriefingDocument.objects.create(
        pack=former.pack,
        upload=upload,
        position=former.position,
        number=former.number + 1,
        replaces=former,
        added_by=by,
        **paper_fields(upload, {**facts, "link": link, "checks": {}}),
    )
    record("briefing.document_replaced", version, by=by, dossier=former.pack.referral, number=version.number)
    return version


@transaction.atomic
def remove(document: BriefingDocument, *, reason: str, by: User) -> None:
    """Remove a paper from the pack; the row stays, with the reason in the audit log."""
    current = lock_document(document, by)
    BriefingDocument.objects.filter(pk=current.pk, removed_at=None).update(removed_at=timezone.now())
    record("briefing.document_removed", current, by=by, dossier=current.pack.referral, detail=reason)


@transaction.atomic
def reorder(document: BriefingDocument, direction: str, *, by: User) -> None:
    """Move a paper up or down by one position; the first one cannot go up, nor the last one down."""
    current = lock_document(document, by)
    order = list(BriefingDocument.objects.current().filter(pack=current.pack).order_by("position", "pk"))
    at = next(index for index, row in enumerate(order) if row.pk == current.pk)
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, row in enumerate(order):
        row.position = position
    BriefingDocument.objects.bulk_update(order, ["position"])
    record("briefing.reordered", current.pack, by=by, dossier=current.pack.referral)


@transaction.atomic
def deposit(referral: Referral, rows: Iterable[DepositedFile], *, by: User) -> list[BriefingDeposit]:
    """Store the files that passed the checks, until somebody describes each of them."""
    pack = lock_pack(referral, by)
    deposits = [
        BriefingDeposit.objects.create(
            pack=pack, upload=uploads.accept_upload(row.file, by=by), title=row.file.title[:200] or row.name[:200]
        )
        for row in rows
        if row.file is not None
    ]
    if deposits:
        record("briefing.deposited", pack, by=by, dossier=referral, files=len(deposits))
    return deposits


@transaction.atomic
def describe(
    referral: Referral, descriptions: Mapping[BriefingDeposit, dict[str, Any] | None], *, by: User
) -> list[BriefingDocument]:
    """Turn described deposits into papers of the pack; None means that the file is not wanted."""
    count_pages_ahead(row.upload for row, facts in descriptions.items() if facts is not None)
    pack = lock_pack(referral, by)
    waiting = {row.pk for row in BriefingDeposit.objects.filter(pack=pack)}
    documents = []
    for row, facts in descriptions.items():
        if row.pk not in waiting:
            continue
        upload = row.upload
        row.delete()
        if facts is None:
            uploads.withdraw(upload, by=by)
            record("briefing.deposit_dropped", pack, by=by, dossier=referral)
        else:
            documents.append(add(referral, by=by, file=upload, **facts))
    return documents


@transaction.atomic
def add_scoping_note(referral: Referral, *, by: User) -> BriefingDocument:
    """Add the scoping note to the pack; written again since, it becomes a new version of that paper."""
    pack = lock_pack(referral, by)
    note = ScopingNote.objects.filter(referral=referral).first()
    if note is None or not note.body:
        raise ValidationError(_("La note de cadrage n’est pas encore écrite."), code="empty")
    former = BriefingDocument.objects.current().filter(pack=pack, kind=BriefingKind.SCOPING_NOTE)
    printed = former.exclude(note_version=None).order_by("-pk").first()
    if printed is not None and printed.note_version == note.version:
        return printed
    file = printed_note(referral, note)
    facts = {
        "title": _("Note de cadrage"),
        "kind": BriefingKind.SCOPING_NOTE,
        "source": _("Directions du Département"),
    }
    document = replace(printed, by=by, file=file) if printed else add(referral, by=by, file=file, **facts)
    document.note_version = note.version
    document.checks = dict.fromkeys(("headings", "alternatives", "contrast", "text_layer"), True)
    document.save(update_fields=["note_version", "checks"])
    return document


def printed_note(referral: Referral, note: ScopingNote) -> CheckedFile:
    """Render the note as an accessible PDF in the layout of the site."""
    title = _("Note de cadrage")
    source = page_source(
        "consultations/briefing/pdf/note.html",
        {"referral": referral, "note": note},
        assembly=referral.term.assembly,
        title=f"{title} : {referral.title}",
        reference=referral.reference,
        made_at=note.edited_at or note.generated_at,
        sheets=["consultations"],
    )
    try:
        content = render(source)
    except RenderFailed as failed:
        raise ValidationError(failed.sentence, code="print") from failed
    return CheckedFile("note-de-cadrage.pdf", PDF, content, title)


def withdraw_old_deposits() -> int:
    """Withdraw the files that nobody described within a week; return how many."""
    old = BriefingDeposit.objects.filter(deposited_at__lt=timezone.now() - rules.DEPOSIT_RETENTION)
    count = 0
    for row in old.select_related("upload__uploaded_by", "pack__referral"):
        with transaction.atomic():
            uploads.withdraw(row.upload, by=row.upload.uploaded_by)
            record("briefing.deposit_dropped", row.pack, by=None, dossier=row.pack.referral)
            row.delete()
            count += 1
    return count


def openable(referral: Referral, by: User) -> BriefingPack:
    """Return the locked pack; raise StateConflict if this user may not open it now."""
    pack = lock_pack(referral, by)
    if not rules.can_open(by, pack):
        raise StateConflict(pack.referral, "release")
    if not for_members(documents_of(pack)):
        raise ValidationError(_("Le dossier n’a aucun document à lire : ajoutez-en un."), code="empty")
    return pack


@transaction.atomic
def release(referral: Referral, *, by: User) -> BriefingPack:
    """Open the pack now."""
    pack = openable(referral, by)
    _open(pack, by=by)
    return pack


@transaction.atomic
def schedule(referral: Referral, moment: datetime, *, by: User) -> BriefingPack:
    """Schedule the opening of the pack at that moment; a second choice replaces the first."""
    pack = openable(referral, by)
    if moment <= timezone.now():
        raise ValidationError(_("Choisissez un moment à venir."), code="past")
    BriefingPack.objects.filter(pk=pack.pk).update(release_at=moment, scheduled_by=by)
    record("briefing.scheduled", pack, by=by, dossier=referral, moment=moment)
    return pack


@transaction.atomic
def unschedule(referral: Referral, *, by: User) -> None:
    """Cancel the scheduled opening."""
    pack = lock_pack(referral, by)
    if not rules.can_open(by, pack):
        raise PermissionDenied
    if (
        BriefingPack.objects.filter(pk=pack.pk, released_at=None)
        .exclude(release_at=None)
        .update(release_at=None, scheduled_by=None)
    ):
        record("briefing.unscheduled", pack, by=by, dossier=referral)


def _open(pack: BriefingPack, *, by: User) -> None:
    """Open the pack by compare-and-swap, which lets one caller through; the messages are in the same transaction."""
    now = timezone.now()
    if not BriefingPack.objects.filter(pk=pack.pk, released_at=None).update(released_at=now, released_by=by):
        raise StateConflict(pack.referral, "release")
    pack.released_at = now
    referral = pack.referral
    BriefingDocument.objects.filter(pack=pack, announced_at=None).update(announced_at=now)
    people = members_to_notify(pack)
    distribute(
        "briefing-open",
        pack,
        [Recipient(person) for person in people],
        by=by,
        title=_("Dossier documentaire : %(title)s") % {"title": referral.title},
        term=referral.term,
        key=f"briefing:{pack.pk}",
    )
    record("briefing.released", pack, by=by, dossier=referral, people=len(people))


def release_due(now: datetime) -> int:
    """Open the packs whose moment has come and return how many; unschedule those that cannot be opened any more."""
    opened = 0
    for key in due_packs(now).values_list("pk", flat=True):
        with transaction.atomic():
            rows = BriefingPack.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            pack = rows.select_related("referral__term__assembly", "scheduled_by").filter(pk=key).first()
            if pack is None or pack.is_released or pack.release_at is None or pack.release_at > now:
                continue
            by = pack.scheduled_by
            if by is not None and rules.can_open(by, pack) and for_members(documents_of(pack)):
                _open(pack, by=by)
                opened += 1
            else:
                BriefingPack.objects.filter(pk=pack.pk).update(release_at=None, scheduled_by=None)
                record("briefing.unscheduled", pack, by=None, dossier=pack.referral)
    return opened


def send_document_news(now: datetime) -> int:
    """Mail members the additions: one mail a day and a pack, from eight on, never at night or at weekends."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    by_pack: dict[int, list[BriefingDocument]] = defaultdict(list)
    for document in news():
        by_pack[document.pack_id].append(document)
    return sum(_send_document_news(documents, local) for documents in by_pack.values())


@transaction.atomic
def _send_document_news(documents: list[BriefingDocument], local: datetime) -> int:
    pack = BriefingPack.objects.select_for_update(no_key=True).get(pk=documents[0].pack_id)
    pack.referral = referral = documents[0].pack.referral
    key = f"briefing-news:{pack.pk}:{local.date()}"
    waiting = BriefingDocument.objects.filter(pk__in=[row.pk for row in documents], announced_at=None)
    if referral.is_ended or Distribution.objects.filter(key=key).exists() or not waiting.exists():
        return 0
    document_ids = list(waiting.order_by("position", "pk").values_list("pk", flat=True))
    distribute(
        "briefing-news",
        pack,
        [Recipient(person, {"documents": document_ids}) for person in members_to_notify(pack)],
        by=None,
        title=_("Nouveaux documents, %(day)s : %(title)s") % {"day": format_date(local), "title": referral.title},
        term=referral.term,
        key=key,
    )
    BriefingDocument.objects.filter(pk__in=document_ids).update(announced_at=timezone.now())
    record("briefing.news_sent", pack, by=None, dossier=referral, documents=len(document_ids))
    return 1


PACK_KIND = "briefing-pack"
PDF_LIFETIME_SECONDS = 24 * 3600


def ask_for_pdf(pack: BriefingPack, *, by: User) -> Rendition:
    """Return the PDF of exactly this pack, the one being made, or a new one; the originals are not read for that."""
    documents = for_members(documents_of(pack)) if pack.pk else []
    if not documents:
        raise ValidationError(_("Le dossier n’a aucun document à lire."), code="empty")
    facts = [
        [
            row.pk,
            row.title,
            row.summary,
            row.source,
            row.kind,
            row.level,
            str(row.dated_on),
            row.link,
            sorted(row.checks),
        ]
        for row in documents
    ]
    content = canonical_json([pack.pk, pack.introduction, pack.referral.title, str(pack.released_at), facts])
    mark = f"briefing-pdf:{sha256(content).hexdigest()}"
    if (known := cache.get(mark)) and (
        rendition := Rendition.objects.filter(pk=known).exclude(state=RenditionState.FAILED).first()
    ):
        return rendition
    job = request_rendition(pack, PACK_KIND, by=by)
    cache.set(mark, job.pk, PDF_LIFETIME_SECONDS)
    return job


def mark_as_read(document: BriefingDocument, *, is_read: bool, by: User) -> None:
    """Set the mark of `by`, or remove it; idempotent. The view has checked that the paper is among those they read."""
    if is_read:
        BriefingReadMark.objects.get_or_create(document=document, user=by)
    else:
        BriefingReadMark.objects.filter(document=document, user=by).delete()
