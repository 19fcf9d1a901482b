"""What a night of indicators costs, and a dashboard: with the demonstration, and with a hundred times its rows.

    .venv/bin/python bench/indicators.py [--quick] [--copies N] [--keep]

Processor seconds of this process and of all of PostgreSQL. The copies are in the same term. Candidates are not copied
(`bench/multiply.py`), nor are the values: a dashboard reads one night and twelve before it, however long the term is.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import open_environment, postgres_pid
from bench.report import ROOT, print_report, say
from bench.server import cpu_of_tree

STATIC = ROOT / ".local" / "bench" / "static"
LOOKS, QUICK_LOOKS = 30, 8


def demonstration() -> None:
    from assembly.institution.models import Assembly  # noqa: PLC0415 -- Django is set up only now

    if Assembly.objects.exists():
        return
    say("Demonstration…")
    local = {**os.environ, "ASSEMBLY_LOCAL": "1"}
    subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=local, check=True, stdout=sys.stderr)


class Statements:
    """Wrapper of executions that counts statements, and SELECTs including nested ones."""

    def __init__(self) -> None:
        self.statements = self.selects = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        self.selects += len(re.findall(r"\bSELECT\b", str(sql)))
        return execute(sql, params, many, context)


def night(database: int) -> dict[str, Any]:
    """Count the whole set with its breakdowns for yesterday, and roll back, so that it can be measured again."""
    from django.db import connection, transaction  # noqa: PLC0415 -- Django is set up only now
    from django.utils import timezone  # noqa: PLC0415 -- see above

    from assembly.institution.models import Term  # noqa: PLC0415 -- see above
    from mission.indicators import actions as nightly  # noqa: PLC0415 -- see above

    term = Term.objects.select_related("assembly").get(number=2)
    seen = Statements()
    day = timezone.localdate() - timedelta(days=1)
    began, database_began = time.process_time(), cpu_of_tree(database)
    with transaction.atomic(), connection.execute_wrapper(seen):
        values = nightly.count_day(term, day)
        transaction.set_rollback(True)
    python, postgres = time.process_time() - began, cpu_of_tree(database) - database_began
    return {
        "values": values,
        "statements": seen.statements,
        "cpu_s": round(python + postgres, 2),
        "python_s": round(python, 2),
        "postgres_s": round(postgres, 2),
    }


def dashboards(looks: int, database: int) -> dict[str, Any]:
    """Call each view in this process, as its reader, with an empty cache."""
    from django.core.cache import cache  # noqa: PLC0415 -- Django is set up only now
    from django.db import connection  # noqa: PLC0415 -- see above
    from django.test import RequestFactory  # noqa: PLC0415 -- see above

    from assembly.identity.models import User  # noqa: PLC0415 -- see above
    from mission.indicators import views  # noqa: PLC0415 -- see above

    figures: dict[str, Any] = {}
    for name, role, view, args in (
        ("bureau", "lead", views.desk_indicators, ()),
        ("one indicator", "lead", views.desk_indicator, ("assiduite",)),
        ("the elected", "sponsor", views.directorate_indicators, ()),
        ("members", "member", views.member_indicators, ()),
    ):
        cpu, seen = [], Statements()
        for number in range(looks + 1):
            request = RequestFactory().get("/bureau/" if role == "lead" else "/instructions/")
            request.user, request.session = User.objects.get(email=f"{role}@demo.example.org"), {}
            cache.clear()
            seen = Statements()
            began, database_began = time.process_time(), cpu_of_tree(database)
            with connection.execute_wrapper(seen):
                answer = view(request, *args)
            spent = time.process_time() - began, cpu_of_tree(database) - database_began
            if number:
                cpu.append(spent)
            if answer.status_code != 200:
                raise SystemExit(f"{name}: {answer.status_code}")
        cpu.sort(key=sum)
        python, postgres = cpu[len(cpu) // 2]
        figures[name] = {
            "cpu_ms": round(1000 * (python + postgres), 1),
            "postgres_ms": round(1000 * postgres, 1),
            "statements": seen.statements,
            "selects": seen.selects,
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument(
        "--keep", action="store_true", help="the demonstration of a run that was stopped before its copies"
    )
    options = parser.parse_args()
    looks, load = QUICK_LOOKS if options.quick else LOOKS, os.getloadavg()[0]
    settings = {"STATIC_ROOT": str(STATIC), "ASSEMBLY_STRICT_FETCH": "0"}
    with open_environment("indicators", settings, keep=options.keep) as folder:
        from bench.multiply import multiply  # noqa: PLC0415 -- Django is set up only now

        demonstration()
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=ROOT, check=True, stdout=sys.stderr)
        database = postgres_pid(folder)
        say("1x…")
        figures = {"1x": {"night": night(database), "dashboards": dashboards(looks, database)}}
        multiply(options.copies)
        say(f"{options.copies}x…")
        figures[f"{options.copies}x"] = {"night": night(database), "dashboards": dashboards(looks, database)}
    print_report("indicators", figures, load=load)


if __name__ == "__main__":
    main()
