"""manage.py and ./run find the same engines; production is left alone."""

import os
import stat

import pytest

from assembly.config import env
from assembly.local import addresses


def test_a_folder_without_variables_gets_its_own_engines(tmp_path):
    environ = {}
    addresses.use_local_engines(environ, tmp_path)
    sockets = tmp_path / "run"
    assert environ == {
        "ASSEMBLY_LOCAL": "1",
        "ASSEMBLY_DEMO": "1",
        "DATABASE_URL": f"postgres://assemblee@/assemblee?host={sockets}",
        "REDIS_URL": f"unix://{sockets}/redis.sock",
        "DATA_DIR": str(tmp_path / "data"),
        "SITE_URL": "http://localhost:8000",
        "SECRET_KEY": (tmp_path / "secret").read_text(),
    }


@pytest.mark.parametrize(
    "environ",
    [
        {"DATABASE_URL": "postgres://user@db/assemblee", "REDIS_URL": "redis://redis"},
        {"DATABASE_URL": "postgres://user@db/assemblee"},
        {"ASSEMBLY_LOCAL": "0"},
    ],
)
def test_production_is_left_alone(environ, tmp_path):
    before = dict(environ)
    addresses.use_local_engines(environ, tmp_path)
    assert environ == before
    assert list(tmp_path.iterdir()) == []


def test_what_is_said_already_stays(tmp_path):
    environ = {"ASSEMBLY_LOCAL": "1", "REDIS_URL": "redis://elsewhere", "ASSEMBLY_DEMO": "0", "PORT": "9000"}
    addresses.use_local_engines(environ, tmp_path)
    assert (environ["REDIS_URL"], environ["ASSEMBLY_DEMO"]) == ("redis://elsewhere", "0")
    assert environ["SITE_URL"] == "http://localhost:9000"


def test_the_secret_is_kept_and_private(tmp_path):
    first = addresses.secret_key(tmp_path)
    assert addresses.secret_key(tmp_path) == first
    assert len(first) > 64
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_deep_folder_gets_short_sockets_that_both_sides_find(tmp_path):
    deep = tmp_path / ("d" * 90)
    sockets = addresses.socket_folder(deep)
    assert len(str(sockets)) < addresses.LONGEST_SOCKET_FOLDER
    assert addresses.socket_folder(deep) == sockets
    sockets.rmdir()
    assert addresses.socket_folder(deep).is_dir()
    addresses.socket_folder(deep).rmdir()


@pytest.mark.parametrize(
    ("note", "expected"),
    [("{alive} 8123", 8123), ("999999999 8123", 8000), ("nonsense", 8000), (None, 8000)],
)
def test_commands_beside_a_running_site_use_its_port(note, expected, tmp_path):
    if note:
        (tmp_path / "port").write_text(note.format(alive=os.getpid()))
    assert addresses.port({}, tmp_path) == expected


def test_engines_that_do_not_run_do_not_answer(tmp_path):
    environ = {}
    addresses.use_local_engines(environ, tmp_path)
    assert not addresses.engines_answer(environ, tmp_path)
    assert addresses.engines_answer({"DATABASE_URL": "postgres://user@db/assemblee"}, tmp_path)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///x/redis.sock", "redis+socket:///x/redis.sock"),
        ("unix:///x/redis.sock?db=3", "redis+socket:///x/redis.sock?virtual_host=3"),
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("redis://:secret@redis:6379?db=2", "redis://:secret@redis:6379/2"),
    ],
)
def test_kombu_reads_the_same_redis(url, expected):
    assert env.celery_broker(url) == expected
