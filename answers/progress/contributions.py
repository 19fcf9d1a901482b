"""Contributions of progress reports: files, search, audit events."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from answers.models import ProgressReport
from answers.progress.documents import DraftProgressReport, SealedProgressReport
from answers.progress.queries import proposals_of, public_reports, report_reference, report_title
from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_documents
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import local_day


class ProgressReports(SearchSource):
    """Reports with their introduction and the titles in them; the updates have entries of their own."""

    kind, order = "progress-report", 17
    name, label = _("Bilan"), _("Bilans")

    def objects(self) -> QuerySet[Any]:
        return ProgressReport.objects.filter(published_at__isnull=False).select_related("term__assembly")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        yield IndexEntry(
            report_title(subject),
            body="\n".join([subject.introduction, *(row["title"] for row in proposals_of(subject.content))]),
            reference=report_reference(subject),
            dated_on=local_day(subject.published_at),
            term_id=subject.term_id,
            address_key=subject.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the published reports."""
        return {"": public_reports()}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("answers:progress-report", args=[entry.address_key])


add_documents(SealedProgressReport, DraftProgressReport)
add_search_source(ProgressReports)
add_audit_events(
    {
        "progress_report.created": _("a commencé un bilan des suites données"),
        "progress_report.edited": _("a modifié un bilan des suites données"),
        "progress_report.sealing_asked": _("a demandé le cachet d’un bilan des suites données"),
        "progress_report.published": _("a scellé et publié un bilan des suites données"),
    }
)
