"""The sections as one text: authors keep their passages, recommendations get references, duplicates are merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.document import authorship, building, reading, writing
from assembly.collab.enums import TextState
from assembly.collab.models import SharedText, Update
from assembly.collab.queries.texts import document_at, tree_of
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from opinions.actions.opinions import next_reference
from opinions.actions.recommendations import give_references, read_recommendations, sync
from opinions.actions.versions import write_versions
from opinions.enums import RecommendationState
from opinions.models import Opinion, OpinionSection, Recommendation
from opinions.opinions.workflow import OPINION
from opinions.queries.opinions import sections_of
from opinions.rules import opinions as rules
from opinions.texts import OPINION_KIND
from opinions.versions.rules import demote_headings, with_fresh_ids, without_comments, without_recommendations

R = RecommendationState
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
    seeds = authorship.seeds(building.tree_document(*whole.blocks), whole.passages)
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
        whole.blocks += [building.heading(section.title), *section_tree["content"]]
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
