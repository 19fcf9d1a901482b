"""The present text of an opinion, its versions, and its recommendations as rows and as data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from assembly.collab.document import grammar, recommendations
from assembly.collab.document.grammar import PROMPTS
from assembly.collab.document.projection import settled
from assembly.collab.queries import tree_of
from assembly.speed.queries import CompiledQuery
from opinions.models import Opinion, OpinionVersion, PartVote, Recommendation, RecommendationState, VersionKind
from opinions.opinions.queries import sections_of
from opinions.versions.models import proposal_address
from opinions.versions.rules import demote_headings, without_comments
from sessions.decisions.queries import ballot_facts
from sessions.models import Ballot, BallotState


def recommendations_of(opinion: Opinion) -> list[Recommendation]:
    """Return those in the opinion today, in their order, with the origins that were merged into each."""
    merged = Recommendation.objects.select_related("section__committee").order_by("number", "pk")
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE)
    rows = rows.select_related("section__committee").prefetch_related(Prefetch("origins", queryset=merged))
    return list(rows.order_by("number", "pk").for_screen())


def left_out(opinion: Opinion) -> list[Recommendation]:
    """Return those that were merged, removed or rejected: their references are never given again."""
    rows = Recommendation.objects.filter(opinion=opinion).exclude(state=RecommendationState.ACTIVE)
    return list(
        rows.select_related("merged_into", "section__committee").order_by("reference__alphabetical", "pk").for_screen()
    )


def last_version(opinion: Opinion) -> OpinionVersion | None:
    """Return the present text: tabled, then amended, then adopted."""
    return OpinionVersion.objects.filter(opinion=opinion).order_by("-number").first()


def last_or_tabled(opinion: int) -> QuerySet[OpinionVersion]:
    rows = OpinionVersion.objects.filter(opinion=opinion)
    newest = rows.order_by("-number").values("pk")[:1]
    return rows.filter(Q(pk__in=newest) | Q(kind=VersionKind.TABLED)).order_by("-number")


LAST_OR_TABLED = CompiledQuery(last_or_tabled)


def last_and_tabled(opinion: Opinion) -> tuple[OpinionVersion | None, OpinionVersion | None]:
    """Return the present text and the one that amendments were made to, in one statement."""
    versions = list(LAST_OR_TABLED(opinion.pk))
    tabled = next((version for version in versions if version.kind == VersionKind.TABLED), None)
    return (versions[0] if versions else None), tabled


def standing_tree(opinion: Opinion) -> dict[str, Any]:
    """Return the last version; before it the one text; before it the texts of groups, each under its title."""
    if (version := last_version(opinion)) is not None and opinion.is_tabled:
        return version.tree
    if opinion.text is not None:
        return without_comments(settled(tree_of(opinion.text), accept=False))
    blocks = []
    for section in sections_of(opinion):
        blocks.append(grammar.heading(section.title))
        if section.text is not None:
            part = settled(tree_of(section.text), accept=False)
            blocks += demote_headings(without_comments(part)).get("content", [])
    return grammar.tree_document(*blocks)


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
    texts = {recommendation.node_id: recommendation for recommendation in recommendations.read_all(tree)}
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
    row: Recommendation,
    text: recommendations.RecommendationText | None,
    vote: Mapping[str, Any] | None,
    origins: list[str],
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
