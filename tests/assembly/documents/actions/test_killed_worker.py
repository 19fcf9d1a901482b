"""SIGKILL in the middle of a document, at many moments: nothing half kept, nothing made twice, and it ends."""

import datetime
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection

from assembly.documents.actions import renditions
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, ManifestEntry, Rendition, Revision, Signature
from tests.factories.institution import TermFactory

KILLS = 6
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def start_worker(rendition):
    name = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings_test",
        "DATABASE_URL": f"postgres://{name['USER']}@/{name['NAME']}?host={name['HOST']}&port={name['PORT'] or ''}",
        "DATA_DIR": str(django_settings.DATA_DIR),
        "PYTHONPATH": str(django_settings.BASE_DIR),
        "PYTHONWARNINGS": "ignore",
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.assembly.documents.dying_worker", str(rendition.pk)],
        env=environment,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert worker.stdout.readline() == b"ready\n"
    return worker


def counts():
    return [model.objects.count() for model in (Document, Revision, Signature, ManifestEntry)]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_done(kinds, settings):
    chance = random.Random(7)
    rendition = request_rendition(TermFactory(), "test-sheet")
    for _kill in range(KILLS):
        worker = start_worker(rendition)
        time.sleep(chance.uniform(0.05, 1.2))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        rendition.refresh_from_db()
        assert counts() == ([1, 2, 1, 1] if rendition.is_ready else [0, 0, 0, 0])
        Rendition.objects.update(started_at=LONG_AGO)
        renditions.sweep()
    if not rendition.is_ready:
        worker = start_worker(rendition)
        assert worker.wait(60) == 0
        worker.stdout.close()
    rendition.refresh_from_db()
    assert (rendition.state, counts()) == ("ready", [1, 2, 1, 1])
