"""A page never waits long for the broker, and says when what it was asked needs one."""

import socket
import subprocess
import sys
import time

import pytest
from celery import Celery
from django.urls import reverse
from django.utils import timezone

from assembly.jobs import failures, hints
from assembly.jobs.models import FailedJob
from assembly.local import addresses
from assembly.local.gate import example_environment


@pytest.fixture
def silent_broker(monkeypatch, settings):
    """Start a broker that accepts connections and never answers, with the settings of a web process."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        app = Celery("silent", set_as_current=False, broker=f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        app.conf.broker_transport_options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": 1}
        monkeypatch.setattr(hints, "current_app", app)
        monkeypatch.setattr(failures, "current_app", app, raising=False)
        monkeypatch.setattr(hints, "down_until", 0.0)
        yield app


@pytest.mark.django_db
def test_ten_hints_to_a_silent_broker_cost_a_page_three_seconds_at_most(
    silent_broker, django_capture_on_commit_callbacks
):
    since = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(10):
            hints.send_at_commit("assembly.documents.tasks.produce", number)
    assert time.monotonic() - since < 3


def test_a_web_process_waits_one_second_for_the_broker_and_a_worker_ten():
    ask = "from assembly.config import settings; print(settings.CELERY_BROKER_TRANSPORT_OPTIONS['socket_timeout'])"
    said = {
        pool: subprocess.run(
            [sys.executable, "-c", ask],
            env={**example_environment(), "DATABASE_POOL": pool},
            cwd=addresses.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for pool in ("10", "0")
    }
    assert said == {"10": "1", "0": "10"}


@pytest.mark.django_db
def test_a_job_sent_again_while_the_broker_is_silent_stays_in_the_list_and_the_page_says_why(
    client, people, silent_broker
):
    job = FailedJob.objects.create(task="x.y", arguments=[1], error="ValueError", failed_at=timezone.now())
    client.force_login(people.ready(people["lead"]))
    page = client.post(reverse("portal:job-retry", args=[job.pk]), follow=True)
    assert "La file des travaux ne répond pas" in page.content.decode()
    job.refresh_from_db()
    assert job.retried_at is None
