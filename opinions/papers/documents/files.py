"""Files of an opinion: sealed, draft, web version, numbered text, booklet of amendments, word processor files."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from assembly.collab.document.projection import settled
from assembly.collab.models import SharedText, Suggestion, SuggestionState
from assembly.collab.queries import tree_of
from assembly.documents.models import Audience, Rendition, Revision
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, RecordedVisa, Renderer, SitePage
from assembly.text.french import format_date, nbsp
from opinions.amendments import queries as amendments
from opinions.exchange.manuscript import Manuscript
from opinions.models import Opinion, OpinionVersion, Recommendation, VersionKind
from opinions.opinions.queries import live_texts, published_opinions
from opinions.papers import actions, rules
from opinions.papers.documents.body import (
    Body,
    ContentsLine,
    body_of,
    booklet_cover,
    facts_of,
    for_pdf,
    opinion_cover,
    with_recommendation_footers,
)
from opinions.papers.queries import (
    PRINTED,
    OpinionFacts,
    annexes_of,
    chapters_of,
    document_reference,
    label_of,
    printed_mark,
    title_of,
)
from opinions.versions.queries import last_version, recommendations_data, standing_tree
from opinions.versions.rules import without_comments

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
            actions.record_sealed(subject, revision.document)


class DraftOpinion(OpinionFile):
    kind = "opinion-draft"
    file_name = "projet-d-avis"

    def source(self, subject: Opinion) -> RenderSource:
        return source_of(subject, draft=True)

    def can_read(self, user: Any, subject: Opinion) -> bool:
        return rules.can_read_papers(user, subject)


def published_facts(opinion: Opinion) -> dict[str, Any]:
    """Return the facts of a published opinion, and `document`, the sealed file's reference once it is on the site."""
    sealed = annexes_of(opinion)["sealed"] or {"reference": "", "facts": None}
    upload = chapters_of(opinion).easy_read_file
    return {
        "facts": OpinionFacts(opinion, sealed_facts=sealed["facts"]),
        "easy_read_file": upload if upload and upload.is_available else None,
        "document": sealed["reference"],
    }


def web_version_of(facts: OpinionFacts, footers: Mapping[str, SafeString]) -> dict[str, Any]:
    """Return the text of `web_version.html` and its contents.

    `footers`: what became of each recommendation since, by the key of its node, which the sealed file cannot contain.
    """
    body = _body(json.dumps([facts["tree"], facts["data"]["recommendations"]], default=str))
    return {"body": with_recommendation_footers(body, footers), "contents": contents_of(facts, body)}


@lru_cache(maxsize=64)
def _body(text: str) -> Body:
    """Return the body of a tree and its recommendations, given as JSON; the same text always gives the same page."""
    tree, recommendations = json.loads(text)
    return body_of(tree, {"recommendations": recommendations})


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


def references_of(opinion: Opinion) -> dict[str, str]:
    """Return the permanent references of the recommendations that have one, by node."""
    rows = Recommendation.objects.filter(opinion=opinion).exclude(reference="")
    return {str(node): reference for node, reference in rows.values_list("node_id", "reference")}


def facts_under_titles(opinion: Opinion) -> dict[str, list[str]]:
    """Return the priority, theme, origins and vote of each recommendation, by node."""
    data = recommendations_data(opinion)
    return {
        row["node_id"]: [f"{name}\u00a0: {text}" for name, text in facts_of(row)] for row in data["recommendations"]
    }


def of_opinion(opinion: Opinion) -> Manuscript:
    """Return the manuscript of the whole text in its present state."""
    reference = document_reference(opinion) if opinion.reference else ""
    label = f"{label_of(opinion)} {reference}".strip()
    adopted = (
        [_("Adopté le %(day)s.") % {"day": format_date(opinion.adopted_on, weekday=False)}]
        if opinion.adopted_on
        else []
    )
    return Manuscript(
        title=opinion.title,
        tree=standing_tree(opinion),
        assembly=opinion.term.assembly.name,
        reference=reference,
        lines=[label, *adopted],
        notice="" if opinion.is_adopted else notice(live_texts(opinion)),
        references=references_of(opinion),
        facts=facts_under_titles(opinion),
    )


def of_text(text: SharedText, opinion: Opinion) -> Manuscript:
    """Return the manuscript of the text of one group, or of the one text, while people write it."""
    return Manuscript(
        title=text.title,
        tree=without_comments(settled(tree_of(text), accept=False)),
        assembly=opinion.term.assembly.name,
        reference=opinion.reference,
        lines=[opinion.title] if opinion.title != text.title else [],
        notice=notice([text]),
        references=references_of(opinion),
    )


def notice(texts: list[SharedText]) -> str:
    """Return « Texte non adopté, dans son état du 25 novembre 2026. », and the number of open suggestions left out."""
    day = format_date(timezone.localdate(), weekday=False)
    sentence = _("Texte non adopté, dans son état du %(day)s.") % {"day": day}
    waiting = Suggestion.objects.filter(text__in=texts, state=SuggestionState.OPEN).count()
    if not waiting:
        return sentence
    more = ngettext(
        "%(n)s proposition attend une décision : elle n’y est pas.",
        "%(n)s propositions attendent une décision : elles n’y sont pas.",
        waiting,
    )
    return f"{sentence} {more % {'n': waiting}}"


def manuscript_file(manuscript: Manuscript, suffix: str) -> tuple[bytes, str]:
    """Return the bytes of a file and their media type; `suffix` is docx or odt. Imports its engine when called."""
    from opinions.exchange import opendocument, word  # noqa: PLC0415 -- 0.4 s of every start; only a download pays them

    if suffix == "odt":
        return opendocument.to_odt(manuscript, created_at=timezone.now()), opendocument.OPEN_DOCUMENT
    return word.to_docx(manuscript, created_at=timezone.now()), word.WORD
