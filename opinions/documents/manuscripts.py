"""Opinions and texts of groups for a word processor: drafts are marked as drafts, adopted texts do not change."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.collab.document.projection import settled
from assembly.collab.enums import SuggestionState
from assembly.collab.models import SharedText, Suggestion
from assembly.collab.queries.texts import tree_of
from assembly.text.french import format_date
from opinions.exchange.manuscript import Manuscript
from opinions.models import Opinion, Recommendation
from opinions.papers.documents.body import facts_of
from opinions.papers.queries import document_reference, label_of
from opinions.queries.opinions import live_texts
from opinions.queries.standing_text import standing_tree
from opinions.versions.queries import recommendations_data
from opinions.versions.rules import without_comments


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
