"""Service functions of the document pack: add, describe, order, replace, remove. Nothing is deleted, all is logged."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions import uploads
from assembly.documents.models import Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.render import RenderFailed, render
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from consultations.actions.briefing_files import PDF, DepositedFile, count_pages_ahead, detect_checks, page_count
from consultations.enums import BriefingKind
from consultations.models import BriefingDeposit, BriefingDocument, BriefingPack, Referral, ScopingNote
from consultations.models.briefing import CHECKS
from consultations.referrals.workflow.shared_steps import share_referral
from consultations.rules import briefing as rules

CHANGEABLE = ("title", "summary", "kind", "source", "dated_on", "level", "is_public", "hearing", "checks", "link")
ALL_CHECKS = tuple(name for name, _label in CHECKS)


def lock_pack(referral: Referral, by: User) -> BriefingPack:
    """Return the pack, created when first needed and locked until the end of the transaction: one writer at a time."""
    share_referral(referral, "brief", rules.can_brief, by=by)
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
