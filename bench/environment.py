"""Environment of a bench: PostgreSQL and Redis in a data folder of their own, with the schema of the product only."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.report import ROOT, say


@contextmanager
def open_environment(name: str, settings: Mapping[str, str], *, keep: bool = False) -> Iterator[Path]:
    """Start the engines in `.local/bench/<name>`, set the environment, migrate, set Django up; stop all at the end.

    The environment is that of production (no ASSEMBLY_LOCAL), so that the bench measures what is deployed; `settings`
    adds to it. The data of the last run is erased first unless `keep`.
    """
    from assembly.local import addresses, engines  # noqa: PLC0415 -- the script has put the root on the path by now

    folder = ROOT / ".local" / "bench" / name
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    postgres = engines.Postgres(folder, os.environ)
    redis = engines.Redis(folder, os.environ, fast=True)
    try:
        say("PostgreSQL, Redis…")
        postgres.start()
        redis.start()
        postgres.create_database()
        sockets = addresses.socket_folder(folder)
        os.environ.update(
            production(folder, addresses.database_url(sockets), addresses.redis_url(sockets)), **settings
        )
        os.environ.pop("ASSEMBLY_LOCAL", None)
        migrate()
        yield folder
    finally:
        redis.stop()
        postgres.stop()


def production(folder: Path, database_url: str, redis_url: str) -> dict[str, str]:
    """Return the minimal environment of production."""
    return {
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DATABASE_POOL": "0",
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "only-for-a-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
        "SITE_URL": "https://assemblee.example.org",
        "ALLOWED_HOSTS": "assemblee.example.org,127.0.0.1,localhost",
        "DEFAULT_FROM_EMAIL": "assemblee@example.org",
        "SMTP_URL": "smtp://127.0.0.1:1/",
        "MAIL_WEBHOOK_SECRET": "bench:bench",
        "PYTHONPATH": str(ROOT),
    }


def postgres_pid(folder: Path) -> int:
    """Return the pid of the process from which every process of this PostgreSQL descends."""
    from assembly.local import engines  # noqa: PLC0415 -- the script has put the root on the path by now

    return int((engines.Postgres(folder, os.environ).data / "postmaster.pid").read_text().split()[0])


def redis_pid() -> int:
    """Return the pid of the Redis that the environment names."""
    import redis  # noqa: PLC0415 -- one use, when the environment names the engine

    return int(redis.Redis.from_url(os.environ["REDIS_URL"]).info("server")["process_id"])


def migrate() -> None:
    import django  # noqa: PLC0415 -- the environment is complete only now
    from django.core.management import call_command  # noqa: PLC0415 -- see above

    django.setup()
    say("Migrations…")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
