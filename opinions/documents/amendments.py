"""Documents of the plenary: the tabled text with its alinéas numbered, and the booklet of amendments."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from opinions.amendments import queries as amendments
from opinions.documents.cover import booklet_cover
from opinions.enums import VersionKind
from opinions.models import OpinionVersion
from opinions.papers import rules
from opinions.papers.documents.body import body_of, for_pdf
from opinions.papers.queries import document_reference, label_of
from opinions.versions.queries import recommendations_data

SUFFIXES = {VersionKind.TABLED: "TD", VersionKind.AMENDED: "TA", VersionKind.ADOPTED: "TX"}


class VersionFile(Renderer):
    """Base of the files about one version, which nobody seals."""

    subject_label = "opinions.OpinionVersion"
    suffix = ""

    def load(self, subject_id: str) -> OpinionVersion:
        rows = OpinionVersion.objects.select_related("opinion__term__assembly", "opinion__referral")
        return rows.select_related("opinion__tabled_sitting", "opinion__ballot").get(pk=subject_id)

    def identity(self, subject: OpinionVersion) -> Identity:
        opinion = subject.opinion
        day = timezone.localdate(subject.made_at)
        return Identity(self.reference_of(subject), self.title_of(subject), day, opinion.term)

    def reference_of(self, subject: OpinionVersion) -> str:
        suffix = self.suffix or SUFFIXES[VersionKind(subject.kind)]
        return f"{document_reference(subject.opinion)}-{suffix}{subject.number}"

    def title_of(self, subject: OpinionVersion) -> str:
        raise NotImplementedError

    def can_read(self, user: Any, subject: OpinionVersion) -> bool:
        return rules.can_read_papers(user, subject.opinion)


class NumberedText(VersionFile):
    """A version with a number for every alinéa, for those who want to change a passage."""

    kind = "opinion-text"
    file_name = "texte-numerote"

    def title_of(self, subject: OpinionVersion) -> str:
        values = {"kind": subject.get_kind_display().capitalize(), "title": subject.opinion.title}
        return _("%(kind)s : %(title)s") % values

    def source(self, subject: OpinionVersion) -> RenderSource:
        opinion = subject.opinion
        body = for_pdf(body_of(subject.tree, recommendations_data(opinion, subject), alineas=True))
        return page_source(
            "opinions/papers/pdf/numbered_text.html",
            {"opinion": opinion, "version": subject, "body": body, "label": label_of(opinion)},
            assembly=opinion.term.assembly,
            title=self.title_of(subject),
            reference=self.reference_of(subject),
            made_at=subject.made_at,
            sheets=["opinions"],
        )


class Booklet(VersionFile):
    """The « liasse »: admissible amendments in their order of call, each on a sheet."""

    kind = "opinion-amendments"
    file_name = "liasse-des-amendements"
    suffix = "LA"

    def title_of(self, subject: OpinionVersion) -> str:
        return _("Amendements : %(title)s") % {"title": subject.opinion.title}

    def source(self, subject: OpinionVersion) -> RenderSource:
        opinion = subject.opinion
        rows = amendments.booklet(subject)
        moments = [row.amendment.changed_at for row in rows]
        return page_source(
            "opinions/papers/pdf/booklet.html",
            {"rows": rows},
            cover=booklet_cover(opinion, len(rows)),
            assembly=opinion.term.assembly,
            title=self.title_of(subject),
            reference=self.reference_of(subject),
            made_at=max(moments, default=subject.made_at),
            sheets=["opinions"],
        )
