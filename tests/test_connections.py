"""Whatever lasts holds no connection of the database: slow readers, files that are judged, neighbours that are silent.

The site has four connections here, as it has ten in production; each test counts those in use meanwhile.
"""

import ast
import contextlib
import io
import random
import re
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assembly.config import env
from assembly.documents.models import ManifestEntry, store_blob
from assembly.files import child_process
from consultations.models import ReviewState
from mission.grants.forms import OTHER
from mission.grants.views import SAVE
from tests import files
from tests.consultations.desk import asked_of, written
from tests.factories.consultations import BriefingDocumentFactory, BriefingPackFactory, ReferralFactory
from tests.factories.documents import DocumentFactory, UploadFactory
from tests.factories.mission import GrantDepositFactory, deposit_link
from tests.factories.sessions import NoticeFactory, SittingFactory
from tests.relays import SilentRelay

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[1]
APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
# Where a response is sent as it is made; each view that makes one has a slow reader below.
STREAMS = {"assembly/documents/responses.py", "assembly/documents/views.py"}
STREAM_NAMES = {"StreamingHttpResponse", "FileResponse", "ChunkedFileResponse"}
MOST = 4
WAITS = {
    "assembly/identity/sending.py": "gives connections back; codes wait for the last byte of the answer",
    "assembly/identity/cache.py": "Redis: a second at most",
    "assembly/portal/health.py": "Redis: a second at most, in a thread of its own",
    "assembly/files/child_process.py": "slow_work",
    "assembly/files/pdf_probe.py": "an exception of child_process",
    "assembly/files/file_kinds.py": "an exception of child_process",
    "assembly/files/pdf_picture.py": "an exception of child_process",
    "consultations/reviews/documents.py": "an exception of child_process",
    "opinions/exchange/incoming.py": "an exception of child_process",
    "mission/fetcher/fetching.py": "an exception of child_process",
    "assembly/documents/text/extraction.py": "an exception of child_process",
    "mission/fetcher/policy.py": "in a child",
    "mission/fetcher/client.py": "in a child",
    "assembly/files/antivirus.py": "slow_work",
    "assembly/documents/pdf/render.py": "slow_work",
    "assembly/documents/seal/checking.py": "workers alone (queue verify)",
    "assembly/notifications/smtp.py": "what the two senders of mail call",
    "assembly/portal/backup.py": "a worker, or a command",
}


def in_use() -> int:
    """Return the number of connections that threads of the site use."""
    pool = connections["default"].pool
    if pool is None:
        return 0
    stats = pool.get_stats()
    return stats.get("pool_size", 0) - stats.get("pool_available", 0)


def assert_free(site: str, seconds: float = 1.5, patience: float = 1.5) -> None:
    """Assert that no connection stays in use after `patience` seconds, and that the site answers meanwhile.

    What is asked of the database takes moments, what waits for a neighbour seconds, what a reader holds lasts as long
    as the reader: where nothing but readers is asked of, `patience` may be longer.
    """
    connections["default"].close()
    end = time.monotonic() + patience
    while in_use() and time.monotonic() < end:
        time.sleep(0.05)
    assert in_use() == 0
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        asked = time.monotonic()
        assert requests.get(f"{site}/sante/", timeout=20).status_code in {200, 503}
        assert requests.get(f"{site}/glossaire/", timeout=20).status_code == 200
        assert time.monotonic() - asked < 4
        assert in_use() <= 1  # a probe of the health page may be at work
        time.sleep(0.1)


@contextlib.contextmanager
def slow_readers(site: str, path: str, cookie: str = "", count: int = MOST + 2):
    """Open connections that request `path` and read only the head of the response."""
    host, port = site.removeprefix("http://").split(":")
    lines = []
    for _ in range(count):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(20)
        line.connect((host, int(port)))
        head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        lines.append(line)
    try:
        for line in lines:
            assert line.recv(12) == b"HTTP/1.1 200"
        yield lines
    finally:
        for line in lines:
            line.close()


def read_all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


def long_register(entries: int) -> None:
    """Make a register of some megabytes: one revision, many lines."""
    revision = DocumentFactory().revisions.get()
    ManifestEntry.objects.bulk_create(
        ManifestEntry(
            seq=number,
            document=revision.document,
            revision=revision,
            sha256=revision.blob_id,
            prev_hash=f"{number - 1:064}",
            entry_hash=f"{number:064}",
            canonical=f'"{number}{"x" * 4000}"',
            entered_at=timezone.now(),
        )
        for number in range(1, entries + 1)
    )


def test_every_stream_is_known_here():
    """A new way to send a response as it is made has a slow reader below."""
    sources = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
    }
    assert STREAMS == {
        name
        for name, tree in sources.items()
        if any(isinstance(node, ast.Name) and node.id in STREAM_NAMES for node in ast.walk(tree))
    }
    archives = {
        name
        for name, tree in sources.items()
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "zip_response" for node in ast.walk(tree)
        )
    }
    assert archives == {"consultations/briefing/views.py"}


def test_whatever_waits_for_another_process_or_machine_is_known_here():
    """A new one goes through `slow_work`, or is asked by workers alone: then it has its line and its reason."""
    names = {"subprocess", "socket", "smtplib", "urllib3", "requests", "redis", "select"}
    assert {
        name
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if not (name := path.relative_to(ROOT).as_posix()).startswith("assembly/local/")
        and any(names & modules_of(node) for node in ast.walk(ast.parse(path.read_text())))
    } == set(WAITS)


def modules_of(node: ast.AST) -> set[str]:
    """Return the names of the packages that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def test_every_file_field_is_judged_by_the_gate():
    """Bytes are opened by `UploadField`, ahead of the transaction, or by what `slow_work` calls."""
    fields = {
        f"{name}:{node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, 'id', '')}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in (name := path.relative_to(ROOT).as_posix())
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    }
    assert {field for field in fields if field.endswith((":FileField", ":ImageField"))} == {
        "assembly/documents/forms.py:FileField",  # hashed as it comes; a worker opens it
        "assembly/imports/views.py:FileField",  # a table: `imports.tables.read_sheets`
    }
    assert not {field for field in fields if field.endswith(":Image.open")}


def test_readers_of_the_register_who_stop_reading_hold_no_connection(pool_of_four, site):
    long_register(3000)
    with slow_readers(site, reverse("documents:manifest")) as lines:
        assert_free(site, patience=10)  # six times twelve megabytes, on a machine at work
        rest = read_all(lines[0])
    assert rest.count(b'"entry"') == 3000


def big_upload(number: int):
    """Make an upload of some megabytes that cannot be compressed."""
    return UploadFactory(blob=store_blob(random.Random(number).randbytes(8_000_000), "text/plain"), name="note.txt")


def test_members_who_download_a_pack_slowly_hold_no_connection(pool_of_four, site, session_of, people):
    referral = ReferralFactory(term=people.term, working=True)
    pack = BriefingPackFactory(referral=referral, released=True)
    for position in range(3):
        BriefingDocumentFactory(pack=pack, upload=big_upload(position), position=position)
    name, value = session_of("officer")
    path = reverse("consultations:briefing-zip", args=[referral.pk])
    with slow_readers(site, path, f"{name}={value}") as lines:
        assert_free(site)
        assert len(read_all(lines[0])) > 24_000_000


class Browser:
    """Somebody signed in, over real connections, who fills in forms with files."""

    def __init__(self, site: str, cookie: tuple[str, str] | None = None) -> None:
        self.site = site
        self.session = requests.Session()
        if cookie:
            self.session.cookies.set(*cookie)

    def post(self, path: str, data: dict[str, str], sent: dict[str, tuple[str, bytes]]) -> requests.Response:
        """Send the form of a page, its keys taken from the page itself."""
        page = self.session.get(self.site + path, timeout=30).text
        keys = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in KEYS}
        return self.session.post(
            self.site + path, data={**keys, **data}, files=sent, timeout=60, allow_redirects=False
        )


KEYS = ("csrfmiddlewaretoken", "idempotency_key")


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, "PNG")
    return target.getvalue()


@contextlib.contextmanager
def children_at_work():
    """Occupy every child process, as slow files do."""
    with contextlib.ExitStack() as places:
        for _ in range(child_process.AT_ONCE):
            places.enter_context(child_process.slot())
        yield


@pytest.fixture
def silent_scanner(settings):
    """Start an antivirus that accepts every connection and never answers."""
    scanner = SilentRelay()
    settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{scanner.port}"
    yield scanner
    scanner.close()


@contextlib.contextmanager
def at_once(*calls):
    """Run each call in a thread of its own. Yields a function that returns their results, in order."""
    with ThreadPoolExecutor(len(calls)) as crowd:
        futures = [crowd.submit(call) for call in calls]
        time.sleep(1)
        yield lambda: [future.result(60) for future in futures]


def logo(site, session_of, people):
    """Return a function that uploads a logo as an administrator."""
    cookie = session_of("lead")
    path = reverse("institution:settings-logo")
    return lambda: Browser(site, cookie).post(path, {}, {"logo": ("logo.png", picture())})


def paper(site, session_of, people):
    """Return a function that adds a PDF to an agenda."""
    cookie = session_of("officer")
    path = reverse("sittings:papers", args=[SittingFactory(term=people.term).pk])
    return lambda: Browser(site, cookie).post(
        path, {"title": "Le rapport"}, {"file": ("rapport.pdf", files.pdf("Un."))}
    )


def grant_piece(site, session_of, people):
    """Return a function that adds a document to an application, by a link, without an account."""
    path = reverse("mission:grant-deposit", args=[deposit_link(GrantDepositFactory())])
    return lambda: Browser(site).post(path, {"aller": SAVE}, {OTHER: ("a.pdf", files.pdf("Statuts."))})


def word_grid(site, session_of, people):
    """Return a function that posts a contribution as a Word file, which a child process reads."""
    review = written(asked_of(people, ReviewState.DRAFTED))
    cookie = session_of("dir_contact")
    path = reverse("consultations:instruction-word-in", args=[review.pk])
    return lambda: Browser(site, cookie).post(path, {}, {"file": ("avis.docx", files.word("Rien."))})


def table(site, session_of, people):
    """Return a function that posts a table of members, which this process reads."""
    cookie = session_of("lead")
    path = reverse("members:import-start")
    return lambda: Browser(site, cookie).post(path, {}, {"file": ("membres.csv", "nom;prénom\nVidal;Rosa\n".encode())})


def printed_agenda(site, session_of, people):
    """Return a function that requests a page that renders a PDF before it responds."""
    notice = NoticeFactory(sitting=SittingFactory(term=people.term, notified=True))
    cookie = session_of("officer")
    path = reverse("sittings:agenda-file", args=[notice.sitting_id])
    return lambda: Browser(site, cookie).session.get(site + path, timeout=60)


READERS = [logo, paper, grant_piece, word_grid, table, printed_agenda]


@pytest.mark.parametrize("reader", READERS)
def test_files_that_wait_for_a_reader_hold_no_connection(pool_of_four, site, session_of, people, reader):
    calls = [reader(site, session_of, people)] * (MOST + 1)
    with children_at_work(), at_once(*calls) as results:
        assert_free(site)
        child_process.SLOTS.release()  # one place is free again: the others take their turns
        answers = results()
        child_process.SLOTS.acquire()
    assert {answer.status_code for answer in answers} <= {200, 302, 422}, [answer.status_code for answer in answers]


@pytest.mark.parametrize("reader", [logo, paper])
def test_an_antivirus_that_never_answers_holds_no_connection(
    pool_of_four, site, session_of, people, silent_scanner, reader
):
    with at_once(*[reader(site, session_of, people)] * (MOST + 1)) as results:
        assert_free(site)
        answers = results()
    assert {answer.status_code for answer in answers} == {302}
    assert len(silent_scanner.accepted) == MOST + 1


def test_a_reader_that_nobody_gives_place_is_503_with_the_words_that_were_typed(
    pool_of_four, site, session_of, people, monkeypatch
):
    monkeypatch.setattr(child_process, "PATIENCE", 1)
    with children_at_work():
        form = paper(site, session_of, people)()
        page = printed_agenda(site, session_of, people)()
    for answer in (form, page):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Le service lit déjà d’autres fichiers" in answer.text
    assert "Le rapport" in form.text


@pytest.mark.parametrize("trial", ["settings", "notice"])
def test_a_relay_that_never_speaks_holds_no_connection_of_a_trial(
    pool_of_four, site, session_of, people, settings, trial
):
    relay = SilentRelay()
    settings.MAILERS = {
        "default": env.mailer(f"smtp://127.0.0.1:{relay.port}/", conversation_seconds=5),
        "bulk": settings.LOCAL_MAILER,
    }
    sitting = SittingFactory(term=people.term)
    who, page, path = {
        "settings": ("lead", reverse("institution:settings"), reverse("institution:settings-test-mail")),
        "notice": (
            "officer",
            reverse("sittings:sitting", args=[sitting.pk]),
            reverse("sittings:notice-trial", args=[sitting.pk]),
        ),
    }[trial]
    browser = Browser(site, session_of(who))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.session.get(site + page).text)[1]

    def post() -> requests.Response:
        data = {"csrfmiddlewaretoken": token, "idempotency_key": str(uuid.uuid4())}
        return browser.session.post(site + path, data=data, timeout=60, allow_redirects=False)

    with at_once(*[post] * (MOST + 1)) as results:
        assert_free(site)
        answers = results()
    assert {answer.status_code for answer in answers} == {302}
    assert len(relay.accepted) == MOST + 1
    relay.close()
