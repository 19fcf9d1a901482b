"""Production's logs and error reports hold nothing that anybody typed: secrets are seeded, then searched."""

import gzip
import json
import logging
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import brotli
import pytest

from assembly.local import addresses
from assembly.local.gate import example_environment

SEEDS = [
    "Vanuxem-Larrieu",
    "rosa.vanuxem@example.org",
    "06 12 34 56 78",
    "motdepasse-tres-secret",
    "jeton-4f9c2d7b81e6a05c9d3f",
]
PROGRAM = """
import json, sys
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
from django.urls import path
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.csrf import csrf_exempt
from assembly.config import urls

@csrf_exempt
@login_not_required
def broken(request, token):
    phone, name = request.POST["phone"], request.POST["name"]
    raise ValueError(f"Key (email)=({request.POST['email']}) of {name}, {phone}")

urls.urlpatterns.append(path("casse/<str:token>/", broken))
client = Client(raise_request_exception=False)
seeds = json.loads(sys.argv[1])
data = {"name": seeds[0], "email": seeds[1], "phone": seeds[2], "password": seeds[3]}
secure = {"secure": True, "headers": {"host": "assemblee.example.org"}}
said = client.post(f"/casse/{seeds[4]}/?q={seeds[1]}", data, **secure)
assert said.status_code == 500, said.status_code
assert not [seed for seed in seeds if seed in said.content.decode() and seed != seeds[4]]  # the address of the page
client.get(f"/nulle-part/{seeds[4]}/?email={seeds[1]}", **secure)
client.post("/nulle-part/", data, **secure)
import sentry_sdk
sentry_sdk.flush(5)
"""


class Collector(HTTPServer):
    """Takes what is sent to ERROR_DSN and to nobody else."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taker)
        self.taken: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        self.server.taken.append(unpack(body).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def collector():
    server = Collector()
    yield server
    server.shutdown()
    server.server_close()


def test_seeded_secrets_are_found_nowhere(collector, tmp_path, django_db_setup, db):
    from django.conf import settings
    from django.db import connection

    given = {
        **example_environment(),
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "DATABASE_URL": addresses.database_url(
            Path(connection.settings_dict["HOST"]), connection.settings_dict["NAME"]
        ),
        "DATABASE_POOL": "0",
        "REDIS_URL": settings.REDIS_URL,
        "DATA_DIR": str(tmp_path / "data"),
        "SMTP_URL": "smtp://127.0.0.1:1/",
        "ERROR_DSN": f"http://key@127.0.0.1:{collector.server_port}/1",
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(SEEDS)],
        cwd=addresses.ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line]
    assert lines
    events = [json.loads(line) for line in lines]
    assert {"time", "level", "logger", "message", "request_id"} <= set(events[0])
    assert any("ValueError" in event.get("error", []) for event in events)
    assert collector.taken, "nothing reached ERROR_DSN"
    assert "ValueError" in "".join(collector.taken)
    everything = "\n".join([*lines, *collector.taken])
    assert [seed for seed in SEEDS if seed in everything or seed.replace(" ", "") in everything] == []
    failed = next(event for event in events if "error" in event)
    assert re.fullmatch("[0-9a-f]{32}", failed["request_id"])
    assert failed["request_id"] in "".join(collector.taken)


def test_without_an_address_nothing_is_watched():
    from assembly.config import errors

    assert errors.watch("") is None
    assert logging.getLogger("sentry_sdk").handlers == []
