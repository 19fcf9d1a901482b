"""Whole tickets from weights: 10,000 in all, so that four balls name one and everybody's chances can be counted."""

import numpy as np
from numpy.typing import NDArray

from members.sortition.decomposition import WeightedPanels
from members.sortition.verifier import TICKETS

type Counts = NDArray[np.int64]

MILLION = 1_000_000


def allot(weighted_panels: WeightedPanels, total: int = TICKETS) -> Counts:
    """Allot by largest remainder, then move single tickets between panels while the sum of squared errors falls.

    In whole numbers, a millionth of a ticket each: equal errors are equal, and the first pair of panels is taken.
    """
    exact = np.rint(weighted_panels.weights / weighted_panels.weights.sum() * total * MILLION).astype(np.int64)
    tickets = exact // MILLION
    order = np.lexsort((np.arange(len(exact)), tickets * MILLION - exact))
    tickets[order[: total - int(tickets.sum())]] += 1
    panels = weighted_panels.panels.astype(np.int64)
    errors = panels.T @ (tickets * MILLION - exact)
    apart = distances(panels)
    while True:
        pull = panels @ errors
        # Change of the sum when a ticket goes from the panel of the row to that of the column, halved.
        change = MILLION * apart + 2 * (pull[None, :] - pull[:, None])
        change[tickets == 0] = 0
        giver, taker = np.unravel_index(int(change.argmin()), change.shape)
        if change[giver, taker] >= 0:
            return tickets
        tickets[giver] -= 1
        tickets[taker] += 1
        errors += MILLION * (panels[taker] - panels[giver])


def distances(panels: Counts) -> Counts:
    """Return in how many people each two panels differ."""
    shared = panels @ panels.T
    size = shared.diagonal()
    return np.asarray(size[:, None] + size[None, :] - 2 * shared)
