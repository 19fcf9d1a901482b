"""Search entries of answers, updates and reports: what is in force today, for anybody; never a draft."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.models import Answer, ProgressReport, ProgressUpdate
from answers.models.answer_case import answering
from answers.queries.progress import proposals_of, public_reports, report_reference, report_title
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import local_day
from opinions.queries.areas import published_opinions

TEXT_FIELDS = ("body", "retained", "left_out", "proof", "passed_to", "action", "service")


class OfThread(SearchSource):
    """Search source whose entries lead to the thread of the proposal, or of the opinion answered as a whole."""

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("answers:thread", args=[entry.reference])


class Answers(OfThread):
    kind, order = "answer", 15
    name, label = gettext_lazy("Réponse"), gettext_lazy("Réponses")

    def objects(self) -> QuerySet[Any]:
        return Answer.objects.published().select_related("case__recommendation__opinion", "case__whole_of")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        case = subject.case
        values = {"value": subject.get_value_display().capitalize(), "title": case.title}
        yield IndexEntry(
            _("%(value)s : %(title)s") % values,
            body="\n".join(filter(None, (getattr(subject, name) for name in TEXT_FIELDS))),
            reference=case.reference,
            dated_on=subject.published_on,
            term_id=case.opinion.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the answers in force of the assembly shown on the public pages."""
        public = published_opinions().values("pk")
        condition = answering(public, "case__")
        return {"": Answer.objects.standing().filter(condition)}

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return the answers of a case, because the journal names the case."""
        if label == "answers.AnswerCase":
            return Answer.objects.published().filter(case__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


class ProgressUpdates(OfThread):
    kind, order = "progress", 16
    name, label = gettext_lazy("Suite donnée"), gettext_lazy("Suites données")

    def objects(self) -> QuerySet[Any]:
        paths = "follow_up__case__recommendation__opinion", "follow_up__case__whole_of"
        return ProgressUpdate.objects.not_withdrawn().select_related(*paths)

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        case = subject.follow_up.case
        values = {"state": subject.get_state_display().capitalize(), "title": case.title}
        yield IndexEntry(
            _("%(state)s : %(title)s") % values,
            body=subject.text,
            reference=case.reference,
            dated_on=local_day(subject.at),
            term_id=case.opinion.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the updates that are not withdrawn."""
        public = published_opinions().values("pk")
        return {"": ProgressUpdate.objects.not_withdrawn().filter(answering(public, "follow_up__case__"))}

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return the updates of a follow-up, because the journal names the follow-up."""
        if label == "answers.FollowUp":
            return ProgressUpdate.objects.filter(follow_up__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


class ProgressReports(SearchSource):
    """Reports with their introduction and the titles in them; the updates have entries of their own."""

    kind, order = "progress-report", 17
    name, label = gettext_lazy("Bilan"), gettext_lazy("Bilans")

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


add_search_source(Answers)
add_search_source(ProgressUpdates)
add_search_source(ProgressReports)
