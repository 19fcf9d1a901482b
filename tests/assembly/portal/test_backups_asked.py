"""A backup asked from the screen: who may, what is in it, one at once, dead workers, old ones, never over the web."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.config.env import redis_database
from assembly.documents.models import Blob
from assembly.institution.models import Role
from assembly.local import addresses
from assembly.portal import actions, health, tasks
from assembly.portal.backup import BackupError, check_files, write_backup
from assembly.portal.models import Backup
from assembly.portal.workflow import BACKUP
from assembly.web.errors import StateConflict
from tests.assembly.portal.conftest import PAPER

LIST, ASK = "portal:backups", "portal:backup-ask"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server_folder(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_STATUS_FILE = tmp_path / "last-backup.json"
    return settings.BACKUP_DIR


def made(by, *, ended_days_ago=0.0, state="made"):
    """Make a row as a worker leaves it, with its folder."""
    number = Backup.objects.count()
    ended = timezone.now() - timedelta(days=ended_days_ago)
    backup = Backup.objects.create(
        name=f"2026-11-27-2250-{number:016x}", asked_by=by, state=state, ended_at=ended, size=1_200_000
    )
    backup.folder.mkdir(parents=True)
    (backup.folder / "database.dump").write_bytes(b"rows")
    return backup


def state_of(backup):
    backup.refresh_from_db()
    return backup.state


def verbs():
    return list(
        Entry.objects.filter(event_type__startswith="backup.").order_by("pk").values_list("event_type", flat=True)
    )


def test_lead_and_administrator_ask_and_see_nobody_else(signed_in):
    answers = {role: signed_in(role).get(reverse(LIST)).status_code for role in Role.values}
    assert {role for role, status in answers.items() if status == 200} == {"lead", "admin"}
    assert signed_in("officer").post(reverse(ASK)).status_code == 403
    assert Backup.objects.count() == 0


def test_what_is_asked_is_shown_with_who_asked_and_the_button_goes(signed_in, people):
    page = signed_in("lead").get(reverse(LIST)).content.decode()
    assert "Aucune sauvegarde n’a été demandée" in page
    assert "Aucune sauvegarde réussie n’est connue" in page
    assert signed_in("lead").post(reverse(ASK)).status_code == 302
    backup = Backup.objects.get()
    assert (backup.state, backup.asked_by) == ("asked", people["lead"])
    page = signed_in("admin").get(reverse(LIST)).content.decode()
    assert people["lead"].person.full_name in page
    assert "Une sauvegarde est demandée" in page
    assert reverse(ASK) not in page
    entry = Entry.objects.get(event_type="backup.asked")
    assert (entry.actor, entry.subject_id) == (people["lead"].pseudonym, str(backup.pk))


def test_a_team_of_another_assembly_sees_it_without_the_name(signed_in, people):
    made(people["lead"])
    page = signed_in(people.elsewhere("lead")).get(reverse(LIST)).content.decode()
    assert "une autre équipe de ce serveur" in page
    assert people["lead"].person.full_name not in page


def test_a_second_one_is_refused_while_one_is_under_way(signed_in, people):
    browser = signed_in("lead")
    browser.post(reverse(ASK))
    refused = browser.post(reverse(ASK))
    assert refused.status_code == 409
    assert "Une sauvegarde est déjà en cours" in refused.content.decode()
    assert (Backup.objects.count(), verbs()) == (1, ["backup.asked"])


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_the_same_instant_get_one(people):
    both, answers = threading.Barrier(2), []
    askers = [people["lead"], people["admin"]]

    def ask(by):
        both.wait()
        try:
            answers.append(actions.ask_backup(by=by).state)
        except StateConflict:
            answers.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=[by]) for by in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["asked", "conflict"]
    assert (Backup.objects.count(), verbs()) == (1, ["backup.asked"])


def test_the_database_refuses_two_at_once_and_a_name_that_leaves_the_folder(people):
    Backup.objects.create(name=f"2026-11-27-2250-{1:016x}", asked_by=people["lead"])
    for name in (f"2026-11-27-2250-{2:016x}", "../elsewhere", "2026-11-27-2250-0000000000000003/.."):
        with pytest.raises(IntegrityError), transaction.atomic():
            Backup.objects.create(
                name=name,
                asked_by=people["lead"],
                **({} if name.endswith("2") else {"state": "made", "ended_at": timezone.now(), "size": 1}),
            )


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_without_the_seal_key(filled_installation, worker, people, settings):
    backup = actions.ask_backup(by=people["lead"])
    end = time.monotonic() + 60
    while state_of(backup) in {"asked", "making"} and time.monotonic() < end:
        time.sleep(0.1)
    assert (backup.state, backup.problem) == ("made", "")
    manifest = check_files(backup.folder)
    assert manifest["seal_key"] is False
    found = {str(path.relative_to(backup.folder)): path for path in backup.folder.rglob("*") if path.is_file()}
    assert {name for name in found if name.startswith("keys/")} == {"keys/root.pem"}
    assert not any(b"seal.p12" in path.read_bytes() for path in found.values())
    assert PAPER in [path.read_bytes() for path in found.values()]
    assert backup.size == sum(path.stat().st_size for path in found.values())
    assert {path.stat().st_mode & 0o777 for path in found.values()} == {0o600}
    folders = [settings.BACKUP_DIR, backup.folder, *(path for path in backup.folder.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert verbs() == ["backup.asked", "backup.made"]
    assert health.last_backup() is None  # the backup of the night is still missing
    # As a database restored from this very folder says, or a worker that died after the last byte: it is whole.
    Backup.objects.update(state="making", ended_at=None, size=None)
    size, end = backup.size, time.monotonic() + 20
    while state_of(backup) == "making" and time.monotonic() < end:  # the worker may still hold its lock
        actions.sweep_backups()
    assert (state_of(backup), backup.size, check_files(backup.folder)) == ("made", size, manifest)


@pytest.mark.django_db(transaction=True)
def test_the_command_leaves_the_key_out_too_and_says_so(filled_installation, capsys):
    call_command("backup", str(filled_installation / "without"), "--without-seal-key")
    assert "ne contient pas la clé du cachet" in capsys.readouterr().out
    call_command("backup", str(filled_installation / "with"))
    assert "clé du cachet" not in capsys.readouterr().out
    assert check_files(filled_installation / "with")["seal_key"] is True


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_a_failure_and_no_part_of_a_file(people, settings):
    """The dump waits for a lock that we hold, so that the worker is killed while it makes the backup."""
    backup = actions.ask_backup(by=people["lead"])
    environment = {
        "PATH": os.environ["PATH"],
        "ASSEMBLY_LOCAL": "1",
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DATABASE_URL": addresses.database_url(
            Path(connection.settings_dict["HOST"]), connection.settings_dict["NAME"]
        ),
        "DATABASE_POOL": "0",
        "REDIS_URL": redis_database(django_settings.REDIS_URL, 63),
        "DATA_DIR": str(settings.BACKUP_DIR.parent),
        "BACKUP_DIR": str(settings.BACKUP_DIR),
        "PYTHONWARNINGS": "ignore",
        **{name: os.environ[name] for name in ("POSTGRES_BIN",) if name in os.environ},
    }
    with psycopg.connect(environment["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE members_member IN ACCESS EXCLUSIVE MODE")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.assembly.portal.making_worker", str(backup.pk)],
            env=environment,
            cwd=addresses.ROOT,
            start_new_session=True,
        )
        end = time.monotonic() + 60
        while not backup.folder.exists() and time.monotonic() < end:
            time.sleep(0.05)
        actions.sweep_backups()
        assert state_of(backup) == "making"  # somebody makes it: the sweep leaves it alone
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    end = time.monotonic() + 30
    while state_of(backup) == "making" and time.monotonic() < end:
        tasks.sweep_backups.run.__wrapped__()
        time.sleep(0.1)
    assert (backup.state, backup.problem) == (
        "failed",
        "Le travail s’est arrêté avant la fin. Demandez-en une autre.",
    )
    assert not backup.folder.exists()
    assert verbs() == ["backup.asked", "backup.failed"]


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_written_is_one_sentence(people, settings, signed_in, tmp_path):
    (tmp_path / "file").touch()
    settings.BACKUP_DIR = tmp_path / "file"
    backup = actions.ask_backup(by=people["lead"])
    tasks.make_backup(backup.pk)
    assert (state_of(backup), backup.problem) == (
        "failed",
        f"Le dossier des sauvegardes ne peut pas être écrit : {tmp_path}/file.",
    )
    assert "Le dossier des sauvegardes ne peut pas être écrit" in signed_in("lead").get(reverse(LIST)).content.decode()
    assert verbs() == ["backup.asked", "backup.failed"]


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_too_small_is_said_before_anything_is_written(people, tmp_path):
    Blob.objects.create(sha256="0" * 64, size=10**15, media_type="application/pdf")
    with pytest.raises(BackupError, match="pas assez de place sur le disque : il faut 1\xa0000\xa0000,[01]\xa0Go"):
        write_backup(tmp_path / "backup")
    assert not any((tmp_path / "backup").iterdir())
    backup = actions.ask_backup(by=people["lead"])
    tasks.make_backup(backup.pk)
    assert (state_of(backup), backup.folder.exists()) == ("failed", False)


def test_a_message_that_comes_twice_makes_nothing_twice(people):
    backup = made(people["lead"])
    tasks.make_backup(backup.pk)
    assert state_of(backup) == "made"


def test_a_lost_message_is_sent_again(people, redis_client, django_capture_on_commit_callbacks):
    Backup.objects.create(name=f"2026-11-27-2250-{1:016x}", asked_by=people["lead"])
    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep_backups()
    assert redis_client.llen("default") == 1


def test_three_are_kept_and_what_somebody_took_away_is_said(people):
    rows = [made(people["lead"], ended_days_ago=days) for days in (4, 3, 2, 1, 0)]
    (rows[3].folder / "database.dump").unlink()
    rows[3].folder.rmdir()
    actions.prune_backups()
    assert [state_of(row) for row in rows] == ["pruned", "made", "made", "pruned", "made"]
    assert [row.folder.exists() for row in rows] == [False, True, True, False, True]


def test_after_a_month_only_the_last_good_one_is_left(people):
    rows = [made(people["lead"], ended_days_ago=days) for days in (70, 60, 50)]
    actions.prune_backups()
    assert [state_of(row) for row in rows] == ["pruned", "pruned", "made"]


def test_a_volume_that_is_away_prunes_nothing(people, settings, tmp_path):
    row = made(people["lead"])
    settings.BACKUP_DIR = tmp_path / "unmounted"
    actions.prune_backups()
    assert state_of(row) == "made"


def test_a_link_in_place_of_a_folder_is_never_followed(people, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    old, _last = made(people["lead"], ended_days_ago=60), made(people["lead"])
    (old.folder / "database.dump").unlink()
    old.folder.rmdir()
    old.folder.symlink_to(precious)
    actions.prune_backups()
    assert (precious / "file").exists()


def test_an_old_one_is_warned_of_and_a_recent_one_is_not(signed_in, people):
    row = made(people["lead"], ended_days_ago=8)
    page = signed_in("lead").get(reverse(LIST)).content.decode()
    assert "Pas de sauvegarde récente" in page
    assert "plus de 7\xa0jours" in page
    Backup.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    assert "Pas de sauvegarde récente" not in signed_in("lead").get(reverse(LIST)).content.decode()


def test_the_page_asks_again_while_one_is_under_way_and_then_stops(signed_in, people):
    backup = Backup.objects.create(name=f"2026-11-27-2250-{1:016x}", asked_by=people["lead"])
    browser = signed_in("lead")
    assert browser.get(reverse(LIST), headers={"HX-Request": "true"}).status_code == 204
    Backup.objects.filter(pk=backup.pk).update(state="made", ended_at=timezone.now(), size=3)
    answer = browser.get(reverse(LIST), headers={"HX-Request": "true"})
    assert (answer.status_code, "<h1" in (part := answer.content.decode())) == (200, False)
    assert (reverse(ASK) in part, "data-hx-trigger" in part) == (True, False)


def test_no_address_gives_a_backup(signed_in, people, server_folder):
    backup = made(people["lead"])
    browser = signed_in("lead")
    page = browser.get(reverse(LIST)).content.decode()
    links = set(re.findall(r'(?:href|src|action)="([^"]*)"', page))
    assert not [link for link in links if backup.name in link]
    for path in (f"{reverse(LIST)}{backup.name}/", f"{reverse(LIST)}{backup.name}/database.dump", f"/{backup.name}"):
        with pytest.raises(Resolver404):
            resolve(path)
        assert browser.get(path).status_code == 404
    for folder in (django_settings.STATIC_ROOT, django_settings.BASE_DIR / "static" / "dist" / "root"):
        assert not server_folder.is_relative_to(Path(folder))


def test_the_list_costs_the_same_with_one_row_or_three(signed_in, people, django_assert_num_queries):
    browser = signed_in("lead")
    browser.get(reverse(LIST))  # the frame of the desk is read once
    for asker in ("lead", "admin", "lead"):
        made(people[asker])
        with django_assert_num_queries(6):
            browser.get(reverse(LIST))


def test_states_of_the_readme_are_those_of_the_workflow():
    readme = (django_settings.BASE_DIR / "assembly" / "portal" / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in readme.split("## States of a backup", 1)[1].splitlines()[4:8]]
    written = {tuple(cell.strip() for cell in row) for row in rows}
    assert written == {(step.name, ", ".join(sorted(step.sources)), step.target, "nobody") for step in BACKUP.steps}


def test_a_backup_is_named_in_the_journal(signed_in, people):
    with transaction.atomic():
        actions.ask_backup(by=people["lead"])
    page = signed_in("lead").get(reverse("institution:journal")).content.decode()
    assert "a demandé une sauvegarde" in page
    assert reverse(LIST) in page
