"""The change of one amendment to a text, as plain values without table or request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Operation(models.TextChoices):
    INSERT_AFTER = "insert_after", _("Ajouter après")
    INSERT_BEFORE = "insert_before", _("Ajouter avant")
    REPLACE = "replace", _("Remplacer")
    DELETE = "delete", _("Supprimer")


Node = dict[str, Any]
Path = tuple[int, ...]


@dataclass(frozen=True)
class AmendmentChange:
    """One operation on a passage of an immutable text.

    `first` and `last` are numbers of alinéas, both included. With `quote`, the passage is those words of that one
    alinéa, which `new_text` replaces; without it, `blocks` is the new text (nodes of the tree). A sub-amendment gives
    the key of its `parent`, and its passage lies in the new text of the parent.
    """

    key: int
    number: int
    operation: str
    first: int
    last: int
    quote: str = ""
    new_text: str = ""
    blocks: Sequence[Node] = field(default=(), compare=False)
    parent: int | None = None

    @property
    def is_insertion(self) -> bool:
        return self.operation in (Operation.INSERT_AFTER, Operation.INSERT_BEFORE)

    @property
    def is_whole(self) -> bool:
        """Return whether it changes entire alinéas, not words inside one."""
        return not self.quote

    @property
    def alineas(self) -> range:
        return range(self.first, self.last + 1)


def new_text(change: AmendmentChange) -> Node:
    """Return the new text of an amendment as a text of its own, which its sub-amendments change."""
    if change.is_whole:
        return {"type": "doc", "content": list(change.blocks)}
    content = [{"type": "text", "text": change.new_text}] if change.new_text else []
    return {"type": "doc", "content": [{"type": "paragraph", "content": content}]}
