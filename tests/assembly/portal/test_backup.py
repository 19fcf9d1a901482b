"""The drill: dump, restore into another database and another folder, prove it whole, and let nothing leave."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg import sql

from assembly.audit.models import Link
from assembly.config.env import redis_database
from assembly.identity import actions as identity
from assembly.local import addresses
from assembly.notifications.models import LocalMessage
from assembly.portal import health
from assembly.portal.backup import BackupError, check_files, write_backup
from tests.assembly.portal.conftest import PAPER
from tests.factories.members import MandateFactory

pytestmark = [pytest.mark.django_db(transaction=True)]


def server() -> psycopg.Connection:
    """Open a connection to the test engine outside the database of the test."""
    database = connection.settings_dict
    options = {"host": database["HOST"], "port": database["PORT"], "password": database["PASSWORD"]}
    given = {name: value for name, value in options.items() if value}
    return psycopg.connect(user=database["USER"], dbname="postgres", autocommit=True, **given)


@pytest.fixture
def elsewhere(tmp_path):
    """Make an empty database on the same server, and return the environment of a process that uses it."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with server() as engine:
        engine.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.execute(f'CREATE DATABASE "{name}"')
    given = {
        "PATH": os.environ["PATH"],
        "ASSEMBLY_LOCAL": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": addresses.database_url(Path(connection.settings_dict["HOST"]), name),
        "REDIS_URL": redis_database(settings.REDIS_URL, 63),
        "DATA_DIR": str(tmp_path / "restored"),
    }
    yield {**given, **{name: os.environ[name] for name in ("POSTGRES_BIN",) if name in os.environ}}
    with server() as engine:
        engine.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(environment, *words):
    command = [sys.executable, "manage.py", *map(str, words)]
    return subprocess.run(command, cwd=addresses.ROOT, env=environment, capture_output=True, text=True, check=False)


def ask(environment, query):
    with psycopg.connect(environment["DATABASE_URL"]) as restored:
        return restored.execute(query).fetchall()


def test_what_is_restored_elsewhere_is_the_same_house_and_nothing_leaves(filled_installation, elsewhere):
    written = write_backup(filled_installation / "backup")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert said.returncode == 0, said.stderr
    assert "5 envois retenus" in said.stdout
    for table, rows in written["rows"].items():
        added = {"audit_entry": 5, "audit_link": 5, "fragments_tablechange": 1}.get(table, 0)  # the five that are held
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        assert ask(elsewhere, count) == [(rows + added,)], table
    head = Link.objects.order_by("-seq").first()
    assert (head.seq, head.hash) in ask(elsewhere, "SELECT seq, hash FROM audit_link")
    states = dict(ask(elsewhere, "SELECT state, count(*) FROM notifications_delivery GROUP BY state"))
    assert states == {"to_check": 5, "sent": 1}
    restored = Path(elsewhere["DATA_DIR"])
    assert [path.read_bytes() for path in (restored / "blobs").rglob("*") if path.is_file()] == [PAPER]
    assert {path.name for path in (restored / "keys").iterdir()} == {"seal.p12", "root.pem"}
    checked = manage(elsewhere, "verify_audit")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert LocalMessage.objects.count() == 0
    assert ask(elsewhere, "SELECT count(*) FROM notifications_localmessage") == [(0,)]
    with pytest.raises(psycopg.errors.RestrictViolation):
        ask(elsewhere, "UPDATE audit_entry SET event_type = 'other' RETURNING 1")


def test_whoever_was_erased_since_the_backup_is_erased_again(filled_installation, elsewhere, people):
    person = MandateFactory(term=people.term, member__person__last_name="Vanuxem").member.person
    write_backup(filled_installation / "backup", seal_key=False)
    identity.erase(person, by=people["dpo"])
    listed = (filled_installation / "data" / "erasures.jsonl").read_text(encoding="utf-8")
    assert (str(person.pseudonym) in listed, "Vanuxem" in listed, listed.count("\n")) == (True, False, 1)
    Path(elsewhere["DATA_DIR"]).mkdir()
    (Path(elsewhere["DATA_DIR"]) / "erasures.jsonl").write_text(listed, encoding="utf-8")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "1 effacements refaits" in said.stdout) == (0, True), said.stderr
    assert "ne contient pas la clé du cachet : remettez le fichier de SEAL_P12_FILE" in said.stdout
    assert [path.name for path in (Path(elsewhere["DATA_DIR"]) / "keys").iterdir()] == ["root.pem"]
    query = "SELECT count(*) FROM identity_person WHERE last_name = 'Vanuxem' OR anonymised_at IS NOT NULL"
    assert ask(elsewhere, query) == [(1,)]
    assert ask(elsewhere, "SELECT count(*) FROM identity_person WHERE last_name = 'Vanuxem'") == [(0,)]
    assert (Path(elsewhere["DATA_DIR"]) / "erasures.jsonl").read_text(encoding="utf-8") == listed


def test_one_changed_byte_anywhere_is_seen_before_anything_is_restored(filled_installation, elsewhere):
    written = write_backup(filled_installation / "backup")
    for name in written["files"]:
        path = filled_installation / "backup" / name
        whole = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(BackupError, match=Path(name).name):
            check_files(filled_installation / "backup")
        path.write_bytes(whole)
    path = filled_installation / "backup" / "database.dump"
    path.write_bytes(path.read_bytes()[:-1])
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "database.dump" in said.stderr) == (1, True)
    assert ask(elsewhere, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_backup_made_before_the_first_release_is_refused(filled_installation, elsewhere):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("identity", "0002_extensions")
    try:
        write_backup(filled_installation / "backup")
    finally:
        recorder.record_unapplied("identity", "0002_extensions")
    result = manage(elsewhere, "restore", filled_installation / "backup")
    sentence = (
        "CommandError: Cette sauvegarde date d’avant la version 1.0.0, qui ne la restaure pas ; "
        "rien n’a été changé (UPGRADING.md)."
    )
    assert (result.returncode, result.stderr.strip()) == (1, sentence)
    assert empty(elsewhere)


def replace_key_and_root(backup):
    """Replace the keys and write a matching manifest, as an intruder with write access to backups could."""
    manifest = json.loads((backup / "manifest.json").read_text())
    for name in ("keys/seal.p12", "keys/root.pem"):
        (backup / name).write_bytes(b"the key of an intruder")
        manifest["files"][name] = hashlib.sha256(b"the key of an intruder").hexdigest()
    (backup / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))


def empty(environment):
    files = [path for path in Path(environment["DATA_DIR"]).rglob("*") if path.is_file()]
    return ask(environment, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)] and not files


def test_replaced_keys_with_a_manifest_that_agrees_are_refused(filled_installation, elsewhere):
    write_backup(filled_installation / "backup")
    replace_key_and_root(filled_installation / "backup")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "Le manifeste de la sauvegarde a changé" in said.stderr) == (1, True), said.stderr
    assert empty(elsewhere)


def test_a_manifest_signed_with_the_key_of_the_intruder_is_refused(filled_installation, elsewhere, settings):
    ours = settings.SECRET_KEY
    settings.SECRET_KEY = "the intruder's own key, as long as any other: 0123456789"
    write_backup(filled_installation / "backup")
    settings.SECRET_KEY = ours
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "vient d’une autre SECRET_KEY" in said.stderr) == (1, True), said.stderr
    assert empty(elsewhere)


def test_a_house_whose_key_changed_since_restores_with_the_former_one(filled_installation, elsewhere):
    write_backup(filled_installation / "backup")
    fresh = {**elsewhere, "SECRET_KEY": "n" * 60}
    said = manage(fresh, "restore", filled_installation / "backup")
    assert (said.returncode, "vient d’une autre SECRET_KEY" in said.stderr) == (1, True), said.stderr
    assert empty(elsewhere)
    said = manage({**fresh, "SECRET_KEY_FALLBACKS": settings.SECRET_KEY}, "restore", filled_installation / "backup")
    assert said.returncode == 0, said.stderr


def test_what_the_manifest_does_not_list_is_left_out_and_named(filled_installation, elsewhere):
    write_backup(filled_installation / "backup")
    (filled_installation / "backup" / "keys" / "intruder.crl").write_bytes(b"not listed")
    (filled_installation / "backup" / "blobs" / "zz").mkdir()
    (filled_installation / "backup" / "blobs" / "zz" / "page.html").write_bytes(b"not listed")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert said.returncode == 0, said.stderr
    assert "Hors du manifeste, laissés de côté : blobs/zz/page.html, keys/intruder.crl." in said.stdout
    restored = {path.name for path in Path(elsewhere["DATA_DIR"]).rglob("*") if path.is_file()}
    assert {"intruder.crl", "page.html"} & restored == set()


def test_a_folder_that_cannot_be_written_is_one_sentence(filled_installation):
    (filled_installation / "a-file").touch()
    said = r"^Sauvegarde impossible : .*a-file/backup \(ce n’est pas un dossier\)\.$"
    with pytest.raises(BackupError, match=said):
        write_backup(filled_installation / "a-file" / "backup")
    with pytest.raises(BackupError, match="^Sauvegarde impossible : /proc/backup "):
        write_backup(Path("/proc/backup"))


def test_a_key_that_cannot_be_read_or_is_absent_is_one_sentence(filled_installation, settings):
    settings.SEAL_P12_FILE = str(filled_installation / "data")  # read like any file, refused to root as well
    with pytest.raises(BackupError, match=r"^Sauvegarde impossible : .*/data \(Is a directory\)\.$"):
        write_backup(filled_installation / "one")
    settings.SEAL_P12_FILE, settings.LOCAL = str(filled_installation / "absent.p12"), False
    with pytest.raises(BackupError, match=r"^Sauvegarde impossible : .*absent\.p12 \(introuvable\)\.$"):
        write_backup(filled_installation / "two")


@pytest.mark.parametrize("lost", ["keys/seal.p12", "manifest.json", "manifest.hmac"])
def test_a_missing_file_is_named(lost, filled_installation):
    write_backup(filled_installation / "backup")
    (filled_installation / "backup" / lost).unlink()
    with pytest.raises(BackupError, match=Path(lost).name):
        check_files(filled_installation / "backup")


def test_a_database_that_holds_something_is_refused(filled_installation, elsewhere):
    write_backup(filled_installation / "backup")
    with psycopg.connect(elsewhere["DATABASE_URL"]) as other:
        other.execute("CREATE TABLE precious (id int)")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "n’est pas vide" in said.stderr) == (1, True)


def test_a_key_that_is_already_there_is_never_overwritten(filled_installation, elsewhere):
    write_backup(filled_installation / "backup")
    key = Path(elsewhere["DATA_DIR"]) / "keys" / "seal.p12"
    key.parent.mkdir(parents=True)
    key.write_bytes(b"another key")
    said = manage(elsewhere, "restore", filled_installation / "backup")
    assert (said.returncode, "déjà là" in said.stderr) == (1, True)
    assert key.read_bytes() == b"another key"


def test_a_folder_in_use_is_refused_and_a_lost_document_stops_the_backup(filled_installation, settings):
    write_backup(filled_installation / "backup")
    with pytest.raises(BackupError, match="n’est pas vide"):
        write_backup(filled_installation / "backup")
    blob = next(path for path in settings.BLOB_DIR.rglob("*") if path.is_file())
    blob.unlink()
    with pytest.raises(BackupError, match=blob.name):
        write_backup(filled_installation / "other")


def test_the_command_says_what_it_saved_and_the_service_page_knows_when(filled_installation, settings, capsys):
    from django.core.management import call_command

    assert health.last_backup() is None
    call_command("backup", str(filled_installation / "backup"))
    assert "Sauvegarde faite" in capsys.readouterr().out
    assert timezone.now() - health.last_backup() < timedelta(minutes=1)
    assert json.loads((filled_installation / "backup" / "manifest.json").read_text())["journal"]["seq"] >= 2
    assert (filled_installation / "backup").stat().st_mode & 0o077 == 0
