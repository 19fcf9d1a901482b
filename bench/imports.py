"""What a file costs at 2,000 and at 20,000 lines: the request that takes it, the worker that plans, writes, undoes it.

    .venv/bin/python bench/imports.py [--quick] [--lines N …]

Lines of partners with ten columns, as XLSX. Each phase is a process of its own, forked once everything is loaded:
seconds on the clock, and how many megabytes its peak is above what it began with. The file goes in, is planned, shown,
written, goes out as XLSX, and its import is undone.
"""

import argparse
import io
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import open_environment
from bench.pages import SETTINGS, collect_files, signed_in
from bench.report import print_report, say

LINES, QUICK_LINES = (2_000, 20_000), (200, 1_000)
HEADER = (
    "Nom", "Sigle", "Type", "Site", "Courriel", "Téléphone", "Territoire", "Thèmes", "Notes", "Échéance",
)  # fmt: skip
OFFICER = "bench-officer@example.org"


def people() -> None:
    """Create an assembly at work and an officer of it."""
    from datetime import UTC, date, datetime, timedelta  # noqa: PLC0415 -- used once

    from assembly.identity.models import Person, User  # noqa: PLC0415 -- Django is set up only now
    from assembly.institution.models import Assembly, Role, RoleAssignment, Term  # noqa: PLC0415 -- see above

    assembly = Assembly.objects.create(
        slug="banc",
        name="Assemblée du banc",
        authority_name="Conseil départemental",
        sender_email="assemblee@example.org",
        reply_email="equipe@example.org",
    )
    day = date.today()  # noqa: DTZ011 -- any day will do
    term = Term.objects.create(
        assembly=assembly, number=1, name="Assemblée", starts_on=day, ends_on=day + timedelta(days=600), state="active"
    )
    person = Person.objects.create(first_name="Ada", last_name="Banc", email=OFFICER)
    user = User.objects.create_user(OFFICER, person)
    RoleAssignment.objects.create(
        user=user, role=Role.OFFICER, assembly=assembly, term=term, given_at=datetime.now(UTC)
    )


def workbook_of(count: int) -> bytes:
    import openpyxl  # noqa: PLC0415 -- one use

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Partenaires")
    sheet.append(HEADER)
    for n in range(count):
        name, site = f"Association {count} no {n}", f"https://a{n}.example.org"
        sheet.append(
            (
                *(name, f"A{n}", "association", site, f"a{n}@example.org", f"0561{n:06}"),
                *("Nord", "eau, climat", f"Suivi {n}", "05/12/2027"),
            )
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def peak() -> float:
    """Return the most memory that this process ever had, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(work: Callable[[], Any]) -> dict[str, Any]:
    """Do the work in a forked process; return its seconds, the growth of its memory and what it returned."""
    from django.db import connections  # noqa: PLC0415 -- see above

    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
            before, began = peak(), time.monotonic()
            result = work()
            figures = {"s": round(time.monotonic() - began, 1), "mb": round(peak() - before, 1), "result": result}
            os.write(writer, json.dumps(figures).encode())
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(0)  # the engines belong to the parent: only it stops them
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    if not content:
        raise SystemExit("A phase failed: its error is above.")
    return dict(json.loads(content))


class Round:
    """The phases of one file."""

    def __init__(self, count: int) -> None:
        from assembly.identity.models import User  # noqa: PLC0415 -- Django is set up only now
        from assembly.institution.models import Term  # noqa: PLC0415 -- see above

        self.count, self.content = count, workbook_of(count)
        self.term, self.user = Term.objects.select_related("assembly").get(), User.objects.get(email=OFFICER)

    def batch(self, state: str = "") -> Any:
        from assembly.imports.models import ImportBatch  # noqa: PLC0415 -- see above

        rows = ImportBatch.objects.select_related("term", "started_by__person").order_by("pk")
        return (rows.filter(state=state) if state else rows).last()

    def take(self) -> int:
        from assembly.imports import actions  # noqa: PLC0415 -- see above

        actions.preview(self.term, self.content, "banc.xlsx", by=self.user, kind="partners")
        return len(self.content)

    def work(self) -> dict[str, Any]:
        from assembly.imports import actions  # noqa: PLC0415 -- see above

        batch = self.batch()
        actions.continue_import(batch)
        batch.refresh_from_db()
        return {
            "state": batch.state,
            **{key: batch.counters.get(key) for key in ("create", "update", "same", "refused")},
        }

    def get(self, path: str) -> int:
        response = signed_in(OFFICER).get(path, secure=True)
        size = sum(map(len, response)) if response.streaming else len(response.content)
        if response.status_code != HTTPStatus.OK:
            raise SystemExit(f"{path}: {response.status_code}")
        return size

    def show(self) -> int:
        from django.urls import reverse  # noqa: PLC0415 -- see above

        return self.get(reverse("mission:partners-import-page", args=[self.batch().public_id]))

    def confirm(self) -> None:
        from assembly.imports import actions  # noqa: PLC0415 -- see above

        actions.start(self.batch(), by=self.user)

    def export(self) -> int:
        return self.get("/bureau/mission/partenaires/export/?format=xlsx")

    def begin_undo(self) -> None:
        from assembly.imports.workflow import IMPORT_BATCH  # noqa: PLC0415 -- see above

        IMPORT_BATCH.transition(self.batch("confirmed"), "undo", by=self.user)

    def run(self) -> dict[str, Any]:
        phases: dict[str, Callable[[], Any]] = {
            "request that takes it": self.take,
            "worker plans": self.work,
            "page of the preview": self.show,
            "request that confirms": self.confirm,
            "worker writes": self.work,
            "request that exports": self.export,
            "request that undoes": self.begin_undo,
            "worker undoes": self.work,
        }
        figures: dict[str, Any] = {}
        for name, work in phases.items():
            figures[name] = measured(work)
            say(f"{self.count}, {name}: {figures[name]}")
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--lines", type=int, nargs="+")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    # Without a pool, as a worker is deployed: the pool of the parent would close, after ten idle minutes, a connection
    # that its forked processes use.
    settings = SETTINGS | {"ASSEMBLY_STRICT_FETCH": "0", "DATABASE_POOL": "0"}
    with open_environment("imports", settings):
        collect_files()
        people()
        counts = options.lines or (QUICK_LINES if options.quick else LINES)
        figures = {str(count): Round(count).run() for count in counts}
    print_report("imports", figures, load=load, packages=("django", "openpyxl"))


if __name__ == "__main__":
    main()
