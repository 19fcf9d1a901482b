"""The recommendations as data: embedded in the sealed file, and served as JSON and CSV at permanent addresses.

Schema `hemicycle/recommendations/1` (README, « Papers »). Nobody's name is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from assembly.collab.document import recommendations as reader
from assembly.collab.document.grammar import PROMPTS
from opinions.enums import RecommendationState
from opinions.models import Opinion, OpinionVersion, PartVote, Recommendation
from opinions.models.recommendation import proposal_address
from opinions.queries.opinions import last_version
from opinions.queries.standing_text import standing_tree
from sessions.decisions.enums import BallotState
from sessions.decisions.queries import ballot_facts
from sessions.models import Ballot

SCHEMA = "hemicycle/recommendations/1"
R = RecommendationState


def recommendations_data(
    opinion: Opinion, version: OpinionVersion | None = None, parts: Sequence[PartVote] | None = None
) -> dict[str, Any]:
    """Return each recommendation of the last version with its answers, vote and rank; then those left out.

    `parts` are the `proclaimed_parts` where they were already read.
    """
    version = version or last_version(opinion)
    rows = list(Recommendation.objects.filter(opinion=opinion).select_related("section", "merged_into").order_by("pk"))
    votes = votes_of(proclaimed_parts(opinion) if parts is None else parts)
    active = [row for row in rows if row.state == R.ACTIVE]
    tree = version.tree if version else standing_tree(opinion)
    texts = {recommendation.node_id: recommendation for recommendation in reader.read_all(tree)}
    order = {node: place for place, node in enumerate(texts)}
    active.sort(key=lambda row: (order.get(str(row.node_id), len(order)), row.number))
    origins: dict[int, list[str]] = {}
    for row in rows:
        if row.merged_into_id is not None and row.reference:
            origins.setdefault(row.merged_into_id, []).append(row.reference)
    return {
        "schema": SCHEMA,
        "opinion": opinion_data(opinion, version),
        "recommendations": [
            _line(row, texts.get(str(row.node_id)), votes.get(row.pk), origins.get(row.pk, [])) for row in active
        ],
        "left_out": [
            {
                "reference": row.reference,
                "title": row.title,
                "became": row.state,
                "merged_into": row.merged_into.reference if row.merged_into else None,
                "vote": votes.get(row.pk),
            }
            for row in rows
            if row.state != R.ACTIVE and row.reference
        ],
    }


def opinion_data(opinion: Opinion, version: OpinionVersion | None) -> dict[str, Any]:
    """Return what the recommendations belong to."""
    return {
        "reference": opinion.reference,
        "label": opinion.label,
        "title": opinion.title,
        "assembly": opinion.term.assembly.name,
        "authority": opinion.term.assembly.authority_name,
        "term": opinion.term.name,
        "referral": {"reference": opinion.referral.reference, "title": opinion.referral.title},
        "adopted_on": _day(opinion.adopted_on),
        "handed_over_on": _day(opinion.handed_over_on),
        "text_sha256": version.sha256 if version else None,
        "address": address_of(opinion),
    }


def address_of(opinion: Opinion) -> str:
    """Return where anybody reads it once published; empty before it has a reference."""
    return settings.SITE_URL + reverse("opinions:public", args=[opinion.reference]) if opinion.reference else ""


def proclaimed_parts(opinion: Opinion) -> list[PartVote]:
    """Return the parts of the opinion on which a vote was proclaimed, in the order of the votes."""
    parts = PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__state=BallotState.PROCLAIMED)
    return list(parts.select_related("ballot").order_by("position", "pk"))


def votes_of(parts: Iterable[PartVote]) -> dict[int, dict[str, Any]]:
    """Return the proclaimed vote on each recommendation that had one, by recommendation."""
    return {
        part.recommendation_id: vote_data(part.ballot)
        for part in parts
        if part.recommendation_id is not None and part.ballot is not None
    }


def vote_data(ballot: Ballot) -> dict[str, Any]:
    """Return a vote as counts, with the sentence of its result."""
    facts = ballot_facts(ballot)
    names = ("for", "against", "abstentions", "no_opinion", "result", "sentence")
    return {name: facts[name] for name in names}


def _line(
    row: Recommendation, text: reader.RecommendationText | None, vote: Mapping[str, Any] | None, origins: list[str]
) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "number": row.number,
        "node_id": str(row.node_id),
        "title": text.title if text else row.title,
        "theme": row.theme,
        "section": row.section.title if row.section else "",
        "priority": row.is_priority,
        "priority_score": row.priority_score,
        "fields": {
            prompt: {"question": str(question), "text": text.fields[prompt] if text else ""}
            for prompt, question in PROMPTS.items()
        },
        "vote": vote,
        "merged_from": sorted(origins),
        "address": proposal_address(row.reference),
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
