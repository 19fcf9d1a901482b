"""docker-compose.yml says what the settings ask for, and its own commands start as its containers would let them.

The image itself is not built here: no container engine is needed to run any of this. Each command runs in a mount
namespace where it may write to its declared volumes and tmpfs alone (tests/confined.py), with the two database roles
of deploy/roles.sql, their passwords, and the password of Redis.
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
import redis as redis_client
import yaml

from assembly.documents.seal import keys
from assembly.local import addresses, engines, processes
from assembly.local.gate import example_environment
from assembly.local.supervisor import ROOT_WARNING, SOCKETS
from tests import confined

COMPOSE = yaml.safe_load((addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SETTINGS = (addresses.ROOT / "assembly" / "config" / "settings.py").read_text(encoding="utf-8")
READ_BY_SETTINGS = set(
    re.findall(r"env\.(?:text_setting|flag|whole_number_setting|list_setting)\(\s*\"([A-Z0-9_]+)\"", SETTINGS)
)
REQUIRED_BY_SETTINGS = set(
    re.findall(r"env\.text_setting\(\"([A-Z0-9_]+)\"(?:\)|, [^)]* if LOCAL else None\))", SETTINGS)
)
OURS = [name for name, service in SERVICES.items() if service.get("image", "").startswith("hemicycle:")]
# What an administrator may add to the environment, and why compose does not.
LEFT_OUT = {
    **dict.fromkeys(
        ["ASSEMBLY_LOCAL", "ASSEMBLY_DEMO", "ASSEMBLY_DEMO_DAY", "ASSEMBLY_DEBUG", "ASSEMBLY_STRICT_FETCH"],
        "never in production",
    ),
    **dict.fromkeys(
        ["DATABASE_POOL", "MAIL_SENDERS", "MAIL_SETTLE_SECONDS", "PUBLIC_PAGE_SECONDS"], "sized by default"
    ),
    "BACKUP_DIR": "beside the documents; elsewhere where a volume is kept for it",
    "JOURNAL_HEADS_FILE": "beside the documents; elsewhere where the host keeps an append-only folder",
    "MAIL_RELAY_LOG_FILE": "a Postfix on the same machine, whose log has to be mounted",
    "SSL_REDIRECT": "on by default",
    "STATIC_ROOT": "inside the image",
}
# What one service alone is given.
PKCS11 = [f"SEAL_PKCS11_{part}" for part in ("MODULE", "TOKEN", "PIN", "CERTIFICATE", "CHAIN")]
HELD_BY = {
    **dict.fromkeys(["SEAL_P12_FILE", "SEAL_P12_PASSWORD", *PKCS11], "pdf"),
    "DATABASE_APPLICATION_ROLE": "migrate",
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
    held_elsewhere = {name for name, holder in HELD_BY.items() if holder != service}
    assert READ_BY_SETTINGS - set(SERVICES[service]["environment"]) - set(LEFT_OUT) == held_elsewhere


def test_only_the_worker_that_seals_holds_the_key_and_only_migrations_the_owner():
    for name, holder in HELD_BY.items():
        assert [service for service in OURS if name in SERVICES[service]["environment"]] == [holder], name
    assert [service for service in OURS if "seal.p12" in SERVICES[service]["secrets"]] == ["pdf"]
    owner = [name for name, service in SERVICES.items() if "DATABASE_OWNER_PASSWORD" in str(service)]
    superuser = [name for name, service in SERVICES.items() if "POSTGRES_PASSWORD" in str(service)]
    assert (owner, superuser) == (["db", "migrate"], ["db"])


def test_a_key_on_a_token_needs_no_key_store():
    """`${SEAL_P12_PATH:?}` stopped compose for whoever has a PKCS#11 token."""
    given = example_environment() | {
        "SEAL_P12_PATH": "",
        "SEAL_P12_PASSWORD": "",
        "SEAL_PKCS11_MODULE": "/lib/token.so",
    }
    assert interpolate(COMPOSE["secrets"]["seal.p12"]["file"], given) == "/dev/null"
    environment = {name: interpolate(value, given) for name, value in SERVICES["pdf"]["environment"].items()}
    assert environment["SEAL_PKCS11_MODULE"] == "/lib/token.so"
    assert environment["SEAL_PKCS11_CERTIFICATE"] == "cachet"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_read_only_and_has_no_privilege(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert "/tmp" in service["tmpfs"]
    assert "privileged" not in service


def test_nothing_starts_before_the_check_and_the_check_after_the_migrations():
    waits = {name: set(SERVICES[name]["depends_on"]) for name in OURS}
    assert waits.pop("migrate") == {"db", "redis"}
    assert waits.pop("check") == {"migrate"}
    assert {frozenset(names) for names in waits.values()} == {frozenset({"db", "redis", "check"})}


def test_a_replica_of_web_is_one_process():
    """uvicorn ends a child that does not answer its ping in five seconds, also while it starts: 13 in 85 s."""
    assert [word for word in words("web") if word.startswith("--workers")] == []
    assert "--workers" not in (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_example_file_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert asked - set(example_environment()) - {"VERSION", "SECRET_KEY_FALLBACKS"} == set()


def test_secrets_have_no_default():
    text = (addresses.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    secrets = ("POSTGRES_PASSWORD", "DATABASE_OWNER_PASSWORD", "DATABASE_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY")
    for name in (*secrets, "MAIL_WEBHOOK_SECRET", "SEAL_TRUST_PATH"):
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
    assert set(SERVICES) - set(lasting) == {"migrate", "check"}
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
    """The services of docker-compose.yml as confined processes, database and broker beside them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.postgres = engines.Postgres(home, os.environ, fast=True)
        self.running: list[subprocess.Popen[bytes]] = []
        self.given = example_environment()
        self.ports = {"redis": free_port()}
        for volume in ("data", "broker"):
            (home / volume).mkdir()
            confined.give(home / volume)

    def start_engines(self) -> None:
        """Start PostgreSQL with the roles and passwords of deploy/roles.sql, and Redis with the command of compose."""
        self.postgres.start()
        self.postgres.create_database()
        script = addresses.ROOT / "deploy" / "roles.sql"
        psql = [engines.postgres_folder(os.environ) / "psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", script]
        place = ["-h", self.postgres.sockets, "-U", addresses.OWNER, "-d", addresses.DATABASE]
        subprocess.run([*psql, *place], env={**os.environ, **self.given}, check=True, stdout=subprocess.DEVNULL)
        rules = f"local all {addresses.OWNER} trust\nlocal all all scram-sha-256\n"
        (self.postgres.data / "pg_hba.conf").write_text(rules, encoding="utf-8")
        with self.postgres.connect() as superuser:
            superuser.execute("SELECT pg_reload_conf()")
        for folder in (self.home, self.postgres.sockets):
            folder.chmod(0o755)
        self.keep("redis")
        assert wait_for(self.redis_answers)

    def redis_answers(self) -> bool:
        """Return whether Redis answers PONG with the password; compose uses redis-cli, which the wheel lacks."""
        try:
            return redis_client.Redis(port=self.ports["redis"], password=self.given["REDIS_PASSWORD"]).ping()
        except redis_client.ConnectionError:
            return False

    def environment(self, service: str, **changed: str) -> dict[str, str]:
        asked = SERVICES[service]["environment"].items()
        said = {name: interpolate(value, self.given) for name, value in asked}
        at_socket = {
            "DATABASE_URL": said.get("DATABASE_URL", "").replace("@db:5432/assemblee", "@/assemblee")
            + f"?host={self.postgres.sockets}",
            "REDIS_URL": said.get("REDIS_URL", "").replace("@redis:6379", f"@127.0.0.1:{self.ports['redis']}"),
            "DATA_DIR": str(self.home / "data"),
            "STATIC_ROOT": str(self.home / "static"),
            "SEAL_P12_FILE": str(self.home / "secrets" / "seal.p12") if "SEAL_P12_FILE" in said else "",
            "SEAL_TRUST_FILE": str(self.home / "secrets" / "root.pem"),
        }
        programs = f"{BIN}:{engines.redis_program(os.environ).parent}:{os.defpath}"
        machine = {"PATH": programs, "HOME": "/tmp", "LANG": "C.UTF-8"}
        # The image's group has a name there and none on this machine: Celery tells, and takes it for root's.
        nameless = f"ignore:An entry for the specified gid,{ROOT_WARNING}"
        image = {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": nameless,
            "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        }
        return {**machine, **image, **said, **at_socket, **changed}

    def command(self, service: str, **replaced: str) -> list[str]:
        """Return the service's command with its program from this environment and some words replaced."""
        program, *rest = [interpolate(word, {}) for word in words(service)]
        for old, new in replaced.items():
            option = f"--{old}="
            rest = [option + new if word.startswith(option) else word for word in rest]
        if service == "redis":
            here = f"--dir {self.home / 'broker'} --bind 127.0.0.1 --port {self.ports['redis']}"
            rest = [word.replace("--dir /data", here) for word in rest]
            return [program, *rest]
        return [str(BIN / program), *rest]

    def confine(self, service: str, command: list[str]) -> list[str]:
        """Return the command, which may write only to the volumes and tmpfs that compose declares for the service."""
        mounted = [volume.split(":")[0] for volume in SERVICES[service]["volumes"]]
        volumes = [self.home / name for name in mounted if not name.startswith("./")]
        fresh = [place.split(":")[0] for place in SERVICES[service]["tmpfs"]]
        return confined.command(command, addresses.ROOT, volumes=volumes, tmpfs=fresh)

    def run(self, service: str, command: list[str] | None = None, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.confine(service, command or self.command(service)),
            env=self.environment(service, **changed),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def once(self, service: str, command: list[str] | None = None) -> str:
        result = self.run(service, command)
        assert result.returncode == 0, result.stdout
        return result.stdout

    def collect_static(self) -> None:
        """Do what the Dockerfile does last, in its own words: pages need the names with a hash."""
        text = (addresses.ROOT / "Dockerfile").read_text(encoding="utf-8")
        line = re.search(r"python (manage\.py collectstatic .*)$", text, re.MULTILINE)[1]
        command, environment = [str(BIN / "python"), *line.split()], self.environment("migrate")
        subprocess.run(command, cwd=addresses.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    def succeeds(self, service: str, line: str) -> bool:
        """Tell whether a shell line of a health check is content."""
        environment = self.environment(service)
        result = subprocess.run(
            ["sh", "-c", line], cwd=addresses.ROOT, env=environment, capture_output=True, check=False
        )
        return result.returncode == 0

    def keep(self, service: str, **replaced: str) -> Path:
        log = self.home / f"{service}-{len(self.running)}.log"
        with log.open("wb") as output:
            command = self.confine(service, self.command(service, **replaced))
            process = processes.spawn(command, output=output, environ=self.environment(service), cwd=addresses.ROOT)
        self.running.append(process)
        return log

    def lines_that_are_not_json(self) -> list[str]:
        """Return what the services said that no log collector could read; Celery prints its last word by hand."""
        logs = [log for log in self.home.glob("*-*.log") if not log.name.startswith("redis-")]
        said = [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
        return [line for line in said if line and not line.startswith(("{", "worker: "))]

    def stop(self) -> list[int]:
        """Stop what works, then Redis, then PostgreSQL; return the exit codes of what works."""
        working = self.running[1:]
        for process in working:
            process.terminate()
        for process in (*working, *self.running[:1]):
            processes.stop_process(process, signal.SIGTERM, 30)
        self.postgres.stop()
        return [process.returncode for process in working]


@pytest.fixture(scope="module")
def by_hand():
    if not confined.is_possible():
        pytest.skip("this machine allows no mount namespace: what a container may write cannot be shown")
    home = addresses.STATE / f"compose-{os.getpid()}"  # not below /tmp, which a service sees as its own
    home.mkdir(parents=True)
    house = ByHand(home)
    (home / "secrets").mkdir()
    keys.create_seal_keys(home / "secrets", house.given["SEAL_P12_PASSWORD"])
    confined.give(home / "secrets")
    try:
        house.start_engines()
        house.once("migrate")
        house.collect_static()
        yield house
    finally:
        house.stop()
        shutil.rmtree(home)


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
@pytest.mark.parametrize("service", ["web", "pdf", "migrate", "redis"])
def test_a_service_may_write_to_its_volumes_and_tmpfs_alone(service, by_hand):
    """The confinement itself: else the tests below would show nothing."""
    program = """
import os, sys
for folder in sys.argv[1:]:
    try:
        open(os.path.join(folder, "probe"), "w").close()
        print(folder)
    except OSError:
        pass
print(open("/proc/self/status").read().split("CapEff:")[1].split()[0], os.getuid())
"""
    own = by_hand.home / ("broker" if service == "redis" else "data")
    places = ["/", "/etc", "/var/tmp", "/root", str(addresses.ROOT), str(BIN), str(by_hand.home), str(own), "/tmp"]
    said = by_hand.once(service, [str(BIN / "python"), "-c", program, *places]).split()
    user = confined.IMAGE_USER if os.geteuid() == 0 else str(os.geteuid())
    assert said == [str(own), "/tmp", "0000000000000000", user if os.geteuid() == 0 else "0"]
    (own / "probe").unlink()


@pytest.mark.long
def test_redis_answers_nobody_without_the_password(by_hand):
    client = redis_client.Redis(port=by_hand.ports["redis"])
    with pytest.raises(redis_client.AuthenticationError):
        client.ping()
    assert by_hand.given["REDIS_PASSWORD"] not in Path(f"/proc/{by_hand.running[0].pid}/cmdline").read_text()


@pytest.mark.long
def test_the_check_is_content_and_refuses_the_account_of_the_owner(by_hand):
    by_hand.once("check")
    owner = by_hand.environment("migrate")["DATABASE_URL"]
    said = by_hand.run("check", DATABASE_URL=owner)
    assert (said.returncode, "Le compte « assemblee_owner » est propriétaire" in said.stdout) == (1, True), said.stdout


@pytest.mark.long
def test_a_wrong_password_of_the_database_is_said(by_hand):
    right = by_hand.environment("migrate")["DATABASE_URL"]
    wrong = right.replace(by_hand.given["DATABASE_OWNER_PASSWORD"], "wrong")
    said = by_hand.run("migrate", DATABASE_URL=wrong)
    [line] = said.stdout.splitlines()
    assert line.startswith("PostgreSQL refuse la connexion ou ne répond pas : ")
    assert 'password authentication failed for user "assemblee_owner"' in line


@pytest.mark.long
def test_a_backup_is_restored_in_the_documented_order(by_hand):
    """As in docs/production.md: a new database, `restore` by its owner, then `up`, whose migrations find it done."""
    guide = (addresses.ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    told = re.findall(
        r"^docker compose run --rm (?:--no-deps )?-v \S+ (\w+) (python manage\.py \w+)", guide, re.MULTILINE
    )
    assert told == [("pdf", "python manage.py backup"), ("migrate", "python manage.py restore")]
    backup = by_hand.home / "data" / "backup"
    python = str(BIN / "python")
    by_hand.once("pdf", [python, "manage.py", "backup", str(backup)])
    with by_hand.postgres.connect() as superuser:
        superuser.execute(f"DROP DATABASE {addresses.DATABASE} WITH (FORCE)")
        superuser.execute(f"CREATE DATABASE {addresses.DATABASE} OWNER assemblee_owner")
    assert "Restauration faite" in by_hand.once("migrate", [python, "manage.py", "restore", str(backup)])
    shutil.rmtree(backup)
    by_hand.once("migrate")
    by_hand.once("check")


@pytest.mark.long
def test_web_answers_its_own_health_check(by_hand):
    port = free_port()
    log = by_hand.keep("web", host="127.0.0.1", port=str(port))
    assert wait_for(lambda: status(port) == 200), log.read_text()
    check = [word.replace(":8000/", f":{port}/") for word in SERVICES["web"]["healthcheck"]["test"][1:]]
    by_hand.once("web", [str(BIN / check[0]), *check[1:]])
    assert status(port, "/", Host="somewhere-else.example.org") == 400


@pytest.mark.long
def test_two_webs_two_workers_and_one_beat_work_together(by_hand):
    ports = [free_port(), free_port()]
    for port in ports:
        by_hand.keep("web", host="127.0.0.1", port=str(port))
    for name in ("one", "two"):
        by_hand.keep("worker", hostname=f"celery@{name}")
    for name in ("pdf", "verify"):
        by_hand.keep(name, hostname=f"celery@{name}")
    by_hand.keep("beat")
    for port in ports:
        assert wait_for(lambda port=port: status(port) == 200)
    for name in ("one", "two", "pdf", "verify"):
        check = SERVICES["worker"]["healthcheck"]["test"][1].replace("$$HOSTNAME", name)
        assert wait_for(lambda check=check: by_hand.succeeds("worker", check)), f"{name} does not answer"
    for port in ports:
        secure = {"Host": "assemblee.example.org", "X-Forwarded-Proto": "https"}
        assert status(port, "/", **secure) == 200
    beat = by_hand.running[-1].pid
    assert wait_for(lambda: list(Path(f"/proc/{beat}/root/tmp").glob("celerybeat-schedule*")))
    with by_hand.postgres.connect(addresses.DATABASE) as connection:
        query = "SELECT count(*) FROM jobs_jobslot WHERE job LIKE '%tick%'"
        assert wait_for(lambda: connection.execute(query).fetchone()[0], 90) >= 1
    assert set(by_hand.stop()) <= {0, -signal.SIGTERM}
    assert by_hand.lines_that_are_not_json() == []
