"""What pages cost, compared with a bare Django view and with other sites: processor, SQL, kilobytes, growth.

    .venv/bin/python bench/pages.py [--quick] [--healthchecks FOLDER] [--copies N] [--sweeps N] [--pages NAMES]

All servers run at once and get their requests in turn, one by one, in three rounds: ours under uvicorn, as deployed; a
bare view under WSGI (gunicorn) and under ASGI (uvicorn); pretalx and healthchecks (`bench/peers.py`). Ratios are to
the bare view under WSGI. The demonstration is the 1x data; `bench/multiply.py` makes 100x of it, for a run of its own
that measures the same way. Data, until the demonstration changes, and packages of the other sites are cached in
`.local/bench/`: the run that creates them takes longer.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count as numbers
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import peers
from bench.environment import open_environment, postgres_pid
from bench.first_visit import first_visits
from bench.growth import compare
from bench.report import ROOT, print_report, say
from bench.server import Line, Look, Unanswered, free_port, ratio, serving, uvicorn

HOST = "assemblee.example.org"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}
SETTINGS = {
    "ALLOWED_HOSTS": ".example.org,localhost",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_POOL": "10",
    "STATIC_ROOT": str(ROOT / ".local" / "bench" / "static"),
}
ROUNDS = 3
SWEEPS, QUICK_SWEEPS, LARGER_SWEEPS = 20, 2, 4  # requests of every address, in each round
HOSTS = numbers()
STRIDE = 5  # pages of ours between two requests to the others
BARE = ("bare_wsgi", "view")
# The page of a peer that comes nearest to ours.
RIVALS = {
    "portal:home": ("pretalx", "event"),
    "opinions:public": ("pretalx", "talk"),
    "members:member-list": ("healthchecks", "checks"),
    "consultations:list": ("healthchecks", "checks"),
    "portal:member-home": ("healthchecks", "projects"),
}
FIRST_VISITS = ("portal:home", "opinions:public")

Figures = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One address of ours, the account that opens it ("" is anybody) and the status of its response."""

    name: str
    path: str
    who: str = ""
    status: int = 200


def seed(folder: Path, copies: int) -> None:
    """Load the demonstration, then its copies; a folder that already holds them is left alone."""
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
    collect_files()


def collect_files() -> None:
    """Compress the static files, unless they are those of the last run."""
    if not files_are_collected():
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def files_are_collected() -> bool:
    """Return whether no static file changed since their compression, which takes a quarter of a short run."""
    manifest = Path(SETTINGS["STATIC_ROOT"]) / "staticfiles.json"
    sources = [ROOT / "requirements" / "prod.txt", *(ROOT / "static").rglob("*")]
    return manifest.exists() and manifest.stat().st_mtime > max(path.stat().st_mtime for path in sources)


def is_of_today(name: str) -> bool:
    """Return whether the data of the last run were made from the demonstration as it is now."""
    marker = ROOT / ".local" / "bench" / name / "pgdata" / "PG_VERSION"
    return marker.exists() and marker.stat().st_mtime > (ROOT / "demo" / "demonstration.zip").stat().st_mtime


def addresses() -> list[Page]:
    """List the pages of bench/README.md, with objects of the demonstration (copies have far higher numbers)."""
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
        Page("answers:thread", reverse("answers:thread", args=[f"{opinion.reference}-P01"])),
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
        Page("answers:desk", reverse("answers:desk"), "lead"),
        Page("answers:follow-ups", reverse("answers:follow-ups"), "lead"),
        Page("answers:directorate-list", reverse("answers:directorate-list"), "dir_contact"),
        *(Page(name, reverse(name), "lead") for name in ("mission:partners", "mission:bookings")),
        Page("search-by-officer", reverse("search:results") + "?q=transports", "lead"),
    ]


def floor() -> list[Page]:
    """Return the addresses whose cost every response pays before its view.

    They redirect: anybody to sign-in, and an account to its area. A response 404 would render a page of its own, which
    is no floor.
    """
    from django.urls import reverse  # noqa: PLC0415 -- see above

    path = reverse("portal:area")
    return [Page("floor, anybody", path, status=302), Page("floor, signed in", path, "lead", status=302)]


def signed_in(email: str) -> Any:
    """Return a test client with a session of this account, second factor included."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415 -- see above
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- see above
    from django.test import Client, RequestFactory  # noqa: PLC0415 -- see above

    from assembly.identity.models import User  # noqa: PLC0415 -- see above

    user = User.objects.get(email=email)
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})
    browser = Client(headers={"host": "assemblee.example.org"})
    browser.force_login(user)
    request = RequestFactory().get("/")
    request.session = browser.session
    record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return browser


def cookies(who: str) -> str:
    """Return a session of the demonstration’s account, second factor included, as a Cookie header."""
    from django.conf import settings  # noqa: PLC0415 -- see above

    return f"{settings.SESSION_COOKIE_NAME}={signed_in(f'{who}@demo.example.org').session.session_key}"


def count(pages: list[Page], jar: dict[str, str]) -> dict[str, Figures]:
    """Count the queries of each page, with an emptied cache."""
    from django.core.cache import cache  # noqa: PLC0415 -- see above
    from django.db import connection  # noqa: PLC0415 -- see above
    from django.test import Client  # noqa: PLC0415 -- see above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- see above
    from django.urls import reverse  # noqa: PLC0415 -- see above

    figures = {}
    for page in pages:
        browser = Client(headers={"host": HOST, "x-forwarded-proto": "https", "cookie": jar.get(page.who, "")})
        if page.who:
            browser.get(reverse("portal:area"))  # page after a sign-in: it stores once in the session what was proved
        browser.get(page.path)  # its templates are read once per process
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(page.path, headers={"host": f"unseen.{HOST}"})
        if response.status_code != page.status:
            raise SystemExit(f"{page.name} {page.path}: {response.status_code}")
        statements = [query["sql"] for query in captured.captured_queries]
        figures[page.name] = {
            "sql_1x": len(statements),
            "selects": sum(len(re.findall(r"\bSELECT\b", statement)) for statement in statements),
            "sql_kb": round(sum(len(statement.encode()) for statement in statements) / 1000, 1),
        }
    return figures


class Ways(NamedTuple):
    """Requests of one page in four states of the cache.

    The cache emptied first; a minute later (a public page is rendered anew, from cached fragments); again at once; and
    with the ETag of the browser’s copy.
    """

    emptied: Look
    later: Look | None
    again: Look
    unchanged: Look | None


def ways(line: Line, page: Page, jar: dict[str, str]) -> Ways:
    """Open the page, so that its templates are read and its cached copy has an ETag, and return its requests."""
    from django.core.cache import cache  # noqa: PLC0415 -- see above

    headers = HEADERS | ({"Cookie": jar[page.who]} if page.who else {})
    for _ in range(2):
        answer, _ = line.get(page.path, headers, page.status)
    etag = answer.get("ETag")
    known = {**headers, "If-None-Match": etag or ""}

    def elsewhere() -> None:
        """Use a host for which the page is not cached: each has its own copy, in Redis and in the process’s memory."""
        headers["Host"] = known["Host"] = f"{next(HOSTS)}.{HOST}"

    def emptied() -> None:
        cache.clear()
        elsewhere()

    return Ways(
        Look(line, page.path, headers, page.status, before=emptied),
        Look(line, page.path, headers, page.status, before=elsewhere) if etag else None,
        Look(line, page.path, headers, page.status),
        Look(line, page.path, known, 304) if etag else None,
    )


class PeerSites:
    """The bare views and the peers that are available; `missing` is the reason for each of the rest."""

    def __init__(self, running: ExitStack, folder: Path, checkout: Path | None, *, with_peers: bool) -> None:
        starts = {"bare_wsgi": peers.bare_wsgi, "bare_asgi": peers.bare_asgi}
        if with_peers:
            starts["pretalx"] = lambda: peers.pretalx(folder)
            starts["healthchecks"] = lambda: peers.healthchecks(folder, checkout)
        self.sites: dict[str, peers.Site] = {}
        self.missing: dict[str, str] = {}
        self.looks: dict[tuple[str, str], Look] = {}
        for name, start in starts.items():
            try:
                self.sites[name] = running.enter_context(start())
            except (peers.Unavailable, OSError, psycopg.Error) as error:
                self.miss(name, error)

    def miss(self, name: str, reason: Exception) -> None:
        """Record why a site is missing; everything else is measured all the same."""
        say(f"{name}: {reason}")
        self.missing[name] = str(reason)

    def open(self) -> None:
        """Request each page once, which also reads its templates."""
        for name, site in self.sites.items():
            line = Line(site.server)
            try:
                site.server.wait()
                for path, headers in site.pages.values():
                    line.get(path, headers)
            except Unanswered as error:
                self.miss(name, error)
            else:
                self.looks |= {(name, page): Look(line, *target) for page, target in site.pages.items()}

    def cpu_ms(self, site: str, page: str) -> float | None:
        look = self.looks.get((site, page))
        return look and round(look.cpu_ms(), 3)

    def figures(self) -> Figures:
        """Return each peer with its versions and pages, or the reason why there are none."""
        figures: Figures = {name: {"unavailable": reason} for name, reason in self.missing.items()}
        for (name, page), look in self.looks.items():
            if versions := self.sites[name].versions:
                entry = figures.setdefault(name, {"versions": versions, "pages": {}})
                entry["pages"][page] = look.figures(self.cpu_ms(*BARE))
        return figures


def ask_in_turn(asked: Mapping[str, Ways], sites: PeerSites, database: int, sweeps: int) -> None:
    """Send one request to each address in turn, again and again.

    Requested several times in a row, a small page would find all its data in the processor's caches, which does not
    happen when people come one by one (a bare view then costs a third).
    """
    turns: list[Look] = []
    for index, page in enumerate(asked.values()):
        turns += filter(None, (*page, *(sites.looks.values() if index % STRIDE == 0 else ())))
    for number in range(ROUNDS):
        say(f"Round {number + 1} of {ROUNDS}…")
        for look in {id(look): look for look in turns}.values():
            look.begin_round()
        for _ in range(sweeps):
            for look in turns:
                look.ask(database)


def page_figures(name: str, page: Ways, sites: PeerSites) -> Figures:
    """Return the figures of one page."""
    bare, again = sites.cpu_ms(*BARE), page.again.cpu_ms()
    figures = page.emptied.figures(bare) | {
        "cpu_ratio_cached": ratio(again, bare),
        "cpu_ratio_later": ratio(page.later and page.later.cpu_ms(), bare),
        "cpu_ratio_304": ratio(page.unchanged and page.unchanged.cpu_ms(), bare),
    }
    if rival := RIVALS.get(name):
        theirs = sites.cpu_ms(*rival)
        figures |= {
            "peer": " ".join(rival),
            "cpu_over_peer": ratio(page.emptied.cpu_ms(), theirs),
            "cpu_over_peer_later": ratio(page.later and page.later.cpu_ms(), theirs),
            "cpu_over_peer_cached": ratio(again, theirs),
        }
    return figures


def measure(folder: Path, options: argparse.Namespace) -> tuple[dict[str, Figures], PeerSites]:
    """Return the figures of every page of ours, and the other sites that ran at the same time."""
    seed(folder, options.copies)
    selection = set(filter(None, options.pages.split(",")))
    pages = [page for page in [*floor(), *addresses()] if not selection or page.name in selection]
    jar = {who: cookies(who) for who in {page.who for page in pages} - {""}}
    with ExitStack() as running:
        sites = PeerSites(running, folder, options.healthchecks, with_peers=options.copies == 1)
        port = free_port()
        command = uvicorn(sys.executable, "assembly.config.asgi:application", port)
        ours = running.enter_context(serving(command, port, environ={**os.environ, **SETTINGS}))
        figures = count(pages, jar)
        ours.wait()
        sites.open()
        line = Line(ours)
        ways_by_page = {page.name: ways(line, page, jar) for page in pages}
        ask_in_turn(ways_by_page, sites, postgres_pid(folder), options.sweeps)
        for name, page in ways_by_page.items():
            figures[name] = page_figures(name, page, sites) | figures[name]
        if options.copies == 1:
            first = {name: ways_by_page[name].again.path for name in FIRST_VISITS if name in ways_by_page}
            visits = first_visits(f"http://localhost:{port}", first)
            for name, visit in visits.items():
                figures[name] |= visit
    return figures, sites


def measure_elsewhere(copies: int, pages: str) -> dict[str, Figures]:
    """Measure every page on larger data in a process of its own, because settings are read once."""
    command = [sys.executable, __file__, f"--copies={copies}", f"--sweeps={LARGER_SWEEPS}", f"--pages={pages}"]
    process = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(process.stdout.splitlines()[-1])["figures"]["pages"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1x data only, shorter turns")
    parser.add_argument("--healthchecks", type=Path, metavar="FOLDER", help="a checkout of its public sources")
    parser.add_argument("--copies", type=int, default=1, help="on so many copies of the data, without peers")
    parser.add_argument("--sweeps", type=int, default=SWEEPS, help="how often each address is asked, in each round")
    parser.add_argument("--pages", default="", help="only these, by name, with commas between them")
    options = parser.parse_args()
    options.sweeps = QUICK_SWEEPS if options.quick else options.sweeps
    load = os.getloadavg()[0]
    larger = {} if options.quick or options.copies > 1 else measure_elsewhere(100, options.pages)
    patient = {**SETTINGS, "DATABASE_POOL": "0"}  # connections of the pool end what takes longer than a page may
    name = f"pages-{options.copies}x"
    with open_environment(name, patient, keep=is_of_today(name)) as folder:
        from django.db import connections  # noqa: PLC0415 -- Django is set up only now

        figures, sites = measure(folder, options)
        connections.close_all()
    if options.copies == 1:
        compare(figures, larger)
    bare = {f"{name}_cpu_ms": sites.cpu_ms(name, "view") for name in ("bare_wsgi", "bare_asgi")}
    baseline = {"bare_cpu_ms": bare["bare_wsgi_cpu_ms"], **bare}
    all_figures = {"pages": figures, "peers": sites.figures()}
    print_report("pages", all_figures, baseline=baseline, packages=("django", "uvicorn"), load=load)


if __name__ == "__main__":
    main()
