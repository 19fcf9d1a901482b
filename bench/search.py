"""What a search costs the database: papers of five pages, words rare and common, rights on.

    .venv/bin/python bench/search.py [--quick] [--documents N]

Half of the papers belong to another assembly. The index is made by the product itself. Each question runs the queries
of the page: how many of each kind, the first page of the best, the passages with the words marked. Besides the clock,
the processor time of all processes of PostgreSQL is measured, which other work on the machine does not change.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import open_environment, postgres_pid
from bench.report import print_report, say
from bench.server import cpu_of_tree

WORDS_PER_PAPER = 2_500
VOCABULARY = 20_000
SITTINGS = 500
QUESTIONS = {
    "rare": "zinzolin",
    "one in a hundred": "covoiturages",
    "common": "départements",
    "two common words": "departement budget",
    "as written": '"budget du département"',
    "a reference": "BENCH-0042",
    "nothing": "introuvable",
}
READERS = ("officer", "member", "president")


def vocabulary(chance: random.Random) -> list[str]:
    """Return words of one to five syllables that no dictionary contains."""
    syllables = [start + vowel for start in "bcdfgjlmnprstv" for vowel in ("a", "é", "i", "o", "ou", "an", "en")]
    return ["".join(chance.choices(syllables, k=chance.randint(1, 5))) for _ in range(VOCABULARY)]


def texts(count: int) -> Iterator[str]:
    """Yield texts of five pages each: a few words very often, most seldom, as in any language."""
    chance = random.Random(20261125)
    lexicon = vocabulary(chance)
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    for number in range(count):
        tokens = chance.choices(lexicon, weights=weights, k=WORDS_PER_PAPER)
        if number % 5:
            tokens[::200] = ["le budget du département"] * len(tokens[::200])
        if number % 100 == 0:
            tokens[1_000] = "covoiturage"
        if number % (count // 4) == 0:
            tokens[2_000] = "zinzolin"
        yield " ".join(tokens)


def fill(count: int) -> dict[str, Any]:
    """Create papers of two assemblies, half and half, spread over sittings; return their readers."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up only now

    from assembly.documents.models import Blob, FileText, Upload  # noqa: PLC0415 -- see above
    from sessions.models import AgendaDocument  # noqa: PLC0415 -- see above
    from tests.factories.sessions import SittingFactory  # noqa: PLC0415 -- see above
    from tests.people import People  # noqa: PLC0415 -- see above

    people = People()
    readers = {who: people[who] for who in READERS}
    officer, now = readers["officer"], timezone.now()
    terms = [people.term, people.elsewhere("officer").roles.get().term]
    sittings = [
        SittingFactory(term=terms[number % 2], reference=f"BENCH-{number:04}", notified=True, officer=officer)
        for number in range(SITTINGS)
    ]
    pages = texts(count)
    for start in range(0, count, 1_000):
        numbers = range(start, min(start + 1_000, count))
        blobs = Blob.objects.bulk_create(
            Blob(sha256=f"{number:064}", size=1, media_type="application/pdf") for number in numbers
        )
        FileText.objects.bulk_create(
            FileText(blob=blob, state="ready", text=next(pages), read_at=now) for blob in blobs
        )
        uploads = Upload.objects.bulk_create(Upload(blob=blob, name="note.pdf", uploaded_by=officer) for blob in blobs)
        AgendaDocument.objects.bulk_create(
            AgendaDocument(sitting=sittings[number % SITTINGS], upload=upload, title=f"Note {number}")
            for number, upload in zip(numbers, uploads, strict=True)
        )
    return readers


def index() -> float:
    """Index everything and return the seconds that the product needs for it."""
    from assembly.search.actions import reindex_all  # noqa: PLC0415 -- see above

    began = time.monotonic()
    for source, objects, changed in reindex_all():
        say(f"  {source.kind}: {objects} objects, {changed} entries")
    return time.monotonic() - began


class Clock:
    """Time spent in the database, counted statement by statement."""

    def __init__(self) -> None:
        self.seconds, self.statements = 0.0, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements += 1


def ask(user: Any, question: str) -> tuple[Clock, int]:
    """Run the queries of the page for one question; return their clock and the number of hits."""
    from django.db import connection  # noqa: PLC0415 -- see above
    from django.test import RequestFactory  # noqa: PLC0415 -- see above

    from assembly.institution.rules import held_roles, invalidate_roles  # noqa: PLC0415 -- see above
    from assembly.search import queries, views  # noqa: PLC0415 -- see above

    invalidate_roles(user)
    held_roles(user)
    clock = Clock()
    request = RequestFactory().get("/")
    request.user = user
    with connection.execute_wrapper(clock):
        hits = sum(queries.search_results(request, question, size=views.HITS).matches.counts.values())
    return clock, hits


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20, method="inclusive")[-1], 1)


def measure(readers: dict[str, Any], rounds: int, database: int) -> dict[str, Any]:
    """Return one line for each reader and question, and the 95th percentiles of all questions, in milliseconds."""
    lines: list[dict[str, Any]] = []
    clock_ms: list[float] = []
    cpu_ms: list[float] = []
    for who, user in readers.items():
        for name, query in QUESTIONS.items():
            ask(user, query)
            times, spent = [], []
            for _ in range(rounds):
                before = cpu_of_tree(database)
                clock, hits = ask(user, query)
                spent.append((cpu_of_tree(database) - before) * 1000)
                times.append(clock.seconds * 1000)
            line = {"reader": who, "words": name, "found": hits, "statements": clock.statements}
            line |= {"median_ms": round(statistics.median(times), 1), "worst_ms": round(max(times), 1)}
            line |= {"cpu_ms": round(statistics.median(spent), 1)}
            say(f"  {line}")
            lines.append(line)
            clock_ms += times
            cpu_ms += spent
    return {"db_ms_p95": p95(clock_ms), "db_cpu_ms_p95": p95(cpu_ms), "questions": lines}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1 000 papers instead of 10 000")
    parser.add_argument("--documents", type=int, default=0)
    options = parser.parse_args()
    count = options.documents or (1_000 if options.quick else 10_000)
    load = os.getloadavg()[0]
    with open_environment("search", {}) as folder:
        from django.db import connection  # noqa: PLC0415 -- Django is set up only now

        say(f"{count} papers…")
        readers = fill(count)
        say("Index…")
        seconds = index()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")  # else the new rows would be written during the measurement
        figures = measure(readers, 5 if options.quick else 15, postgres_pid(folder))
    print_report("search", {"documents": count, "index_seconds": round(seconds, 1), **figures}, load=load)


if __name__ == "__main__":
    main()
