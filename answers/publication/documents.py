"""Answer table as a sealed file that anybody may read: `AC2-2026-03-REP`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.cases.rules import can_see_desk
from answers.publication import actions
from answers.publication.queries import (
    OPINION,
    TABLE_KIND,
    AnswerSummary,
    answer_summaries,
    sealed_facts,
    table_context,
    table_data,
    table_reference,
    table_title,
)
from assembly.documents.enums import Audience
from assembly.documents.models import Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage
from assembly.text.french import local_day
from opinions.models import Opinion
from opinions.opinions.queries import published_opinions


@dataclass(frozen=True)
class AnswerTable:
    """An opinion and its answers, read once for a file."""

    opinion: Opinion
    rows: list[AnswerSummary]

    @property
    def made_at(self) -> datetime:
        """Return the moment of the last answer in the table, so that the same content makes the same file."""
        moments = [row.answer.published_at for row in self.rows if row.answer and row.answer.published_at]
        return max(moments, default=self.opinion.changed_at)


class SealedAnswerTable(Renderer):
    kind = TABLE_KIND
    subject_label = OPINION
    sealed = True
    audience = Audience.PUBLIC

    def load(self, subject_id: str) -> AnswerTable:
        rows = Opinion.objects.select_related("term__assembly", "referral")
        opinion = rows.get(pk=subject_id)
        return AnswerTable(opinion, answer_summaries(opinion))

    def identity(self, subject: AnswerTable) -> Identity:
        opinion = subject.opinion
        return Identity(table_reference(opinion), table_title(opinion)[:240], local_day(subject.made_at), opinion.term)

    def source(self, subject: AnswerTable) -> RenderSource:
        opinion, rows = subject.opinion, subject.rows
        return page_source(
            "answers/publication/pdf/table.html",
            {**table_context(opinion, rows), "day": local_day(subject.made_at), "site": settings.SITE_URL},
            assembly=opinion.term.assembly,
            title=table_title(opinion),
            reference=table_reference(opinion),
            made_at=subject.made_at,
            sheets=["answers"],
            data=table_data(opinion, rows),
            facts=sealed_facts(rows),
            sealed=True,
        )

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = published_opinions().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Les réponses en ligne"), reverse("answers:table", args=[reference]))
            for pk, reference in rows
        }

    def can_read(self, user: Any, subject: AnswerTable) -> bool:
        return can_see_desk(user, subject.opinion.term_id)

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: AnswerTable) -> None:
        if revision is not None:
            actions.record_sealed(subject.opinion, revision.document)
