"""Documents of an opinion: chapters, visas, the seal, the publication, and Word files imported into a text."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab import rules as collab_rules
from assembly.collab.actions import texts
from assembly.collab.document import plain_text, writing
from assembly.collab.models import SharedText
from assembly.collab.queries import tree_of
from assembly.documents.actions import register, uploads
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, DocumentState, Rendition, UploadPurpose
from assembly.documents.queries import latest_rendition
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.text.printable import check_text
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from opinions.adoption.signals import opinion_published
from opinions.exchange.incoming import read_docx
from opinions.models import Opinion, OpinionVersion, OpinionVisa, PrintedChapters, TextImport
from opinions.opinions.workflow import OPINION
from opinions.papers import rules
from opinions.papers.models import ImportState, OpinionVisaCapacity
from opinions.papers.queries import SEALED_KIND, is_current_rendition, sealed_document
from opinions.versions.queries import last_version
from sessions.models import Via

CHAPTER_FIELDS = ("foreword", "foreword_by", "genesis", "method", "thanks")
DRAFT_KIND, TEXT_KIND, BOOKLET_KIND = "opinion-draft", "opinion-text", "opinion-amendments"


PRINTED = Versioned(by="changed_by")


@transaction.atomic
def write_chapters(opinion: Opinion, chapters: Mapping[str, str], *, version: int, by: User) -> PrintedChapters:
    """Save the chapters around the text over `version` (0 without any); raise EditConflict if somebody saved since."""
    if not rules.can_write_chapters(by, opinion):
        raise PermissionDenied
    lock(opinion)
    saved_chapters = PrintedChapters.objects.filter(opinion=opinion).first()
    row = saved_chapters or PrintedChapters(opinion=opinion, version=0)
    if row.version != version:
        raise PRINTED.conflict(row, chapters)
    checked = {name: check_text(chapters.get(name, "").strip()) for name in CHAPTER_FIELDS}
    changed = [name for name, text in checked.items() if getattr(row, name) != text]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, checked[name])
    row.changed_by, row.version = by, row.version + 1
    row.full_clean()
    row.save()
    record("opinion.chapters_written", opinion, by=by, chapters=changed)
    return row


@transaction.atomic
def save_easy_read_file(opinion: Opinion, file: CheckedFile, *, by: User) -> PrintedChapters:
    """Save the easy-read summary as a workshop laid it out, in place of a former one, even after publication."""
    if not rules.can_save_easy_read(by, opinion):
        raise PermissionDenied
    lock(opinion)
    row = PrintedChapters.objects.filter(opinion=opinion).first() or PrintedChapters(opinion=opinion, version=0)
    row.easy_read_file = uploads.accept_upload(file, by=by, purpose=UploadPurpose.OTHER)
    row.changed_by, row.version = by, row.version + 1
    row.save()
    record("opinion.easy_read_saved", opinion, by=by, sha256=row.easy_read_file.blob_id)
    return row


@transaction.atomic
def seal(opinion: Opinion, *, by: User) -> Rendition:
    """Request the sealed file, once every visa that is due covers the adopted text."""
    if not rules.can_seal(by, opinion):
        raise StateConflict(opinion, "seal") if rules.can_read_papers(by, opinion) else PermissionDenied
    missing = missing_visas(opinion)
    if missing:
        who = ", ".join(str(OpinionVisaCapacity(capacity).label) for capacity in missing)
        raise ValidationError(_("Il manque le visa : %(who)s.") % {"who": who}, code="visas")
    record("opinion.sealing_asked", opinion, by=by)
    return request_rendition(opinion, SEALED_KIND, by=by)


def missing_visas(opinion: Opinion) -> list[str]:
    """Return the capacities whose visa on the adopted text is missing; the chair's is always due."""
    version = last_version(opinion)
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None, version=version)
    capacities = set(rows.values_list("capacity", flat=True))
    due = [OpinionVisaCapacity.CHAIR, *([OpinionVisaCapacity.RAPPORTEUR] if opinion.rapporteur_id else [])]
    return [capacity for capacity in due if capacity not in capacities]


@transaction.atomic
def record_sealed(opinion: Opinion, document: Document) -> None:
    """Record that a worker sealed the opinion; on the site, the new seal replaces the former. Safe to run twice."""
    record("opinion.sealed", opinion, by=None, document=document.reference)
    if opinion.published_at is not None:
        put_on_site(opinion, by=None)


def put_on_site(opinion: Opinion, *, by: User | None) -> None:
    """Publish the sealed file at `/publications/`, unless its timestamp is still to come."""
    document = sealed_document(opinion)
    if document is not None and document.state != DocumentState.SIGNED_WITHOUT_TIMESTAMP:
        register.publish(document, by=by)


@transaction.atomic
def draft(opinion: Opinion, *, by: User) -> Rendition:
    """Request a draft with « PROJET » across its pages, at any moment before the adoption."""
    if not rules.can_read_papers(by, opinion):
        raise PermissionDenied
    return reuse_or_request(opinion, DRAFT_KIND, by=by)


@transaction.atomic
def print_version(version: OpinionVersion, kind: str, *, by: User) -> Rendition:
    """Request the text with its alinéas numbered, or the booklet of its amendments."""
    if not rules.can_read_papers(by, version.opinion) or kind not in {TEXT_KIND, BOOKLET_KIND}:
        raise PermissionDenied
    return reuse_or_request(version, kind, by=by)


def reuse_or_request(subject: models.Model, kind: str, *, by: User) -> Rendition:
    """Return the file already made from this content or in progress, or request a new one."""
    label = subject._meta.label
    last = latest_rendition(label, str(subject.pk), kind)
    if last is not None and last.is_ready and is_current_rendition(last, subject):
        return last
    return request_rendition(subject, kind, by=by)


@transaction.atomic
def give_visa(opinion: Opinion, capacity: OpinionVisaCapacity, *, by: User) -> OpinionVisa:
    """Approve the adopted text as chair or as rapporteur, for oneself, after a fresh proof of identity."""
    lock(opinion)
    if not rules.can_give_visa(by, opinion, capacity):
        raise PermissionDenied
    visa = _visa(opinion, capacity, via=Via.ACCOUNT)
    record("opinion.visa_given", opinion, by=by, capacity=capacity, text=visa.text_sha256)
    return visa


@transaction.atomic
def record_visa(opinion: Opinion, capacity: OpinionVisaCapacity, *, by: User) -> OpinionVisa:
    """Record the visa of somebody who signed on paper: it is shown as such."""
    lock(opinion)
    if not rules.can_record_visa(by, opinion):
        raise PermissionDenied
    visa = _visa(opinion, capacity, via=Via.PAPER, recorded_by=by)
    record(
        "opinion.visa_recorded",
        opinion,
        by=by,
        on_behalf_of=visa.person,
        capacity=capacity,
        text=visa.text_sha256,
    )
    return visa


def _visa(
    opinion: Opinion, capacity: OpinionVisaCapacity, *, via: Via, recorded_by: User | None = None
) -> OpinionVisa:
    """Return the visa on the last version, created if it is missing; a second click creates none.

    The caller holds the row lock of the opinion.
    """
    holder = rules.holder_of(opinion, capacity)
    version = last_version(opinion)
    if holder is None or version is None:
        raise ValidationError(
            _("Dites d’abord qui présidait la séance et qui est rapporteur de l’avis."), code="functions"
        )
    rows = OpinionVisa.objects.filter(opinion=opinion, capacity=capacity, voided_at=None)
    visa = rows.first()
    if visa is not None and visa.version_id == version.pk:
        return visa
    rows.update(voided_at=timezone.now())
    return OpinionVisa.objects.create(
        opinion=opinion,
        version=version,
        person_id=holder,
        capacity=capacity,
        given_at=timezone.now(),
        text_sha256=version.sha256,
        via=via,
        recorded_by=recorded_by,
    )


@OPINION.action("write_easy_read")
@transaction.atomic
def write_easy_read(opinion: Opinion, easy_read: str, *, by: User) -> None:
    """Write the summary in plain words shown next to the full text; also possible after the publication."""
    step = OPINION.require(opinion, "write_easy_read", by=by)
    text = check_text(easy_read.strip())
    if text != opinion.easy_read:
        OPINION.take(opinion, step, by=by, facts={"length": len(text)}, easy_read=text)


@OPINION.action("publish")
@transaction.atomic
def publish(opinion: Opinion, *, by: User) -> None:
    """Publish what was adopted; the sealed file is put on the site now, or once it is sealed.

    Sends the signal `opinion_published`.
    """
    OPINION.transition(opinion, "publish", by=by)
    put_on_site(opinion, by=by)
    opinion_published.send(sender=Opinion, opinion=opinion, by=by)


RETENTION = timedelta(days=1)
S = ImportState


@transaction.atomic
def preview(text: SharedText, file: CheckedFile, *, by: User) -> TextImport:
    """Read a file for a text in which this person may write; raise ValidationError with the message to show."""
    if not collab_rules.can_write(by, text):
        raise PermissionDenied
    document = read_docx(file.content)
    row = TextImport.objects.create(
        text=text,
        file_name=file.full_name[-200:],
        digest=hashlib.sha256(file.content).hexdigest(),
        tree=document.tree,
        counts=dict(document.counts),
        lost=list(document.lost),
        created_by=by,
    )
    record("text.import_shown", text, by=by, sha256=row.digest, left_out=len(document.lost))
    return row


@transaction.atomic
def write(row: TextImport, *, by: User) -> None:
    """Add what was read at the end of the text, in the name of the person who confirms; a second click is refused."""
    text_import = _lock_shown(row, by)
    if not collab_rules.can_write(by, text_import.text):
        raise PermissionDenied
    tree: dict[str, Any] = text_import.tree or {}
    is_empty = not plain_text.to_text(tree_of(text_import.text)).strip()
    texts.edit(
        text_import.text, lambda doc: (writing.replace_all if is_empty else writing.append_blocks)(doc, tree), by=by
    )
    _end(text_import, S.WRITTEN)
    record(
        "text.import_written",
        text_import.text,
        by=by,
        sha256=text_import.digest,
        words=text_import.counts.get("words", 0),
    )


@transaction.atomic
def discard(row: TextImport, *, by: User) -> None:
    """Leave the file out: nothing was written, and nothing of it is stored."""
    text_import = _lock_shown(row, by)
    _end(text_import, S.LEFT)
    record("text.import_left", text_import.text, by=by, sha256=text_import.digest)


def _lock_shown(row: TextImport, by: User) -> TextImport:
    """Return the locked row while it is shown; raise PermissionDenied unless this person brought the file."""
    text_import = TextImport.objects.select_for_update(of=("self",), no_key=True).select_related("text").get(pk=row.pk)
    if text_import.created_by_id != by.pk:
        raise PermissionDenied
    if text_import.state != S.SHOWN:
        raise ValidationError(_("Ce fichier a déjà été repris ou laissé de côté."), code="ended")
    return text_import


def _end(row: TextImport, state: ImportState) -> None:
    TextImport.objects.filter(pk=row.pk).update(state=state, tree=None, ended_at=timezone.now())


def empty_old_imports(now: datetime) -> int:
    """Empty the imports that nobody confirmed within a day, and return how many."""
    old = TextImport.objects.filter(state=S.SHOWN, created_at__lt=now - RETENTION)
    return old.update(state=S.LEFT, tree=None, ended_at=now)
