"""Versions of an opinion, its recommendations as rows, and the sections made one text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.document import authorship, grammar, html, plain_text, reading, recommendations as reader, writing
from assembly.collab.models import SharedText, TextState, TextVersion, Update, VersionReason
from assembly.collab.queries import document_at, tree_of
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.rules import is_team
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from opinions.models import Opinion, OpinionSection, OpinionVersion, Recommendation, RecommendationState, VersionKind
from opinions.opinions import rules
from opinions.opinions.models import OPINION_KIND
from opinions.opinions.queries import sections_of
from opinions.opinions.workflow import OPINION
from opinions.versions.rules import demote_headings, with_fresh_ids, without_comments, without_recommendations


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
        sha256=texts.tree_digest(tree),
        text_version=text_version,
        made_by=by,
    )


def write_versions(
    shared_texts: Iterable[SharedText], *, label: str, by: User | None, reason: VersionReason = VersionReason.STATE
) -> None:
    """Save a version of each text that changed since its last one."""
    for text in shared_texts:
        last = text.versions.order_by("-number").values_list("upto_seq", flat=True).first()
        if last is None or last < SharedText.objects.values_list("last_seq", flat=True).get(pk=text.pk):
            texts.take_version_unchecked(text, label=label, reason=reason, by=by)


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


SERIES = "opinion"


def next_reference(opinion: Opinion) -> str:
    """Return the next reference of the term, such as AC2-2026-03, which is given only once."""
    term, year = opinion.term, timezone.localdate().year
    series = f"{SERIES}-{term.code}"
    return f"{term.code}-{year}-{next_number(term.assembly, series, year):02d}"


EDITABLE = frozenset({"theme", "is_priority"})


TABLE = Versioned(at="changed_at")


@OPINION.action("consolidate")
@transaction.atomic
def consolidate(opinion: Opinion, *, by: User) -> SharedText:
    """Create the one text, in place of a former one, and freeze the texts of the groups as they were validated."""
    step = OPINION.require(opinion, "consolidate", by=by)
    sections = [section for section in sections_of(opinion) if section.text is not None]
    whole, owners = unite_sections(sections, by=opinion.officer)
    reference = opinion.reference or next_reference(opinion)
    title = f"{reference} – {opinion.title}"
    seeds = authorship.seeds(grammar.tree_document(*whole.blocks), whole.passages)
    text = texts.create(OPINION_KIND, title=title, assembly=opinion.term.assembly, seeds=seeds, by=by)
    OPINION.take(opinion, step, by=by, reference=reference, text=text)
    freeze_sections(sections, by=by)
    write_recommendations(opinion, owners, by=by)
    return text


@dataclass
class ConsolidatedText:
    """Blocks one after the other, each with the authors of its characters."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    passages: list[Any] = field(default_factory=list)


def unite_sections(sections: list[OpinionSection], *, by: User) -> tuple[ConsolidatedText, dict[str, OpinionSection]]:
    """Return the texts of the groups under their titles, and the section that each recommendation comes from."""
    whole, seen = ConsolidatedText(), set[str]()
    owners: dict[str, OpinionSection] = {}
    for section in sections:
        if section.text is None:
            continue
        rows = Update.objects.filter(text=section.text).order_by("seq").values_list("author", "data")
        passages = authorship.blocks_by_author((author, bytes(data)) for author, data in rows)
        tree = reading.tree(document_at(section.text))
        section_tree = with_fresh_ids(demote_headings(without_comments(tree)), seen)
        whole.blocks += [grammar.heading(section.title), *section_tree["content"]]
        whole.passages += [[(by.pk, 0, len(section.title))], *passages]
        owners.update((str(node), section) for node, _title, _none in read_recommendations(section_tree))
    return whole, owners


def freeze_sections(sections: list[OpinionSection], *, by: User) -> None:
    for section in sections:
        if section.text is not None and section.text.state != TextState.FROZEN:
            texts.freeze(section.text, label=_("Texte du groupe, réuni aux autres"), by=by)


def write_recommendations(
    opinion: Opinion, owners: Mapping[str, OpinionSection], *, by: User | None
) -> list[Recommendation]:
    """Write the rows and the references of the recommendations of the one text."""
    if opinion.text is None:
        return []
    recommendations = [
        (node, title, owners.get(str(node))) for node, title, _none in read_recommendations(tree_of(opinion.text))
    ]
    rows = sync(opinion, recommendations, by=by)
    give_references(opinion)
    return rows


def lock_consolidated_opinion(opinion: Opinion, version: int, by: User) -> Opinion:
    """Lock the row if `version` is still the last one; raise EditConflict when another officer saved since."""
    lock(opinion)
    if not rules.can_consolidate(by, opinion):
        raise StateConflict(opinion, "consolidate") if is_team(by, opinion.term_id) else PermissionDenied
    if opinion.version != version:
        raise TABLE.conflict(opinion, {})
    return opinion


def increment_version(opinion: Opinion) -> None:
    Opinion.objects.filter(pk=opinion.pk).update(version=F("version") + 1, changed_at=timezone.now())
    opinion.version += 1


@transaction.atomic
def save(opinion: Opinion, rows: Mapping[int, Mapping[str, Any]], *, version: int, by: User) -> int:
    """Write themes and priorities by recommendation, unless saved since `version`, and return how many changed."""
    lock_consolidated_opinion(opinion, version, by)
    known = {row.pk: row for row in Recommendation.objects.filter(opinion=opinion, state=R.ACTIVE)}
    changed = 0
    for pk, values in rows.items():
        row = known.get(pk)
        if row is None or any(name not in EDITABLE for name in values):
            raise ValueError(f"not a recommendation of this opinion: {pk}")
        if any(getattr(row, name) != value for name, value in values.items()):
            Recommendation.objects.filter(pk=pk).update(**values)
            changed += 1
    if changed:
        increment_version(opinion)
        record("opinion.worked", opinion, by=by, rows=changed)
    return changed


@transaction.atomic
def refresh_recommendations(opinion: Opinion, *, version: int, by: User) -> list[Recommendation]:
    """Update the rows after the text was edited: they follow it, and new recommendations get their reference."""
    lock_consolidated_opinion(opinion, version, by)
    rows = write_recommendations(opinion, {}, by=by)
    increment_version(opinion)
    return rows


@transaction.atomic
def merge(source: Recommendation, target: Recommendation, *, version: int, by: User) -> None:
    """Merge two recommendations that ask for the same; origin and reference of the one that leaves are retained."""
    opinion = lock_consolidated_opinion(source.opinion, version, by)
    mine = Recommendation.objects.filter(opinion=opinion, state=R.ACTIVE, pk__in=[source.pk, target.pk])
    if source.pk == target.pk or mine.count() != len({source.pk, target.pk}) or opinion.text is None:
        raise ValidationError(_("Choisissez deux préconisations de cet avis."), code="merge")
    text = opinion.text
    write_versions([text], label=_("Avant la réunion de deux préconisations"), by=by)
    tree = without_recommendations(tree_of(text), {str(source.node_id)})
    texts.edit(text, lambda doc: writing.replace_all(doc, tree), by=by)
    Recommendation.objects.filter(merged_into=source).update(merged_into=target)
    Recommendation.objects.filter(pk=source.pk).update(state=R.MERGED, merged_into=target, is_priority=False)
    write_recommendations(opinion, {}, by=by)
    increment_version(opinion)
    record("opinion.merged", opinion, by=by, source=source.reference, target=target.reference)
