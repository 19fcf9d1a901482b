"""From the click on « Sceller » to the bytes on disk: how often facts are read, which files the seal goes through."""

import inspect
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assembly.documents import storage
from assembly.documents.models import ManifestEntry
from assembly.documents.seal import backends, sealing
from assembly.documents.tasks import render
from assembly.jobs import hints
from assembly.local.addresses import ROOT
from sessions.minutes.actions import publication
from sessions.models import Minutes, MinutesState, MinutesVisaCapacity
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = pytest.mark.django_db

# Each hands the seal on to the next one: docs/pdf.md 8 says what each does.
SEALING_FILES = {
    "sessions/minutes/views/steps.py",
    "sessions/minutes/actions/publication.py",
    "sessions/minutes/workflow/tables.py",
    "sessions/minutes/queries/facts.py",
    "sessions/minutes/documents.py",
    "assembly/documents/actions/renditions.py",
    "assembly/documents/actions/register.py",
    "assembly/documents/tasks.py",
    "assembly/documents/pages.py",
    "assembly/documents/pdf/render.py",
    "assembly/documents/seal/sealing.py",
    "assembly/documents/storage.py",
}
# What these call and what comes back to them, by the door through which it is entered.
BEHIND = {
    "every step of the product goes through": (
        "assembly/audit/",
        "assembly/config/",
        "assembly/documents/responses.py",
        "assembly/dossiers/",
        "assembly/identity/",
        "assembly/institution/",
        "assembly/jobs/",
        "assembly/lists/",
        "assembly/local/",
        "assembly/notifications/",
        "assembly/portal/",
        "assembly/files/",
        "assembly/speed/",
        "assembly/text/",
        "assembly/web/",
        "assembly/workflow/",
    ),
    "minutes_facts reads": (
        "sessions/agenda/queries.py",
        "sessions/agenda/rules.py",
        "sessions/agenda/topics.py",
        "sessions/attendance/queries/",
        "sessions/attendance/rules.py",
        "sessions/decisions/queries.py",
        "sessions/decisions/rules.py",
        "sessions/minutes/queries/",
        "sessions/minutes/rules.py",
        "sessions/sittings/queries/",
        "sessions/sittings/rules.py",
        "consultations/",
        "opinions/",
        "members/",
    ),
    "the table of minutes names": ("sessions/minutes/workflow/steps.py",),
    "render lays out, in a process of its own": ("assembly/documents/pdf/source.py", "assembly/documents/pdf/wire.py"),
    "sealing opens the key": ("assembly/documents/seal/backends.py", "assembly/documents/seal/keys.py"),
    "rows and their values": (
        "assembly/documents/models.py",
        "assembly/documents/registry.py",
        "assembly/documents/queries.py",
        "sessions/agenda/models.py",
        "sessions/attendance/models.py",
        "sessions/attendance/enums.py",
        "sessions/decisions/models.py",
        "sessions/minutes/models.py",
        "sessions/sittings/models.py",
        "assembly/tasks/models.py",
    ),
    "what follows the seal: a worker reads it again": ("assembly/documents/actions/checks.py",),
}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    folder = settings.DATA_DIR / "keys"
    settings.SEAL_P12_FILE, settings.SEAL_TRUST_FILE = str(folder / "seal.p12"), str(folder / "root.pem")
    settings.TSA_URL, settings.BLOB_DIR = "", tmp_path / "blobs"
    yield
    backends.signer.cache_clear()


@contextmanager
def files_entered():
    """Return our files whose functions were called, without modules that were only imported."""
    found, monitoring = set(), sys.monitoring

    def started(code, _offset):
        if code.co_flags & inspect.CO_OPTIMIZED and not code.co_filename.startswith(f"{ROOT}/tests/"):
            path = Path(code.co_filename)
            if path.is_relative_to(ROOT) and ".venv" not in path.parts:
                found.add(str(path.relative_to(ROOT)))
        return monitoring.DISABLE

    monitoring.use_tool_id(monitoring.PROFILER_ID, "sealing path")
    monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.PY_START, started)
    monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.PY_START)
    monitoring.restart_events()
    try:
        yield found
    finally:
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.NO_EVENTS)
        monitoring.free_tool_id(monitoring.PROFILER_ID)


def ready_to_seal(people):
    """Make approved formal minutes with both visas."""
    minutes = at_state(written_minutes(people), MinutesState.APPROVED)
    publication.record_visa(minutes, MinutesVisaCapacity.CHAIR, by=minutes.held.officer)
    publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=minutes.held.secretary)
    return minutes


def work(callbacks):
    """Do what a worker does with the messages that the click sent at its commit."""
    for callback in callbacks:
        if getattr(callback, "func", None) is hints.send_hint and callback.args[0] == render.name:
            render(*callback.args[1:])


def times_read(asked):
    """Return how often the facts were read; only they query the actions of a sitting with who does them."""
    return sum('"sittings_actionitem"' in query["sql"] and '"identity_person"' in query["sql"] for query in asked)


def test_a_click_reads_the_facts_once_and_so_does_the_worker_for_both_files(
    people, signed_in, django_capture_on_commit_callbacks
):
    """Once to decide whether the visas cover them, once to find that they are still what was asked for."""
    minutes = ready_to_seal(people)
    browser, address = signed_in(minutes.held.officer), reverse("sittings:minutes-step", args=[minutes.pk, "sceller"])
    with CaptureQueriesContext(connection) as page:
        assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as click, django_capture_on_commit_callbacks() as callbacks:
        assert browser.post(address).status_code == 302
    with CaptureQueriesContext(connection) as files:
        work(callbacks)
    assert Minutes.objects.get().state == MinutesState.SIGNED
    assert (times_read(page), times_read(click), times_read(files)) == (1, 1, 1)


def test_a_seal_goes_through_twelve_files(people, signed_in, django_capture_on_commit_callbacks):
    minutes = ready_to_seal(people)
    browser, address = signed_in(minutes.held.officer), reverse("sittings:minutes-step", args=[minutes.pk, "sceller"])
    sealing.stamp_style()
    with files_entered() as entered:
        with django_capture_on_commit_callbacks() as callbacks:
            browser.post(address)
        work(callbacks)
    assert all(storage.path_of(entry.sha256).exists() for entry in ManifestEntry.objects.all())
    assert ManifestEntry.objects.count() == 2
    behind = tuple(start for starts in BEHIND.values() for start in starts)
    assert sorted(SEALING_FILES - entered) == []
    assert sorted(path for path in entered - SEALING_FILES if not path.startswith(behind)) == []
    assert len(SEALING_FILES) <= 12


def test_the_page_about_pdf_lists_the_same_files():
    section = (ROOT / "docs" / "pdf.md").read_text(encoding="utf-8").partition("\n## 8 ")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+\.py)` \|", section, re.MULTILINE)) == SEALING_FILES
