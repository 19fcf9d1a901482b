"""What of a text may not move under somebody's hands, and the judgement on an update: `allows`."""

from assembly.collab.document import settling
from assembly.collab.document.grammar import Tree


def settled(tree: Tree, accept: bool) -> Tree:
    """The text with every suggestion accepted, or with none (the original); no suggestion mark is left in it."""
    return settling.decided(tree, None, accept=accept)
