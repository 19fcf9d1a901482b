"""Typed readers of the environment, and its URLs as options of Django, Celery and Channels.

A missing production secret stops the start with a message.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on", "oui"}
FALSE = {"", "0", "false", "no", "off", "non"}


def text_setting(name: str, default: str | None = None) -> str:
    """Return NAME, or the content of the file named by NAME_FILE.

    Raise ImproperlyConfigured when the file cannot be read, or when a value without default is absent or empty.
    """
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}.") from error
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"The environment must give {name} or {name}_FILE.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable; raise ImproperlyConfigured for any other value."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def whole_number_setting(name: str, default: int) -> int:
    """Return a whole number; raise ImproperlyConfigured for any other value."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def list_setting(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


# A lost host is detected within half a minute, by workers too. On a Unix socket these options have no effect.
TCP = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
WEB = {"connect_timeout": 2, "options": "-c statement_timeout=3500"}  # below ANSWER_SECONDS of config/postgresql
ELSEWHERE = {"connect_timeout": 10}


def database(url: str, pool: int = 0) -> dict[str, Any]:
    """Convert `postgres://user:password@host:port/name?host=/socket/folder&sslmode=…` into a DATABASES entry.

    `pool` connections for the threads of a web process, whose pages must answer within seconds; 0: one per thread.
    Raise ImproperlyConfigured for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgres://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or parts.hostname or ""
    port = query.pop("port", "") or (str(parts.port) if parts.port else "")
    return {
        "ENGINE": "assembly.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": {**TCP, **(WEB if pool else ELSEWHERE), **query, **({"pool": pool_of(pool)} if pool else {})},
    }


def pool_of(size: int) -> dict[str, Any]:
    """Return the options of psycopg's pool.

    A request on a busy site may wait ten seconds for a connection; it fails at once when the server is away
    (config/postgresql). psycopg would retry after 1, 2, 4 … 64 s, and refuse readers meanwhile: here each request
    retries.
    """
    return {"min_size": 1, "max_size": size, "timeout": 10, "reconnect_timeout": 1}


def redis_database(url: str, number: int) -> str:
    """Return the Redis address with another of its numbered databases."""
    return f"{url.partition('?')[0]}?db={number}"


def celery_broker(url: str) -> str:
    """Return the broker address in Kombu's syntax.

    A Redis socket is written `redis+socket://` there, and the database number in its own way.
    """
    address, _, query = url.partition("?")
    number = dict(parse_qsl(query)).get("db", "")
    if address.startswith("unix://"):
        return "redis+socket://" + address.removeprefix("unix://") + (f"?virtual_host={number}" if number else "")
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/{number}" if number else url


def mailer(url: str, *, conversation_seconds: int | None = None) -> dict[str, Any]:
    """Convert `smtp://user:password@host:587/?tls=1&timeout=20` (or `smtps://`) into a MAILERS entry.

    `conversation_seconds` limits each wait from the connection to the end of the message, whatever `timeout` is: a
    silent relay is given up by then, one that sends a reply byte by byte may take longer. Raise ImproperlyConfigured
    for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("SMTP_URL must look like smtp://user:password@host:587/?tls=1")
    query = dict(parse_qsl(parts.query))
    return {
        "BACKEND": "assembly.notifications.smtp.SmtpBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": query.get("tls", "0").lower() in TRUE,
            "timeout": min(int(query.get("timeout", "20")), conversation_seconds or sys.maxsize),
            "conversation_seconds": conversation_seconds,
        },
    }
