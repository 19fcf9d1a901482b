"""The lines of every register, from what `tests/mission/examples/` says by hand: routes, fresh proofs, steps."""

from typing import Any

from tests.mission.example import EXAMPLES, Example
from tests.security.routes import Route

NO = False


def routes_of(example: Example) -> dict[str, Route]:
    """By the name of the route behind `mission:`."""
    sees, writes = example.sees, example.writes
    slug, state, sent = example.step
    kind, data = next(iter(example.lines.items()), ("", None))

    def one(people: Any) -> dict[str, Any]:
        return {"pk": example.any_row(people).pk}

    def step(people: Any) -> dict[str, Any]:
        return {"pk": example.row(people, state).pk, "slug": slug}

    def line(people: Any) -> dict[str, Any]:
        made = example.line(people)
        return {"pk": made.row_id, "kind": kind, "line": made.pk}

    found = {
        # `crosses`: a page without an object shows each reader the register of their own assembly.
        "": Route(get=sees),
        "-new": Route(get=writes, post=writes, data=example.values, crosses=True),
        "-row": Route(get=sees, of=one),
        "-edit": Route(get=writes, post=writes, of=one, data=lambda p: {**example.values(p), "version": 1}),
        "-history": Route(get=sees, of=one),
        "-step": Route(get=example.steps[slug][0], post=example.steps[slug][0], of=step, data=sent),
    }
    if example.lines:
        found |= {
            "-line-add": Route(get=writes, post=writes, of=lambda p: {**one(p), "kind": kind}, data=data),
            "-line": Route(get=writes, post=writes, of=line, data=lambda p: {**example.lines[kind](p), "version": 1}),
            "-line-remove": Route(get=writes, post=writes, of=line),
        }
    return {f"mission:{example.key}{name}": route for name, route in found.items()}


ROUTES = {name: route for example in EXAMPLES.values() for name, route in routes_of(example).items()}
ROUTES_THAT_WRITE = {name: NO for name, route in ROUTES.items() if route.post and not name.endswith("-step")}
STEPS = {
    f"mission:{example.key}-step": {slug: slug in example.fresh for slug in example.steps}
    for example in EXAMPLES.values()
}
