"""Number of volunteers for each line of the quotas: people, and households, of which one person sits at most."""

from draws.draws.queries.draw import trial_pool
from draws.models import Draw
from members.sortition.feasibility import supplies
from members.sortition.instance import Cell
from members.sortition.reading import InvalidInput, read_instance

type Supplies = dict[Cell, tuple[int, int]]


def supplies_of(draw: Draw) -> tuple[Supplies, list[str]]:
    """Return the supply of the frozen list, else of today’s volunteers; or the errors, where they cannot be read."""
    if draw.quotas is None:
        return {}, []
    content = bytes(draw.pool.content) if draw.pool else trial_pool(draw)
    try:
        instance = read_instance(content, bytes(draw.quotas.content), draw.quotas.seats)
    except InvalidInput as refused:
        return {}, [problem.sentence for problem in refused.problems]
    return {row.line.cell: (row.people, row.households) for row in supplies(instance)}, []
