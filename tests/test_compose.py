"""docker-compose.yml says what the settings ask for, and its own commands start against sockets.

The image itself is not built here: no container engine is needed to run any of this.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from assembly.local import addresses, engines, processes
from assembly.local.gate import example_environment
from assembly.local.supervisor import ROOT_WARNING, SOCKETS

COMPOSE = yaml.safe_load((addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SETTINGS = (addresses.ROOT / "assembly" / "config" / "settings.py").read_text(encoding="utf-8")
READ_BY_SETTINGS = set(re.findall(r"env\.(?:text|flag|number|words)\(\s*\"([A-Z0-9_]+)\"", SETTINGS))
REQUIRED_BY_SETTINGS = set(re.findall(r"env\.text\(\"([A-Z0-9_]+)\"(?:\)|, [^)]* if LOCAL else None\))", SETTINGS))
OURS = [name for name, service in SERVICES.items() if service.get("image", "").startswith("hemicycle:")]
# What an administrator may add to the environment, and why compose does not.
LEFT_OUT = {
    **dict.fromkeys(
        ["ASSEMBLY_LOCAL", "ASSEMBLY_DEMO", "ASSEMBLY_DEBUG", "ASSEMBLY_STRICT_FETCH"], "never in production"
    ),
    **dict.fromkeys(
        ["DATABASE_POOL", "MAIL_SENDERS", "MAIL_SETTLE_SECONDS", "PUBLIC_PAGE_SECONDS"], "sized by default"
    ),
    **dict.fromkeys([f"SEAL_PKCS11_{part}" for part in ("MODULE", "TOKEN", "PIN", "CERTIFICATE", "CHAIN")], "a HSM"),
    "MAIL_RELAY_LOG_FILE": "a Postfix on the same machine, whose log has to be mounted",
    "SSL_REDIRECT": "on by default",
    "STATIC_ROOT": "inside the image",
}
ENTRY_MODULES = {"uvicorn": "uvicorn", "celery": "celery"}
BIN = Path(sys.executable).parent


def words(service: str) -> list[str]:
    return list(SERVICES[service]["command"])


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_read_by_the_settings(service):
    assert set(SERVICES[service]["environment"]) - READ_BY_SETTINGS == set()


@pytest.mark.parametrize("service", OURS)
def test_every_setting_that_must_be_given_is_given(service):
    assert REQUIRED_BY_SETTINGS - set(SERVICES[service]["environment"]) == set()


@pytest.mark.parametrize("service", OURS)
def test_every_other_setting_is_left_out_on_purpose(service):
    assert READ_BY_SETTINGS - set(SERVICES[service]["environment"]) - set(LEFT_OUT) == set()


def test_the_example_file_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert asked - set(example_environment()) - {"VERSION", "SECRET_KEY_FALLBACKS"} == set()


def test_secrets_have_no_default():
    text = (addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("POSTGRES_PASSWORD", "SECRET_KEY", "SEAL_P12_PASSWORD", "SEAL_P12_PATH", "MAIL_WEBHOOK_SECRET"):
        assert not re.search(rf"\$\{{{name}(?!:\?|_)", text), name


def test_sockets_are_served_alike_everywhere():
    image = (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("CMD ")[2]
    for option in SOCKETS:
        assert option in words("web")
        assert f'"{option}"' in image


def test_exactly_one_beat():
    beats = [name for name in OURS if "beat" in words(name)]
    assert beats == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_files_of_strangers_are_read_apart_from_the_seal():
    reads = [name for name in OURS if any("verify" in word for word in words(name) if word.startswith("--queues="))]
    assert reads == ["verify"]
    assert "--queues=verify" in words("verify")
    assert "--concurrency=1" in words("verify")
    assert SERVICES["verify"]["cpus"] == 1
    assert SERVICES["verify"]["mem_limit"] == "1536m"


def test_several_replicas_of_web_and_worker():
    assert SERVICES["web"]["deploy"]["replicas"] >= 2
    assert SERVICES["worker"]["deploy"]["replicas"] >= 2


def test_every_lasting_service_has_a_health_check_and_comes_back():
    lasting = {name: service for name, service in SERVICES.items() if service.get("restart") != "no"}
    assert set(SERVICES) - set(lasting) == {"migrate"}
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}


def test_the_workers_serve_every_queue():
    from assembly.config.celery import app

    queues = {app.conf.task_default_queue} | {route["queue"] for route in app.conf.task_routes.values()}
    served = {
        queue
        for name in OURS
        for word in words(name)
        if word.startswith("--queues=")
        for queue in word.removeprefix("--queues=").split(",")
    }
    assert served == queues


@pytest.mark.parametrize("service", OURS)
def test_the_entry_of_each_command_exists(service):
    program, *rest = words(service)
    if program == "python":
        assert (addresses.ROOT / rest[0]).exists()
    else:
        assert importlib.util.find_spec(ENTRY_MODULES[program])


def test_only_the_proxy_is_reachable_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_the_image_copies_what_exists_and_is_not_root():
    text = (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8")
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert [source for source in sources if not (addresses.ROOT / source).exists()] == []
    assert "\nUSER assemblee\n" in text
    assert "requirements/dev.txt" not in text


def test_the_image_can_dump_the_database_of_compose():
    """Debian's client must not be older than the server: trixie, the base of both images, has version 17."""
    text = (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:\S+-trixie AS python$", text, re.MULTILINE)
    assert "postgresql-client" in text.rpartition("\nFROM ")[2]
    assert SERVICES["db"]["image"] == "postgres:17-trixie"


def test_secrets_and_this_machine_stay_out_of_the_image():
    ignored = (addresses.ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".local", ".env", "secrets", "tests"} <= set(ignored)


@pytest.mark.skipif(
    not shutil.which("docker-compose"), reason="docker-compose is not installed; the YAML is read above"
)
def test_compose_accepts_its_file():
    command = ["docker-compose", "--env-file", "deploy/example.env", "config", "-q"]
    assert subprocess.run(command, cwd=addresses.ROOT, env=example_environment(), check=False).returncode == 0


# Compose's own commands, by hand ----------------------------------------------------------------------


def interpolate(value: str, given: dict[str, str]) -> str:
    """Replace `${NAME:?message}`, `${NAME:-default}` (a default may be another name) and `$$` as compose does."""

    def look_up(match: re.Match[str]) -> str:
        return given.get(match["name"]) or interpolate(match["default"] or "", given)

    pattern = r"\$\{(?P<name>[A-Z0-9_]+)(?::\?[^}]*|:-(?P<default>(?:\$\{[^}]*\}|[^}])*))?\}"
    return re.sub(pattern, look_up, str(value)).replace("$$", "$")


class ByHand:
    """The services of docker-compose.yml as plain processes, database and broker behind sockets."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.engines = [engines.Postgres(home, os.environ, fast=True), engines.Redis(home, os.environ, fast=True)]
        self.running: list[subprocess.Popen[bytes]] = []

    def start_engines(self) -> None:
        for engine in self.engines:
            engine.start()
        self.engines[0].create_database()

    def environment(self, service: str) -> dict[str, str]:
        given = {
            name: interpolate(value, example_environment()) for name, value in SERVICES[service]["environment"].items()
        }
        sockets = addresses.socket_folder(self.home)
        here = {
            "DATABASE_URL": addresses.database_url(sockets),
            "REDIS_URL": addresses.redis_url(sockets),
            "DATA_DIR": str(self.home / "data"),
            "STATIC_ROOT": str(self.home / "static"),
            "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
            "PYTHONWARNINGS": ROOT_WARNING,
        }
        return {"PATH": f"{BIN}:{os.defpath}", "HOME": str(self.home), "LANG": "C.UTF-8", **given, **here}

    def command(self, service: str, **replaced: str) -> list[str]:
        """Return the service's command with its program from this environment and some words replaced."""
        program, *rest = [interpolate(word, {}) for word in words(service)]
        for old, new in replaced.items():
            option = f"--{old}="
            rest = [option + new if word.startswith(option) else word for word in rest]
        return [str(BIN / program), *rest]

    def once(self, service: str, command: list[str] | None = None) -> str:
        result = subprocess.run(
            command or self.command(service),
            cwd=addresses.ROOT,
            env=self.environment(service),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    def collect_static(self) -> None:
        """Do what the Dockerfile does last, in its own words: pages need the names with a hash."""
        text = (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8")
        line = re.search(r"python (manage\.py collectstatic .*)$", text, re.MULTILINE)[1]
        self.once("migrate", [str(BIN / "python"), *line.split()])

    def succeeds(self, service: str, line: str) -> bool:
        """Tell whether a shell line of a health check is content."""
        result = subprocess.run(
            ["sh", "-c", line], cwd=addresses.ROOT, env=self.environment(service), capture_output=True, check=False
        )
        return result.returncode == 0

    def keep(self, service: str, **replaced: str) -> Path:
        log = self.home / f"{service}-{len(self.running)}.log"
        with log.open("wb") as output:
            command = self.command(service, **replaced)
            process = processes.spawn(command, output=output, environ=self.environment(service), cwd=addresses.ROOT)
        self.running.append(process)
        return log

    def lines_that_are_not_json(self) -> list[str]:
        """Return what the services said that no log collector could read; Celery prints its last word by hand."""
        said = [line for log in self.home.glob("*-*.log") for line in log.read_text(encoding="utf-8").splitlines()]
        return [line for line in said if line and not line.startswith(("{", "worker: "))]

    def stop(self) -> list[int]:
        for process in self.running:
            process.terminate()
        for process in self.running:
            processes.stop(process, signal.SIGTERM, 30)
        for engine in reversed(self.engines):
            engine.stop()
        return [process.returncode for process in self.running]


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory):
    house = ByHand(tmp_path_factory.mktemp("compose"))
    house.start_engines()
    yield house
    house.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(question, patience: float = 40.0):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.1)
    return question()


def status(port: int, path: str = "/sante/", **headers: str) -> int:
    address = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- our own address
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


@pytest.mark.long
def test_migrate_then_web_answer_its_own_health_check(by_hand):
    by_hand.once("migrate")
    by_hand.collect_static()
    port = free_port()
    log = by_hand.keep("web", host="127.0.0.1", port=str(port), workers="1")
    assert wait_for(lambda: status(port)) == 200, log.read_text()
    check = [word.replace(":8000/", f":{port}/") for word in SERVICES["web"]["healthcheck"]["test"][1:]]
    by_hand.once("web", [str(BIN / check[0]), *check[1:]])
    assert status(port, "/", Host="somewhere-else.example.org") == 400


@pytest.mark.long
def test_two_webs_two_workers_and_one_beat_work_together(by_hand, tmp_path):
    by_hand.once("migrate")
    by_hand.collect_static()
    ports = [free_port(), free_port()]
    for port in ports:
        by_hand.keep("web", host="127.0.0.1", port=str(port))
    for name in ("one", "two"):
        by_hand.keep("worker", hostname=f"celery@{name}")
    for name in ("pdf", "verify"):
        by_hand.keep(name, hostname=f"celery@{name}")
    schedule = tmp_path / "celerybeat-schedule"
    by_hand.keep("beat", schedule=str(schedule))
    for port in ports:
        assert wait_for(lambda port=port: status(port)) == 200
    for name in ("one", "two", "pdf", "verify"):
        check = SERVICES["worker"]["healthcheck"]["test"][1].replace("$$HOSTNAME", name)
        assert wait_for(lambda check=check: by_hand.succeeds("worker", check)), f"{name} does not answer"
    for port in ports:
        secure = {"Host": "assemblee.example.org", "X-Forwarded-Proto": "https"}
        assert status(port, "/", **secure) == 200
    assert wait_for(lambda: list(tmp_path.glob("celerybeat-schedule*")))
    with by_hand.engines[0].connect(addresses.DATABASE) as connection:
        query = "SELECT count(*) FROM jobs_jobslot WHERE job LIKE '%tick%'"
        assert wait_for(lambda: connection.execute(query).fetchone()[0], 90) >= 1
    assert set(by_hand.stop()) <= {0, -signal.SIGTERM}
    assert by_hand.lines_that_are_not_json() == []
