"""Present text of an opinion, whatever its state, without the suggestions that are not decided."""

from typing import Any

from assembly.collab.document import building
from assembly.collab.document.projection import settled
from assembly.collab.queries.texts import tree_of
from opinions.models import Opinion
from opinions.queries.opinions import last_version, sections_of
from opinions.versions.rules import demote_headings, without_comments


def standing_tree(opinion: Opinion) -> dict[str, Any]:
    """Return the last version; before it the one text; before it the texts of groups, each under its title."""
    if (version := last_version(opinion)) is not None and opinion.is_tabled:
        return version.tree
    if opinion.text is not None:
        return without_comments(settled(tree_of(opinion.text), accept=False))
    blocks = []
    for section in sections_of(opinion):
        blocks.append(building.heading(section.title))
        if section.text is not None:
            part = settled(tree_of(section.text), accept=False)
            blocks += demote_headings(without_comments(part)).get("content", [])
    return building.tree_document(*blocks)
