"""A recommendation and a whole text to read: HTML that the server makes from the tree."""

from dataclasses import dataclass
from typing import Any

from assembly.collab.document import recommendations as reader
from assembly.collab.document.plain_text import question_label
from assembly.collab.queries.texts import tree_of
from assembly.portal.registry import object_widgets, widgets_by_part
from opinions.models import Opinion, OpinionVersion, Recommendation
from opinions.queries.opinions import last_version, recommendations_of


@dataclass(frozen=True)
class Reading:
    """The six questions of one recommendation with their answers as HTML."""

    title: str
    answers: list[tuple[str, str]]


def source_tree(recommendation: Recommendation) -> dict[str, Any] | None:
    """Return the tree with its present text: the last version, else the one text, else the text of its group."""
    opinion = recommendation.opinion
    version = last_version(opinion)
    if version is not None and opinion.is_tabled:
        return version.tree
    if opinion.has_one_text and opinion.text is not None and recommendation.is_active:
        return tree_of(opinion.text)
    section = recommendation.section
    return tree_of(section.text) if section is not None and section.text is not None else None


def recommendation_page(recommendation: Recommendation) -> Reading:
    """Return the title and the answers, without empty ones."""
    tree = source_tree(recommendation)
    node = str(recommendation.node_id)
    text = next((row for row in reader.read_all(tree) if row.node_id == node), None) if tree else None
    if text is None:
        return Reading(recommendation.title, [])
    answers = [(question_label(prompt), text.html[prompt]) for prompt in text.fields if text.fields[prompt].strip()]
    return Reading(text.title, answers)


def recommendation_widgets(user: Any, opinion: Opinion) -> dict[str, Any]:
    """Return each recommendation with the widgets that apps above add to it, and those on the whole opinion."""
    parts = widgets_by_part("own-opinion-part", user, opinion)
    recommendations = recommendations_of(opinion) if opinion.has_one_text else []
    return {
        "lead": object_widgets("opinion-lead", user, opinion),
        "on_whole": parts.get("", ""),
        "recommendations": [(row, parts.get(str(row.node_id), "")) for row in recommendations],
    }


def version_to_read(opinion: Opinion) -> OpinionVersion | None:
    """Return the present version, once tabled."""
    return last_version(opinion) if opinion.is_tabled else None
