"""Limits for the size of a request: small where a view takes no file; an uploaded body is never whole in memory."""

import inspect
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.forms import BaseForm, FileField
from django.urls import Resolver404, resolve

MEGABYTE = 1024 * 1024
FORM_BYTES = 2 * MEGABYTE
FILES_BYTES = 60 * MEGABYTE  # the limit of the proxies in `deploy/`
LEFTOVER_SECONDS = 24 * 3600
LIMIT = "body_limit"


def takes_up_to[View: Callable[..., Any]](size: int) -> Callable[[View], View]:
    """Declare how many bytes a request to a view may have."""

    def declare(view: View) -> View:
        setattr(view, LIMIT, size)  # survives `functools.wraps`
        return view

    return declare


def takes_files[View: Callable[..., Any]](view: View) -> View:
    """Declare that a view takes files."""
    setattr(view, LIMIT, FILES_BYTES)
    return view


def limit_of(path: str) -> int:
    """Return how many bytes may be sent to this address.

    Where one view serves several forms, the object that owns it decides by the arguments (`body_limit`).
    """
    try:
        match = resolve(path)
    except Resolver404:
        return FORM_BYTES
    view = inspect.unwrap(match.func, stop=lambda view: hasattr(view, "__self__"))
    owner: Any = getattr(view, "__self__", None)
    limit: int = owner.body_limit(**match.kwargs) if hasattr(owner, LIMIT) else getattr(match.func, LIMIT, FORM_BYTES)
    return limit


def limit_of_form(form: type[BaseForm] | None) -> int:
    """Return how many bytes may be sent to a view of this form."""
    fields = getattr(form, "base_fields", {}).values()
    return FILES_BYTES if any(isinstance(field, FileField) for field in fields) else FORM_BYTES


def prepare_folder() -> None:
    """Create the folder of temporary files, on the disk of the documents; remove what a killed process left there."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR or "")
    with suppress(OSError):  # the system check reports it
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in folder.glob("*.upload"):
            if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                leftover.unlink(missing_ok=True)
