"""The versions of an opinion: what was tabled, each adopted amendment, what was adopted. Append only."""

from typing import Any

from django.db.models import Max

from assembly.collab.actions.versions import tree_digest
from assembly.collab.document import html, words
from assembly.collab.models import TextVersion
from assembly.identity.models import User
from opinions.enums import RecommendationState, VersionKind
from opinions.models import Opinion, OpinionVersion, Recommendation


def recommendation_numbers(opinion: Opinion) -> dict[str, str]:
    """The number shown before each recommendation, by node."""
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE)
    return {str(node): str(number) for node, number in rows.values_list("node_id", "number")}


def make(
    opinion: Opinion,
    kind: VersionKind,
    tree: dict[str, Any],
    *,
    by: User | None,
    text_version: TextVersion | None = None,
) -> OpinionVersion:
    """Keep this tree for good. The caller holds the opinion."""
    last = OpinionVersion.objects.filter(opinion=opinion).aggregate(last=Max("number"))["last"] or 0
    return OpinionVersion.objects.create(
        opinion=opinion,
        number=last + 1,
        kind=kind,
        tree=tree,
        html=html.to_html(tree, suggestions="original", numbers=recommendation_numbers(opinion)),
        words=words.plain(tree),
        sha256=tree_digest(tree),
        text_version=text_version,
        made_by=by,
    )
