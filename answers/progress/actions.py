"""Actions on the progress report: written by the team, sealed by the lead, published once it has its seal."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.models import AnswerCase, ProgressReport, ProposalEventKind
from answers.progress import queries
from answers.voice.actions import record_news
from assembly.audit.actions import record
from assembly.documents.actions.register import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, DocumentState, Rendition, Revision
from assembly.documents.pdf.source import canonical_json
from assembly.documents.queries import latest_ready
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.text.printable import check_text
from assembly.web.versioned import Versioned
from assembly.workflow import lock
from opinions.papers.actions import reuse_or_request

WRITTEN = Versioned(by="edited_by", at="edited_at")


def content_mark(content: Mapping[str, Any]) -> str:
    """Return a digest of a content: a seal stores the digest of the content that it carries."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


@transaction.atomic
def begin(term: Term, *, ends_on: date, by: User) -> ProgressReport:
    """Create the next report of the term.

    It begins the day after the last one ends, so that no day is reported twice or left out.
    """
    if not queries.can_write_report(by, term):
        raise PermissionDenied
    lock(term)
    rows = ProgressReport.objects.filter(term=term)
    if rows.filter(published_at=None).exists():
        raise ValidationError(_("Un bilan est déjà en cours : publiez-le d’abord."), code="draft")
    starts_on = queries.next_start(term)
    if starts_on is None:
        raise ValidationError(_("Aucune suite donnée n’est encore suivie : il n’y a rien à dire."), code="nothing")
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    report = ProgressReport.objects.create(
        term=term,
        number=number,
        reference=f"{term.code}-BILAN-{number:02}",
        starts_on=starts_on,
        ends_on=_checked_end(starts_on, ends_on),
    )
    record("progress_report.created", report, by=by, reference=report.reference)
    return report


def _checked_end(starts_on: date, ends_on: date) -> date:
    if ends_on <= starts_on:
        raise ValidationError(_("La fin doit venir après le début."), code="ends_on")
    if ends_on > queries.last_end(starts_on):
        raise ValidationError(_("Un bilan dit douze mois au plus : avancez sa fin."), code="ends_on")
    return ends_on


@transaction.atomic
def edit(report: ProgressReport, *, ends_on: date, introduction: str, version: int, by: User) -> ProgressReport:
    """Save the last day and the introduction; raise EditConflict if somebody saved since, or it was published."""
    if not queries.can_write_report(by, report.term_id):
        raise PermissionDenied
    lock(report)
    values = {"ends_on": ends_on, "introduction": check_text(introduction).strip()}
    if report.published_at is not None:
        raise WRITTEN.conflict(report, values, is_closed=True)
    _checked_end(report.starts_on, ends_on)
    # The content stored for a seal that did not come is computed again.
    saved = {"edited_at": timezone.now(), "edited_by": by, "content": None, "noted_at": None}
    WRITTEN.save(report, values | saved, version=version)
    record("progress_report.edited", report, by=by, version=report.version)
    return report


@transaction.atomic
def preview(report: ProgressReport, *, by: User) -> Rendition:
    """Request the file as it would be sealed today, with « PROJET » across its pages."""
    if not queries.can_write_report(by, report.term_id):
        raise PermissionDenied
    return reuse_or_request(report, queries.PREVIEW_KIND, by=by)


@transaction.atomic
def seal(report: ProgressReport, *, version: int, by: User) -> Rendition:
    """Store the content of the report as it is today and request its seal; once sealed it is published.

    One that has its seal already, but whose timestamp came later, is published. A published one is sealed again if a
    text that it contains was withdrawn since.
    """
    if not queries.can_seal_report(by, report):
        raise PermissionDenied
    lock(report)
    if report.version != version:
        raise WRITTEN.conflict(report, {})
    content = _content_to_seal(report)
    rendition = latest_ready(queries.REPORT, str(report.pk), queries.REPORT_KIND)
    if (
        rendition
        and rendition.revision
        and rendition.revision.document.state == DocumentState.SEALED
        and carries_content(rendition.revision, content)
    ):
        _publish(report, rendition.revision.document, by=by)
        return rendition
    if content != report.content:
        report.content, report.noted_at = content, timezone.now()
        report.save(update_fields=["content", "noted_at"])
    record("progress_report.sealing_asked", report, by=by, version=report.version)
    return request_rendition(report, queries.REPORT_KIND, by=by)


def _content_to_seal(report: ProgressReport) -> dict[str, Any]:
    if report.published_at is not None:
        content = queries.without_withdrawn(report)
        if content == report.content:
            raise ValidationError(_("Ce bilan est publié, et rien n’en a été retiré depuis."), code="published")
        return content
    if not report.introduction:
        raise ValidationError(_("Écrivez d’abord l’introduction."), code="introduction")
    if report.ends_on > timezone.localdate():
        raise ValidationError(_("La période n’est pas finie : avancez sa fin, ou attendez."), code="ends_on")
    content = queries.report_content(report)
    if not content["opinions"]:
        raise ValidationError(_("Aucune suite donnée n’est encore suivie : il n’y a rien à dire."), code="nothing")
    return content


def carries_content(revision: Revision, content: Mapping[str, Any]) -> bool:
    return bool(revision.report.get("facts", {}).get("content") == content_mark(content))


@transaction.atomic
def record_sealed(report: ProgressReport, revision: Revision) -> None:
    """Publish the report that a worker sealed. Idempotent.

    A file whose promised timestamp has not come yet is published by `seal` later.
    """
    lock(report)
    if report.content is None or not carries_content(revision, report.content):
        raise ValidationError(
            _("Le bilan a changé depuis la demande : demandez de nouveau son cachet."), code="changed"
        )
    if revision.document.state != DocumentState.SIGNED_WITHOUT_TIMESTAMP:
        _publish(report, revision.document, by=None)


def _publish(report: ProgressReport, document: Document, *, by: User | None) -> None:
    """Publish the document; the first time, notify the followers of the proposals in the report."""
    publish(document, by=by)
    record("progress_report.published", report, by=by, document=document.reference)
    if report.published_at is None:
        report.published_at = timezone.now()
        report.save(update_fields=["published_at"])
        references = [row["reference"] for row in queries.proposals_of(report.content or {"opinions": []})]
        cases = AnswerCase.objects.of_opinions(queries.published_opinion_keys(report.term_id))
        cases = cases.filter(recommendation__reference__in=references)
        record_news(cases.select_related("recommendation"), ProposalEventKind.REPORT)
