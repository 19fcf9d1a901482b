"""Versions of an opinion (tabled, each adopted amendment, adopted), append-only.

Also versions of the texts that people write, saved before a step that would change them.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from assembly.collab.actions import versions
from assembly.collab.document import html, plain_text
from assembly.collab.enums import VersionReason
from assembly.collab.models import SharedText, TextVersion
from assembly.identity.models import User
from opinions.enums import RecommendationState, VersionKind
from opinions.models import Opinion, OpinionVersion, Recommendation


def recommendation_numbers(opinion: Opinion) -> dict[str, str]:
    """Return the number shown before each recommendation, by node."""
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
    """Save this tree as a permanent version. The caller holds the row lock of the opinion."""
    last = OpinionVersion.objects.filter(opinion=opinion).aggregate(last=Max("number"))["last"] or 0
    return OpinionVersion.objects.create(
        opinion=opinion,
        number=last + 1,
        kind=kind,
        tree=tree,
        html=html.to_html(tree, suggestions="original", numbers=recommendation_numbers(opinion)),
        plain_text=plain_text.to_text(tree),
        sha256=versions.tree_digest(tree),
        text_version=text_version,
        made_by=by,
    )


def write_versions(
    texts: Iterable[SharedText], *, label: str, by: User | None, reason: VersionReason = VersionReason.STATE
) -> None:
    """Save a version of each text that changed since its last one."""
    for text in texts:
        last = text.versions.order_by("-number").values_list("upto_seq", flat=True).first()
        if last is None or last < SharedText.objects.values_list("last_seq", flat=True).get(pk=text.pk):
            versions.take_version_unchecked(text, label=label, reason=reason, by=by)
