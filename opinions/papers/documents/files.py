"""The opinion as a sealed file that anybody may read, and its draft with « PROJET » across each page.

There is one version for all: it is written to be public, names members as the site does, and carries the
recommendations as data. Its reference is the opinion's own (`AC2-2026-03`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assembly.documents.enums import Audience
from assembly.documents.models import Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, RecordedVisa, Renderer, SitePage
from assembly.text.french import nbsp
from opinions.documents.cover import opinion_cover
from opinions.models import Opinion, OpinionVersion
from opinions.papers import actions as papers
from opinions.papers import rules
from opinions.papers.documents.body import Body, ContentsLine, body_of, for_pdf, with_recommendation_footers
from opinions.papers.queries import OpinionFacts, document_reference, printed_mark, title_of
from opinions.queries.areas import published_opinions
from opinions.queries.opinions import last_version
from opinions.queries.papers import PRINTED

# Facts that stay as they were sealed, since hearings are held and results corrected after it. The web version reads
# them from the seal instead of computing them again. They name no member: names are read anew, and can be erased.
SEALED_FACTS = ("amendments", "data", "figures", "hearings", "left_out", "votes")


def loaded(subject_id: str) -> Opinion:
    """Return the opinion with everything that its file names."""
    rows = Opinion.objects.select_related("term__assembly", "referral", "ballot", "tabled_sitting__chair")
    return rows.get(pk=subject_id)


def moment_of(opinion: Opinion, version: OpinionVersion | None) -> datetime:
    """Return the moment printed in the metadata, which changes only when the text or its visas do."""
    last_visa_at = (
        opinion.visas.filter(voided_at=None).order_by("-given_at").values_list("given_at", flat=True).first()
    )
    return last_visa_at or (version.made_at if version else opinion.changed_at)


def contents_of(facts: dict[str, Any], body: Body) -> list[ContentsLine]:
    """Return the chapters that the file has, in their order."""
    chapters, before, after = facts["words"], [], []
    if chapters["easy_read"]:
        before.append(ContentsLine("facile", _("L’essentiel, facile à lire")))
    for name, title in (("foreword", _("Avant-propos")), ("genesis", _("Naissance de l’Assemblée"))):
        if chapters[name]:
            before.append(ContentsLine(name, title))
    before.append(ContentsLine("method", _("Méthode")))
    for name, title in (
        ("votes", _("Les votes")),
        ("minority", _("Positions minoritaires")),
        ("members_count", _("Les membres")),
        ("hearings", _("Personnes entendues et lieux visités")),
    ):
        if facts[name]:
            after.append(ContentsLine(name.removesuffix("_count"), title))
    if chapters["thanks"]:
        after.append(ContentsLine("thanks", _("Remerciements")))
    after.append(ContentsLine("glossary", _("Les mots de l’avis")))
    if body.notes:
        after.append(ContentsLine("notes", _("Notes")))
    return [*before, *body.contents, *after]


def addresses_of(data: Mapping[str, Any]) -> dict[str, SafeString]:
    """Return the link to follow each recommendation, for the foot of it, by node."""
    label = _("Ce que devient cette préconisation :")
    rows = [(row["node_id"], row["address"]) for row in data["recommendations"] if row["address"]]
    link = '<p class="follow">{} <a href="{}">{}</a></p>'
    return {node: format_html(link, nbsp(label), address, address.partition("//")[2]) for node, address in rows}


def source_of(opinion: Opinion, *, draft: bool = False) -> RenderSource:
    """Return the source of the whole file of the last version; a draft has no seal and no data."""
    version = last_version(opinion)
    facts = OpinionFacts(opinion, version)
    body = body_of(facts["tree"], facts["data"])
    body = for_pdf(body if draft else with_recommendation_footers(body, addresses_of(facts["data"])))
    return page_source(
        "opinions/papers/pdf/opinion.html",
        {"facts": facts, "body": body, "contents": contents_of(facts, body), "visas": facts["visas"]},
        cover=opinion_cover(opinion, facts, draft=draft),
        assembly=opinion.term.assembly,
        title=facts["full_title"],
        reference=facts["reference"],
        made_at=moment_of(opinion, version),
        sheets=["opinions"],
        data=None if draft else facts["data"],
        facts={name: facts[name] for name in SEALED_FACTS} | {PRINTED: printed_mark(facts)},
        sealed=not draft,
        draft=draft,
    )


class OpinionFile(Renderer):
    subject_label = "opinions.Opinion"

    def load(self, subject_id: str) -> Opinion:
        return loaded(subject_id)

    def identity(self, subject: Opinion) -> Identity:
        return Identity(document_reference(subject), title_of(subject), self.dated_on(subject), subject.term)

    def dated_on(self, subject: Opinion) -> date:
        return subject.adopted_on or timezone.localdate()


class SealedOpinion(OpinionFile):
    kind = "opinion"
    sealed = True
    audience = Audience.PUBLIC

    def source(self, subject: Opinion) -> RenderSource:
        return source_of(subject)

    def visas(self, subject: Opinion) -> Sequence[RecordedVisa]:
        """Return the visas; the chair and the rapporteur act in an official capacity and are named in public."""
        rows = subject.visas.filter(voided_at=None).select_related("person").order_by("pk")
        return [
            RecordedVisa(
                name=row.person.full_name,
                capacity=str(row.get_capacity_display()),
                given_at=timezone.localtime(row.given_at).isoformat(timespec="seconds"),
            )
            for row in rows
        ]

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = published_opinions().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("L’avis en ligne"), reverse("opinions:public", args=[reference]))
            for pk, reference in rows
        }

    def can_read(self, user: Any, subject: Opinion) -> bool:
        return rules.can_read_papers(user, subject) and subject.is_adopted

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: Opinion) -> None:
        if revision is not None:
            papers.record_sealed(subject, revision.document)


class DraftOpinion(OpinionFile):
    kind = "opinion-draft"
    file_name = "projet-d-avis"

    def source(self, subject: Opinion) -> RenderSource:
        return source_of(subject, draft=True)

    def can_read(self, user: Any, subject: Opinion) -> bool:
        return rules.can_read_papers(user, subject)
