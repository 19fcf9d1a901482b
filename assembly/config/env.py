"""Typed readers of the environment. A missing production secret stops the start with a message."""

import os
from pathlib import Path

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
