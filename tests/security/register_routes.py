"""The lines of every register, from what `tests/mission/examples/` says by hand: routes, fresh proofs, steps."""

from typing import Any

from django.utils import timezone

from mission.registers.declaration import registers
from mission.registers.models import RegisterFile, RegisterLink
from tests.factories.documents import UploadFactory
from tests.factories.imports import ImportBatchFactory, ImportSourceFactory
from tests.factories.institution import CommitteeFactory
from tests.mission.example import EXAMPLES, Example
from tests.people import People
from tests.security.routes import Route

DUE, NO = True, False


class Objects:
    """What the addresses of one register name; each answers the arguments of an address."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.kind = next(iter(example.lines), "")

    def row(self, people: People) -> dict[str, Any]:
        return {"pk": self.example.any_row(people).pk}

    def step(self, people: People) -> dict[str, Any]:
        slug, state, _sent = self.example.step
        return {"pk": self.example.row(people, state).pk, "slug": slug}

    def new_line(self, people: People) -> dict[str, Any]:
        return self.row(people) | {"kind": self.kind}

    def line(self, people: People) -> dict[str, Any]:
        made = self.example.line(people)
        return {"pk": made.row_id, "kind": self.kind, "line": made.pk}

    def file(self, people: People) -> dict[str, Any]:
        row, by = self.row(people), people["officer"]
        made = RegisterFile.objects.create(
            register=self.example.key, row=row["pk"], upload=UploadFactory(), title="Pièce", added_by=by
        )
        return row | {"file": made.pk}

    def link(self, people: People) -> dict[str, Any]:
        row, end = self.row(people), CommitteeFactory(term=people.term)
        made = RegisterLink.objects.create(
            register=self.example.key, row=row["pk"], committee=end, added_by=people["officer"]
        )
        return row | {"link": made.pk}

    def import_routes(self, prefix: str, kind: str) -> dict[str, Route]:
        """Return the routes of the files of one kind: those of the register itself, or of lines below its rows."""
        writes = self.example.writes

        def batch(people: People, **more: Any) -> dict[str, Any]:
            counters = dict.fromkeys(("create", "update", "same", "refused"), 0)
            made = ImportBatchFactory(term=people.term, kind=kind, counters=counters, **more)
            ImportSourceFactory(batch=made)
            return {"public_id": made.public_id}

        def running(people: People) -> dict[str, Any]:
            told = {"state": "running", "started_by": people[writes.split()[0]], "progressed_at": timezone.now()}
            return batch(people, **told) | {"action": "arreter"}

        return {
            f"{prefix}-import-start": Route(get=writes, post=writes),
            f"{prefix}-import-model": Route(get=writes),
            f"{prefix}-import-page": Route(get=writes, of=batch),
            f"{prefix}-import-columns": Route(get=writes, post=writes, of=batch),
            f"{prefix}-import-correct": Route(post=writes, of=batch),
            f"{prefix}-import-confirm": Route(post=writes, of=batch),
            f"{prefix}-import-step": Route(post=writes, of=running),
            f"{prefix}-import-errors": Route(get=writes, of=batch),
        }


def routes_of(example: Example) -> dict[str, Route]:
    """Return the routes of a register by their name after `mission:`."""
    sees, writes, found = example.sees, example.writes, Objects(example)
    slug, _state, sent = example.step
    whose = example.steps[slug][0]
    lines = {
        "-line-add": Route(get=writes, post=writes, of=found.new_line, data=example.lines.get(found.kind)),
        "-line": Route(
            get=writes, post=writes, of=found.line, data=lambda p: {**example.lines[found.kind](p), "version": 1}
        ),
        "-line-remove": Route(get=writes, post=writes, of=found.line),
    }
    routes = {
        "": Route(get=sees),
        # `crosses`: a page without an object is that of the reader’s own assembly.
        "-new": Route(get=writes, post=writes, data=example.values, crosses=True),
        "-chosen": Route(get=writes, post=writes, crosses=True),
        "-export": Route(get=sees),
        "-row": Route(get=sees, of=found.row),
        "-edit": Route(get=writes, post=writes, of=found.row, data=lambda p: {**example.values(p), "version": 1}),
        "-history": Route(get=sees, of=found.row),
        "-files": Route(get=sees, of=found.row),
        "-file-add": Route(get=writes, post=writes, of=found.row),
        "-file-remove": Route(post=writes, of=found.file),
        "-link-add": Route(get=writes, post=writes, of=found.row),
        "-link-remove": Route(post=writes, of=found.link),
        "-step": Route(get=whose, post=whose, of=found.step, data=sent),
        **found.import_routes("", example.key),
        **({"-private-export": Route(post=sees, crosses=True)} if registers[example.key].private else {}),
        **(lines if found.kind else {}),
        **{name: route for kind in example.lines for name, route in found.import_routes(f"-{kind}", kind).items()},
    }
    return {f"mission:{example.key}{name}": route for name, route in routes.items()}


ROUTES = {name: route for example in EXAMPLES.values() for name, route in routes_of(example).items()}
ROUTES_THAT_WRITE = {
    name: DUE if name.endswith(("-import-confirm", "-private-export")) else NO
    for name, route in ROUTES.items()
    if route.post and (name.endswith("-import-step") or not name.endswith("-step"))
}
READS = tuple(name for name in ROUTES if name.endswith("-import-errors"))
FILES = {name for name in ROUTES if name.endswith(("-export", "-import-model", "-import-errors", "-chosen"))}
STEPS = {
    f"mission:{example.key}-step": {slug: slug in example.fresh for slug in example.steps}
    for example in EXAMPLES.values()
}
