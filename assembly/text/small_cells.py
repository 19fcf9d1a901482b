"""Small numbers in public tables: fewer than five people are identifiable; a total reveals a single hidden cell."""

from collections.abc import Sequence

FEW = 5


def hidden_cells(people: Sequence[int]) -> set[int]:
    """Return the indexes of cells that the public must not read, even with the total and this algorithm known.

    From one to four people are hidden, and the following cells of the table with them, until the hidden are two cells,
    five people together, and neither all one nor all four. Where that hides every cell with people, those of nobody
    are hidden too; otherwise a zero identifies nobody. « The following », not « the smallest »: that would reveal an
    order.
    """
    hidden = {place for place, number in enumerate(people) if 0 < number < FEW}
    if not hidden:
        return hidden
    small = len(hidden)
    last = max(hidden)
    for place in [*range(last + 1, len(people)), *range(last)]:
        if people[place] < FEW:
            continue
        together = sum(people[each] for each in hidden)
        is_extreme = len(hidden) == small and together in (small, small * (FEW - 1))
        if len(hidden) > 1 and together >= FEW and not is_extreme:
            break
        hidden.add(place)
    has_others = any(number for place, number in enumerate(people) if place not in hidden)
    return hidden if has_others else set(range(len(people)))
