"""Small numbers in public tables: fewer than five people could be named, and a total gives one hidden cell away."""

from collections.abc import Sequence

FEW = 5


def hidden_cells(people: Sequence[int]) -> set[int]:
    """Places of a table that the public must not read, when it knows the total and how this function chooses.

    From one to four people are hidden, and what follows in the table with them, until the hidden are two cells, five
    people together, and neither all one nor all four. Where that takes every cell in which somebody is, those of
    nobody are hidden too; else a zero names nobody. « What follows », not « the smallest »: that would tell an order.
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
