"""Recommendations as rows: read from the texts by the id of their node, each with a permanent reference."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from assembly.audit.actions import record
from assembly.collab.document import recommendations as reader
from assembly.collab.queries.texts import tree_of
from assembly.identity.models import User
from assembly.institution.actions.numbering import next_number
from opinions.enums import RecommendationState
from opinions.models import Opinion, OpinionSection, Recommendation
from opinions.queries.opinions import sections_of

R = RecommendationState
TITLE_LENGTH = 300
RecommendationEntry = tuple[UUID, str, OpinionSection | None]


def read_recommendations(tree: dict[str, Any], section: OpinionSection | None = None) -> list[RecommendationEntry]:
    """Return the node, the title and the section of each recommendation of a tree, in order."""
    return [(UUID(str(row.node_id)), row.title[:TITLE_LENGTH], section) for row in reader.read_all(tree)]


def sync_from_sections(opinion: Opinion, *, by: User | None) -> list[Recommendation]:
    """Write the rows for what the groups wrote, without references yet."""
    recommendations = [
        row
        for section in sections_of(opinion)
        if section.text is not None
        for row in read_recommendations(tree_of(section.text), section)
    ]
    return sync(opinion, recommendations, by=by)


def sync(opinion: Opinion, entries: Iterable[RecommendationEntry], *, by: User | None) -> list[Recommendation]:
    """Update the rows from the text: new ones are added, missing ones marked as removed, order and titles follow."""
    known = {row.node_id: row for row in Recommendation.objects.filter(opinion=opinion).select_for_update(no_key=True)}
    rows: list[Recommendation] = []
    for number, (node, title, section) in enumerate({row[0]: row for row in entries}.values(), start=1):
        row = known.pop(node, None) or Recommendation(opinion=opinion, node_id=node)
        if row.state in {R.REMOVED, R.MERGED}:
            row.state, row.merged_into = R.ACTIVE, None
        row.number, row.title = number, title
        row.section = section or row.section
        row.save()
        rows.append(row)
    gone = [row.pk for row in known.values() if row.state == R.ACTIVE]
    if gone:
        Recommendation.objects.filter(pk__in=gone).update(state=R.REMOVED, is_priority=False)
    record("opinion.numbered", opinion, by=by, count=len(rows), gone=len(gone))
    return rows


def give_references(opinion: Opinion) -> None:
    """Give a permanent reference, such as AC2-2026-03-P07, to each row without one, in the order of the text."""
    year = int(opinion.reference.split("-")[1])
    missing = Recommendation.objects.filter(opinion=opinion, reference="", state=R.ACTIVE)
    for row in missing.order_by("number", "pk"):
        number = next_number(opinion.term.assembly, f"recommendation-{opinion.reference}", year)
        Recommendation.objects.filter(pk=row.pk).update(reference=f"{opinion.reference}-P{number:02d}")
