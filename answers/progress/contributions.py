"""Contributions of progress reports: files, search, audit events.

A report is a sealed file that anybody may read, `AC2-BILAN-01`, and a draft for the team.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from answers.follow_up.rules import can_see_follow_ups
from answers.models import ProgressReport
from answers.progress import actions, queries
from assembly.audit.registry import add_audit_events
from assembly.documents.models import Audience, Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage, add_documents
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import local_day


class ProgressReportFile(Renderer):
    """Base class of the sealed file and its draft."""

    subject_label = queries.REPORT

    def load(self, subject_id: str) -> ProgressReport:
        return ProgressReport.objects.select_related("term__assembly").get(pk=subject_id)

    def identity(self, subject: ProgressReport) -> Identity:
        day = local_day(subject.noted_at or timezone.now())
        return Identity(queries.report_reference(subject), queries.report_title(subject)[:240], day, subject.term)

    def can_read(self, user: Any, subject: ProgressReport) -> bool:
        return can_see_follow_ups(user, subject.term_id)

    def source_of(self, subject: ProgressReport, content: dict[str, Any], **facts: Any) -> RenderSource:
        return page_source(
            "answers/progress/pdf/report.html",
            {"report": queries.content_for_page(content), "site": settings.SITE_URL},
            assembly=subject.term.assembly,
            title=queries.report_title(subject),
            reference=queries.report_reference(subject),
            made_at=subject.noted_at or timezone.now(),
            sheets=["progress"],
            data=content,
            **facts,
        )


class SealedProgressReport(ProgressReportFile):
    kind = queries.REPORT_KIND
    sealed = True
    audience = Audience.PUBLIC

    def source(self, subject: ProgressReport) -> RenderSource:
        if subject.content is None:
            raise ValidationError(
                _("Le bilan a changé depuis la demande : demandez de nouveau son cachet."), code="changed"
            )
        mark = {"content": actions.content_mark(subject.content)}
        return self.source_of(subject, subject.content, facts=mark, sealed=True)

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = queries.public_reports().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Le bilan en ligne"), reverse("answers:progress-report", args=[reference]))
            for pk, reference in rows
        }

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: ProgressReport) -> None:
        if revision is not None:
            actions.record_sealed(subject, revision)


class DraftProgressReport(ProgressReportFile):
    kind = queries.PREVIEW_KIND
    file_name = "projet-de-bilan"

    def source(self, subject: ProgressReport) -> RenderSource:
        return self.source_of(subject, queries.report_content(subject), draft=True)


class ProgressReports(SearchSource):
    """Reports with their introduction and the titles in them; the updates have entries of their own."""

    kind, order = "progress-report", 17
    name, label = gettext_lazy("Bilan"), gettext_lazy("Bilans")

    def objects(self) -> QuerySet[Any]:
        return ProgressReport.objects.filter(published_at__isnull=False).select_related("term__assembly")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        yield IndexEntry(
            queries.report_title(subject),
            body="\n".join([subject.introduction, *(row["title"] for row in queries.proposals_of(subject.content))]),
            reference=queries.report_reference(subject),
            dated_on=local_day(subject.published_at),
            term_id=subject.term_id,
            address_key=subject.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the published reports."""
        return {"": queries.public_reports()}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("answers:progress-report", args=[entry.address_key])


add_documents(SealedProgressReport, DraftProgressReport)
add_search_source(ProgressReports)
add_audit_events(
    {
        "progress_report.created": gettext_lazy("a commencé un bilan des suites données"),
        "progress_report.edited": gettext_lazy("a modifié un bilan des suites données"),
        "progress_report.sealing_asked": gettext_lazy("a demandé le cachet d’un bilan des suites données"),
        "progress_report.published": gettext_lazy("a scellé et publié un bilan des suites données"),
    }
)
