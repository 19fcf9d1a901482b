"""A recommendation and a whole text as they are read: HTML made by the server from the tree."""

from dataclasses import dataclass
from typing import Any

from assembly.collab.document import recommendations as reader
from assembly.collab.document.words import question_words
from assembly.collab.queries.texts import tree_of
from assembly.portal.registry import panels_about, panels_by_part
from opinions.models import Opinion, OpinionVersion, Recommendation
from opinions.queries.opinions import last_version, recommendations_of


@dataclass(frozen=True)
class Reading:
    """The six questions of one recommendation with their answers as HTML."""

    title: str
    answers: list[tuple[str, str]]


def source_tree(recommendation: Recommendation) -> dict[str, Any] | None:
    """Where its words stand today: the last version, else the one text, else the text of its group."""
    opinion = recommendation.opinion
    version = last_version(opinion)
    if version is not None and opinion.is_tabled:
        return version.tree
    if opinion.has_one_text and opinion.text is not None and recommendation.is_active:
        return tree_of(opinion.text)
    section = recommendation.section
    return tree_of(section.text) if section is not None and section.text is not None else None


def recommendation_page(recommendation: Recommendation) -> Reading:
    """Title and answers; empty answers are left out."""
    tree = source_tree(recommendation)
    node = str(recommendation.node_id)
    found = next((row for row in reader.found(tree) if row.node_id == node), None) if tree else None
    if found is None:
        return Reading(recommendation.title, [])
    answers = [(question_words(prompt), found.html[prompt]) for prompt in found.fields if found.fields[prompt].strip()]
    return Reading(found.title, answers)


def recommendations_told(user: Any, opinion: Opinion) -> dict[str, Any]:
    """Each recommendation with what higher apps say of it, and of the whole, in every room."""
    parts = panels_by_part("own-opinion-part", user, opinion)
    kept = recommendations_of(opinion) if opinion.has_one_text else []
    return {
        "lead": panels_about("opinion-lead", user, opinion),
        "on_whole": parts.get("", ""),
        "recommendations": [(row, parts.get(str(row.node_id), "")) for row in kept],
    }


def version_to_read(opinion: Opinion) -> OpinionVersion | None:
    """The text that stands, once tabled."""
    return last_version(opinion) if opinion.is_tabled else None
