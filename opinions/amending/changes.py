"""What one amendment does to a text: plain values, no table, no request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from opinions.amending.enums import Operation

Node = dict[str, Any]
Path = tuple[int, ...]


@dataclass(frozen=True)
class AmendmentChange:
    """One operation on a passage of an immutable text.

    `first` and `last` are numbers of alinéas, both included. With `quote`, the passage is those words of that one
    alinéa and `words` is the new text; without, `blocks` is (nodes of the tree). A sub-amendment names its `parent`
    by key, and its passage lies in the new text of the parent.
    """

    key: int
    number: int
    operation: str
    first: int
    last: int
    quote: str = ""
    words: str = ""
    blocks: Sequence[Node] = field(default=(), compare=False)
    parent: int | None = None

    @property
    def is_insertion(self) -> bool:
        return self.operation in (Operation.INSERT_AFTER, Operation.INSERT_BEFORE)

    @property
    def is_whole(self) -> bool:
        """It works on entire alinéas, not on words inside one."""
        return not self.quote

    @property
    def alineas(self) -> range:
        return range(self.first, self.last + 1)


def new_text(change: AmendmentChange) -> Node:
    """What an amendment would put in the text, as a text of its own: its sub-amendments work on that."""
    if change.is_whole:
        return {"type": "doc", "content": list(change.blocks)}
    content = [{"type": "text", "text": change.words}] if change.words else []
    return {"type": "doc", "content": [{"type": "paragraph", "content": content}]}
