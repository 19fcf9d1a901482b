"""A message that nobody can read ends no worker: real Redis, real worker."""

import base64
import json
import os
import signal
import sys
import time

import pytest
import redis

from assembly.local import addresses, engines, processes

HEADERS = {"lang": "py", "task": "assembly.jobs.tasks.tick", "id": "1"}
PROPERTIES = {
    "correlation_id": "1",
    "delivery_info": {"exchange": "", "routing_key": "default"},
    "body_encoding": "base64",
    "delivery_tag": "tag",
}
TEXT = "Yvette Cazaux"


def message(**other):
    made = {
        "body": base64.b64encode(b"[[], {}, {}]").decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": HEADERS,
        "properties": PROPERTIES,
    }
    return json.dumps({**made, **other})


POISON = {
    "text": TEXT,
    "bytes": b"\xff\xfe\x00",
    "null": "null",
    "list": json.dumps([TEXT]),
    "empty": "{}",
    "deep": "[" * 100_000,
    "no tag": message(properties={**PROPERTIES, "delivery_tag": None}),
    "properties a list": message(properties=[]),
    "body a number": message(body=5),
    "body no base64": message(body="%%%"),
    "body no JSON": message(body=base64.b64encode(b'{"a":').decode()),
    "body no list": message(body=base64.b64encode(b"5").decode()),
    "pickle": message(**{"content-type": "application/x-python-serialize"}),
    "no headers": message(headers=None),
    "headers a number": message(headers=5),
    "task a number": message(headers={**HEADERS, "task": 5}),
    "unknown task": message(headers={**HEADERS, "task": "no.such.task"}),
    "time limit": message(headers={**HEADERS, "timelimit": ["a", "b"]}),
    "date": message(headers={**HEADERS, "eta": "tomorrow"}),
}


@pytest.fixture(scope="module")
def broker_and_worker(tmp_path_factory):
    """Start a broker and a worker of the queue `default` without PostgreSQL, which no message here needs."""
    home = tmp_path_factory.mktemp("broker")
    broker = engines.Redis(home, os.environ, fast=True)
    broker.start()
    environment = {
        "PATH": os.environ["PATH"],
        "ASSEMBLY_LOCAL": "1",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DATABASE_URL": "postgres://assemblee@/assemblee",
        "DATABASE_POOL": "0",
        "REDIS_URL": addresses.redis_url(addresses.socket_folder(home)),
        "DATA_DIR": str(home / "data"),
    }
    command = ["-W", "ignore", "-m", "celery", "-q", "-A", "assembly.config", "worker", "-Q", "default", "-c", "1"]
    log = home / "worker.log"
    with log.open("wb") as output:
        worker = processes.spawn(
            [sys.executable, *command, "--without-gossip", "--without-mingle"],
            output=output,
            environ=environment,
            cwd=addresses.ROOT,
        )
    client = redis.Redis.from_url(environment["REDIS_URL"])
    yield worker, client, log
    client.close()
    processes.stop_process(worker, signal.SIGTERM, 15)
    broker.stop()


def is_taken(worker, client, patience):
    """Return whether the queue is empty and nothing is unacknowledged while the worker runs."""
    end = time.monotonic() + patience
    while time.monotonic() < end and worker.poll() is None:
        if not client.llen("default") and not client.exists("unacked"):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("kind", POISON)
def test_a_poisoned_message_ends_no_worker(broker_and_worker, kind):
    worker, client, log = broker_and_worker
    client.lpush("default", POISON[kind])
    assert is_taken(worker, client, 60), log.read_text()
    client.lpush("default", message(headers={**HEADERS, "task": "no.such.task"}))
    assert is_taken(worker, client, 10), log.read_text()


def test_the_log_says_it_without_the_words_of_the_message(broker_and_worker):
    said = broker_and_worker[2].read_text()
    assert "A message of default cannot be read and is dropped: TypeError" in said
    assert "Unrecoverable error" not in said
    assert TEXT not in said
