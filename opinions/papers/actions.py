"""Documents of an opinion: the chapters around its text, the files requested, the seal, its place on the site."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions import uploads
from assembly.documents.actions.publications import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.enums import DocumentState, UploadPurpose
from assembly.documents.models import Document, Rendition
from assembly.documents.queries import register
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.text.printable import check_text
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from opinions.enums import OpinionVisaCapacity
from opinions.models import Opinion, OpinionVersion, OpinionVisa, PrintedChapters
from opinions.papers import rules
from opinions.queries.opinions import last_version
from opinions.queries.papers import SEALED_KIND, is_current_rendition, sealed_document

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
        publish(document, by=by)


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
    last = register.latest_rendition(label, str(subject.pk), kind)
    if last is not None and last.is_ready and is_current_rendition(last, subject):
        return last
    return request_rendition(subject, kind, by=by)
