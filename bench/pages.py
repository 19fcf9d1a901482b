"""What pages cost: processor time as a ratio to a bare view, SQL statements at 1x and 100x, kilobytes.

    .venv/bin/python bench/pages.py [--quick]

Bare view and ours run under the same server on the same machine, alternated round by round. The demonstration is
the 1x data; `bench/multiply.py` makes 100x of it, kept in `.local/bench/pages-100x` between runs.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.house import open_house
from bench.report import ROOT, print_report, say
from bench.server import Server, serving

HOST = "assemblee.example.org"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "identity"}
SETTINGS = {
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_POOL": "10",
    "STATIC_ROOT": str(ROOT / ".local" / "bench" / "static"),
}

Counts = dict[str, dict[str, float]]


@dataclass
class Page:
    """One address, and the cookies of the account that opens it ("" is anybody)."""

    name: str
    path: str
    who: str = ""
    cpu: list[float] = field(default_factory=list)
    cpu_cached: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    size: int = 0


def seed(folder: Path, copies: int) -> None:
    """The demonstration, then its copies; a folder that already holds them is left alone."""
    from assembly.institution.models import Assembly  # noqa: PLC0415 -- Django is set up only now
    from assembly.search.actions import reindex_all  # noqa: PLC0415 -- see above
    from assembly.search.models import SearchEntry  # noqa: PLC0415 -- see above
    from bench.multiply import is_multiplied, multiply  # noqa: PLC0415 -- see above

    if not Assembly.objects.exists():
        say("Demonstration…")
        local = {**os.environ, "ASSEMBLY_LOCAL": "1"}
        subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=local, check=True, stdout=sys.stderr)
    if not SearchEntry.objects.exists():
        say("Words to search…")
        list(reindex_all())
    if copies > 1 and not is_multiplied():
        multiply(copies)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=ROOT,
        check=True,
        stdout=sys.stderr,
    )


def addresses() -> list[Page]:
    """The pages of bench/README.md, with objects of the demonstration (copies have far higher numbers)."""
    from django.urls import reverse  # noqa: PLC0415 -- see above

    from assembly.notifications.models import Distribution  # noqa: PLC0415 -- see above
    from opinions.models import Opinion  # noqa: PLC0415 -- see above
    from sessions.models import Minutes, Sitting  # noqa: PLC0415 -- see above

    convened = Sitting.objects.get(reference="PL-2026-06")
    published = Sitting.objects.get(reference="PL-2026-02")
    draft = Minutes.objects.filter(state="draft", pk__lt=1_000_000).latest("pk")
    item = draft.sitting.agenda.filter(is_internal=False, removed_at=None).first()
    proof = Distribution.objects.filter(subject_type="sittings.Notice", pk__lt=1_000_000).latest("requested_at")
    notices = Distribution.objects.filter(title__contains=convened.title, pk__lt=1_000_000).first() or proof
    opinion = Opinion.objects.get(reference="AC2-2026-01")
    written = Opinion.objects.get(referral__reference="AS-2026-01")
    return [
        Page("portal:home", reverse("portal:home")),
        Page("documents:publications", reverse("documents:publications")),
        Page("published-sitting", reverse("documents:verify-document", args=[f"{published.reference}-PV-PUB"])),
        Page("opinions:public", reverse("opinions:public", args=[opinion.reference])),
        Page("search:results", reverse("search:results") + "?q=transports"),
        Page("portal:member-home", reverse("portal:member-home"), "member"),
        Page("portal:desk-home", reverse("portal:desk-home"), "lead"),
        Page("members:member-list", reverse("members:member-list"), "lead"),
        Page("sitting-answers", reverse("sittings:notice", args=[convened.pk]), "lead"),
        Page("minutes-writing", reverse("sittings:section", args=[draft.pk, item.pk]), "lead"),
        Page("distribution", reverse("notifications:distribution-page", args=[notices.pk]), "lead"),
        Page("journal", reverse("institution:journal"), "lead"),
        Page("portal:directorate-home", reverse("portal:directorate-home"), "dir_contact"),
        Page("consultations:list", reverse("consultations:list"), "lead"),
        Page("consultations:referral", reverse("consultations:referral", args=[opinion.referral_id]), "lead"),
        Page("opinions:list", reverse("opinions:list"), "lead"),
        Page("opinions:opinion", reverse("opinions:opinion", args=[opinion.pk]), "lead"),
        Page("opinion-being-written", reverse("opinions:opinion", args=[written.pk]), "lead"),
        Page("search-by-officer", reverse("search:results") + "?q=transports", "lead"),
    ]


def cookies(who: str) -> str:
    """A session of the demonstration's account, second factor included, as a Cookie header."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415 -- see above
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- see above
    from django.conf import settings  # noqa: PLC0415 -- see above
    from django.test import Client, RequestFactory  # noqa: PLC0415 -- see above

    from assembly.identity.models import User  # noqa: PLC0415 -- see above

    user = User.objects.get(email=f"{who}@demo.example.org")
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})
    browser = Client()
    browser.force_login(user)
    request = RequestFactory().get("/")
    request.session = browser.session
    record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"


def count(pages: list[Page], jar: dict[str, str]) -> Counts:
    """What each page asks of the database and how heavy it is, the cache emptied first."""
    from django.core.cache import cache  # noqa: PLC0415 -- see above
    from django.db import connection  # noqa: PLC0415 -- see above
    from django.test import Client  # noqa: PLC0415 -- see above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- see above
    from django.urls import reverse  # noqa: PLC0415 -- see above

    found = {}
    for page in pages:
        browser = Client(headers={"host": HOST, "x-forwarded-proto": "https", "cookie": jar.get(page.who, "")})
        if page.who:
            browser.get(reverse("portal:room"))  # where a sign-in leads: notes once in the session what it proved
        browser.get(page.path)  # its templates are read once a process
        cache.clear()
        start = time.process_time()
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(page.path)
        if response.status_code != 200:
            raise SystemExit(f"{page.name} {page.path}: {response.status_code}")
        spent = time.process_time() - start
        slowest = max((float(query["time"]) for query in captured.captured_queries), default=0.0)
        found[page.name] = {
            "sql": len(captured),
            "slowest_sql_ms": round(slowest * 1000),
            "cpu_ms": round(spent * 1000),
            "kb_html": round(len(response.content) / 1000, 1),
        }
    return found


class Line:
    """A keep-alive connection to one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(self, path: str, cookie: str = "") -> tuple[float, bytes]:
        """Seconds and body; anything but 200 ends the bench."""
        start = time.perf_counter()
        self.connection.request("GET", path, headers={**HEADERS, **({"Cookie": cookie} if cookie else {})})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return time.perf_counter() - start, body

    def cpu_of(self, path: str, times: int, cookie: str = "", before: Any = None) -> tuple[float, list[float], int]:
        """Processor seconds for each of `times` requests, their durations, the size of the last body."""
        seconds, size, spent = [], 0, 0.0
        for _ in range(times if before else 1):
            if before:
                before()
            start = self.server.cpu()
            for _ in range(1 if before else times):
                duration, body = self.get(path, cookie)
                seconds.append(duration)
                size = len(body)
            spent += self.server.cpu() - start
        return spent / times, seconds, size


@contextmanager
def both() -> Iterator[tuple[Line, Line]]:
    """The bare server and ours, warm."""
    with (
        serving("bench.bare.asgi:application", {}) as bare,
        serving("assembly.config.asgi:application", {}) as ours,
    ):
        yield Line(bare), Line(ours)


def measure(pages: list[Page], jar: dict[str, str], *, rounds: int, times: int) -> float:
    """Alternate bare view and pages; fills the pages and returns the bare view's milliseconds."""
    from django.core.cache import cache  # noqa: PLC0415 -- see above

    bare_cpu = []
    with both() as (bare, ours):
        for page in pages:
            for _ in range(3):
                ours.get(page.path, jar.get(page.who, ""))
        bare.cpu_of("/", times)
        for number in range(rounds):
            say(f"Round {number + 1} of {rounds}…")
            for page in pages:
                bare_cpu.append(bare.cpu_of("/", times * 10)[0])
                cookie = jar.get(page.who, "")
                if page.who:
                    cpu, seconds, page.size = ours.cpu_of(page.path, times, cookie)
                else:
                    cpu, seconds, page.size = ours.cpu_of(page.path, times, before=cache.clear)
                    page.cpu_cached.append(ours.cpu_of(page.path, times * 5)[0])
                page.cpu.append(cpu)
                page.seconds += seconds
    return statistics.median(bare_cpu)


def prepare(folder: Path, copies: int) -> tuple[list[Page], dict[str, str], Counts]:
    """Data, pages, sessions, and what is counted of each page."""
    seed(folder, copies)
    pages = addresses()
    jar = {who: cookies(who) for who in {page.who for page in pages} - {""}}
    return pages, jar, count(pages, jar)


def count_elsewhere(copies: int) -> Counts:
    """What is counted of each page on the larger data, by a process of its own: settings are read once."""
    command = [sys.executable, __file__, "--count", str(copies)]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(said.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1x data only, few requests")
    parser.add_argument("--count", type=int, default=0, help="only statements and weight, on so many copies")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    larger = {} if options.quick or options.count else count_elsewhere(100)
    copies = options.count or 1
    with open_house(f"pages-{copies}x", SETTINGS, keep=True) as folder:
        from django.db import connections  # noqa: PLC0415 -- Django is set up only now

        pages, jar, counted = prepare(folder, copies)
        if options.count:
            print(json.dumps(counted))
        else:
            rounds, times = (2, 10) if options.quick else (5, 40)
            bare = measure(pages, jar, rounds=rounds, times=times)
        connections.close_all()
    if not options.count:
        tell(pages, bare, counted, larger, load)


def tell(pages: list[Page], bare: float, counted: Counts, larger: Counts, load: float) -> None:
    figures = {
        page.name: {
            "cpu_ratio": round(statistics.median(page.cpu) / bare, 1),
            "cpu_ratio_cached": round(statistics.median(page.cpu_cached) / bare, 1) if page.cpu_cached else None,
            "sql_1x": counted[page.name]["sql"],
            "sql_100x": larger.get(page.name, {}).get("sql"),
            "kb_html": round(page.size / 1000, 1),
            "kb_html_100x": larger.get(page.name, {}).get("kb_html"),
            "p95_ms": round(1000 * statistics.quantiles(page.seconds, n=20)[-1], 1),
        }
        for page in pages
    }
    baseline = {"bare_cpu_ms": round(bare * 1000, 3)}
    print_report("pages", {"pages": figures}, baseline=baseline, packages=("django", "uvicorn"), load=load)


if __name__ == "__main__":
    main()
