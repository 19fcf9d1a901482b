"""Progress report as a sealed file that anybody may read, `AC2-BILAN-01`, and as a draft for the team."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.follow_up.rules import can_see_follow_ups
from answers.models import ProgressReport
from answers.progress import actions
from answers.progress.queries import (
    PREVIEW_KIND,
    REPORT,
    REPORT_KIND,
    content_for_page,
    public_reports,
    report_content,
    report_reference,
    report_title,
)
from assembly.documents.enums import Audience
from assembly.documents.models import Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage
from assembly.text.french import local_day


class ProgressReportFile(Renderer):
    """Base class of the sealed file and its draft."""

    subject_label = REPORT

    def load(self, subject_id: str) -> ProgressReport:
        return ProgressReport.objects.select_related("term__assembly").get(pk=subject_id)

    def identity(self, subject: ProgressReport) -> Identity:
        day = local_day(subject.noted_at or timezone.now())
        return Identity(report_reference(subject), report_title(subject)[:240], day, subject.term)

    def can_read(self, user: Any, subject: ProgressReport) -> bool:
        return can_see_follow_ups(user, subject.term_id)

    def source_of(self, subject: ProgressReport, content: dict[str, Any], **facts: Any) -> RenderSource:
        return page_source(
            "answers/progress/pdf/report.html",
            {"report": content_for_page(content), "site": settings.SITE_URL},
            assembly=subject.term.assembly,
            title=report_title(subject),
            reference=report_reference(subject),
            made_at=subject.noted_at or timezone.now(),
            sheets=["progress"],
            data=content,
            **facts,
        )


class SealedProgressReport(ProgressReportFile):
    kind = REPORT_KIND
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
        rows = public_reports().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Le bilan en ligne"), reverse("answers:progress-report", args=[reference]))
            for pk, reference in rows
        }

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: ProgressReport) -> None:
        if revision is not None:
            actions.record_sealed(subject, revision)


class DraftProgressReport(ProgressReportFile):
    kind = PREVIEW_KIND
    file_name = "projet-de-bilan"

    def source(self, subject: ProgressReport) -> RenderSource:
        return self.source_of(subject, report_content(subject), draft=True)
