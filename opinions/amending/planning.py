"""Edits that a change makes to the tree, all at positions of the tree before: planning changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.collab.document.plain_text import Alinea
from opinions.amending import inline
from opinions.amending.changes import AmendmentChange, Node, Path
from opinions.amending.enums import Operation
from opinions.amending.fitting import fit_blocks, retitle
from opinions.amending.passages import ChildRange, Text

AFTER, BEFORE, INSTEAD = range(3)
BROKEN = gettext_lazy("Choisissez des alinéas qui se suivent dans une même partie, ou la partie entière.")


@dataclass
class EditPlan:
    """Edits by position: nodes removed, nodes replaced, new nodes between two, words inside alinéas."""

    gone: set[Path] = field(default_factory=set)
    swapped: dict[Path, Node] = field(default_factory=dict)
    put: dict[tuple[Path, int], list[tuple[int, int, list[Node]]]] = field(default_factory=dict)
    text_edits: dict[Path, list[tuple[int, int, str]]] = field(default_factory=dict)

    def insert(self, slot: ChildRange, side: int, rank: int, nodes: list[Node]) -> None:
        self.put.setdefault((slot.parent, slot.start), []).append((side, rank, nodes))

    def places(self) -> set[Path]:
        """Return every position with an edit."""
        return {*self.gone, *self.swapped, *self.text_edits, *((*parent, index) for parent, index in self.put)}


def add_to_plan(text: Text, change: AmendmentChange, plan: EditPlan | None = None, rank: int = 0) -> EditPlan:
    """Add the change to the plan; `rank` orders new texts of one place. Raises ValidationError with a message."""
    edit_plan = plan if plan is not None else EditPlan()
    passage = text.passage(change)
    if not change.is_whole:
        _plan_text_edit(text, edit_plan, change, passage)
    elif change.is_insertion:
        _plan_insertion(text, edit_plan, change, passage, rank)
    elif change.operation == Operation.DELETE:
        _plan_deletion(text, edit_plan, passage)
    else:
        _plan_replacement(text, edit_plan, change, passage, rank)
    return edit_plan


def _plan_text_edit(text: Text, plan: EditPlan, change: AmendmentChange, passage: Sequence[Alinea]) -> None:
    if len(passage) > 1:
        raise ValidationError(_("Des mots cités tiennent dans un seul alinéa."), code="quote")
    path, node = text.quoted(change)
    plan.text_edits.setdefault(path, []).append(inline.line_edit(node, change))


def _plan_insertion(text: Text, plan: EditPlan, change: AmendmentChange, passage: Sequence[Alinea], rank: int) -> None:
    after = change.operation == Operation.INSERT_AFTER
    for gap in text.gaps(passage[-1 if after else 0], after=after):
        nodes = fit_blocks(change.blocks, text.node(gap.parent))
        if nodes is not None:
            plan.insert(gap, AFTER if after else BEFORE, rank, nodes)
            return
    raise ValidationError(_("Ce texte n’a pas sa place ici. Choisissez l’alinéa qui finit la partie."), code="place")


def _plan_deletion(text: Text, plan: EditPlan, passage: Sequence[Alinea]) -> None:
    numbers = {alinea.number for alinea in passage}
    for alinea in passage:
        path = text.paths[alinea.number]
        whole = [path[:size] for size in range(1, len(path)) if text.node(path[:size])["type"] == "recommendation"]
        gone = next((place for place in whole if text.alineas_in(place) <= numbers), None)
        if gone is None and text.node(path)["type"] == "recommendationTitle":
            raise ValidationError(
                _("Une préconisation garde un titre. Remplacez-le, ou supprimez toute la préconisation."), code="title"
            )
        plan.gone.add(gone or path)


def _plan_replacement(
    text: Text, plan: EditPlan, change: AmendmentChange, passage: Sequence[Alinea], rank: int
) -> None:
    if len(passage) == 1:
        path = text.paths[passage[0].number]
        if title := retitle(text.node(path), change.blocks):
            plan.swapped[path] = title
            return
    slots = text.slots(passage)
    if not slots:
        raise ValidationError(BROKEN, code="passage")
    for slot in slots:
        nodes = fit_blocks(change.blocks, text.node(slot.parent))
        if nodes is not None:
            plan.gone.update(slot.paths())
            plan.insert(slot, INSTEAD, rank, nodes)
            return
    raise ValidationError(_("Ce texte ne peut pas remplacer ce passage : un titre tient en une ligne."), code="place")
