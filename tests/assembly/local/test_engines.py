"""The embedded engines behave like those of production, and start wherever they are."""

import os
import shutil
import subprocess
import sys

import pytest
import redis
from django.db import connection

from assembly.local import addresses, engines


@pytest.mark.django_db
def test_french_capitals_match_their_small_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('éàç'), 'ÉVÊQUE' ILIKE 'évêque', current_setting('server_encoding')")
        assert cursor.fetchone() == ("ÉÀÇ", True, "UTF8")


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["unaccent", "btree_gist", "pg_trgm"])
def test_extension_is_available(extension):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = %s", [extension])
        assert cursor.fetchone() == (1,)


def test_redis_keeps_what_it_is_given(redis_client: redis.Redis):
    redis_client.set("clé", "valeur")
    assert redis_client.get("clé") == b"valeur"
    assert redis_client.dbsize() == 1


@pytest.fixture
def as_nobody():
    """Return the environment of root where user namespaces are refused, as in an ordinary container."""
    if os.getuid() != 0:
        pytest.skip("only root has to become somebody else")
    return {"ASSEMBLY_NAMESPACE": "0"}


@pytest.fixture(params=["as we are", pytest.param("as nobody", marks=pytest.mark.long)])
def environ(request):
    """Return the environment for each way to run PostgreSQL here: our user, and `nobody` in a separate folder."""
    return request.getfixturevalue("as_nobody") if request.param == "as nobody" else {}


@pytest.fixture
def postgres(tmp_path, environ):
    """Yield a factory of PostgreSQL engines; stop them and delete their folders at the end."""
    made = []

    def make():
        engine = engines.Postgres(tmp_path, {**os.environ, **environ}, fast=True)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.stop()
    for engine in made:
        engine._stop_orphaned_server()
        if engine.installation.user:
            shutil.rmtree(engine.installation.folder, ignore_errors=True)


def test_named_programs_come_before_the_wheel(tmp_path):
    for name in ("initdb", "postgres", "redis-server"):
        (tmp_path / name).touch(mode=0o755)
    environ = {"POSTGRES_BIN": str(tmp_path), "REDIS_SERVER_BIN": str(tmp_path / "redis-server")}
    assert engines.postgres_folder(environ) == tmp_path
    assert engines.redis_program(environ) == tmp_path / "redis-server"


def test_programs_of_the_machine_replace_a_missing_wheel(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "wheel_folder", lambda package: None)
    for name in ("initdb", "postgres", "redis-server"):
        (tmp_path / name).touch(mode=0o755)
    environ = {"PATH": str(tmp_path)}
    assert engines.postgres_folder(environ) == tmp_path
    assert engines.redis_program(environ) == tmp_path / "redis-server"


def test_a_missing_engine_is_said_in_one_sentence_with_both_ways_out(tmp_path):
    with pytest.raises(engines.EngineError, match=r"PostgreSQL est introuvable.*POSTGRES_BIN.*DATABASE_URL"):
        engines.postgres_folder({"POSTGRES_BIN": str(tmp_path)})
    with pytest.raises(engines.EngineError, match=r"Redis est introuvable.*REDIS_SERVER_BIN.*REDIS_URL"):
        engines.redis_program({"REDIS_SERVER_BIN": str(tmp_path / "nothing")})


def test_data_of_another_version_are_put_aside_and_said(postgres):
    data = postgres().data
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    (data / "precious").write_text("kept")
    note = postgres().start()
    assert "PostgreSQL 12" in note
    assert (data.with_name("pgdata-12") / "precious").read_text() == "kept"
    assert (data / "PG_VERSION").read_text().strip() == str(postgres().major)


def test_a_restart_keeps_the_data(postgres):
    first = postgres()
    first.start()
    first.create_database("kept")
    first.create_database("kept")
    first.stop()
    second = postgres()
    assert second.start() is None
    with second.connect("kept") as database:
        assert database.execute("SELECT 1").fetchone() == (1,)


def test_a_pid_that_now_belongs_to_another_program_is_forgotten(postgres):
    first = postgres()
    first.start()
    first.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (first.data / "postmaster.pid").write_text(f"{stranger.pid}\n{first.data}\n")
        postgres().start()
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_lost_its_parent_is_ended_first(postgres, tmp_path, environ):
    starts_and_vanishes = (
        "import os, pathlib, sys\n"
        "from assembly.local import engines, processes\n"
        "processes.LIBC = None\n"
        "engine = engines.Postgres(pathlib.Path(sys.argv[1]), os.environ, fast=True)\n"
        "engine.start()\n"
        "os._exit(0)\n"
    )
    subprocess.run(
        [sys.executable, "-c", starts_and_vanishes, str(tmp_path)],
        cwd=addresses.ROOT,
        env={**os.environ, **environ},
        check=True,
    )
    engine = postgres()
    orphan = int((engine.data / "postmaster.pid").read_text().splitlines()[0])
    engine.start()
    assert engine.process.pid != orphan
    assert not os.path.exists(f"/proc/{orphan}")


@pytest.mark.parametrize("environ", ["as we are", "as nobody"], indirect=True)
def test_deleting_the_folder_is_a_factory_reset_wherever_the_data_lies(postgres, tmp_path):
    first = postgres()
    first.start()
    first.create_database("kept")
    first.stop()
    for path in tmp_path.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    second = postgres()
    second.start()
    with second.connect() as database:
        assert database.execute("SELECT count(*) FROM pg_database WHERE datname = 'kept'").fetchone() == (0,)


@pytest.mark.parametrize("environ", ["as nobody"], indirect=True)
def test_root_without_user_namespaces_runs_postgres_as_nobody(postgres):
    engine = postgres()
    engine.start()
    engine.create_database()
    assert engine.installation.user is not None
    assert os.stat(f"/proc/{engine.process.pid}").st_uid == engine.installation.user[0]
    with engine.connect(addresses.DATABASE) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)
