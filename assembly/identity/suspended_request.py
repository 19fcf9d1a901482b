"""Form that is interrupted by « C’est bien vous ? »: stored whole, files included, and posted again automatically.

What was sent is stored in the session, its files in `DATA_DIR/suspended`. After the reauthentication the response is a
307 to the same address: the browser posts there, and the middleware replaces the body by what was stored. The form so
passes every middleware again, and its response has its own address. Secrets are not stored.
"""

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.datastructures import MultiValueDict

from assembly.web import errors
from assembly.web.idempotency import FIELD, key_of

KEY = "suspended_request"
RETENTION_SECONDS = 3600
RESUME_SECONDS = 60
NEVER_STORED = {"csrfmiddlewaretoken", "code", "credential"}
PROOFS = ("code", "credential", "password")


def folder() -> Path:
    return Path(settings.DATA_DIR) / "suspended"


def suspend_request(request: HttpRequest) -> None:
    """Store a POST in the session of its sender and delete the one before; a GET has nothing to store."""
    discard_request(request)
    if request.method != "POST":
        return
    fields = request.POST.copy()
    for name in [name for name in fields if name in NEVER_STORED or "password" in name]:
        del fields[name]
    if key := key_of(request):  # a script sends it in a header, which the second post of the browser lacks
        fields[FIELD] = str(key)
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields.urlencode(),
        "files": [store_file(name, file) for name, sent in request.FILES.lists() for file in sent],
        "at": time.time(),
    }


def store_file(field: str, file: Any) -> dict[str, Any]:
    """Copy one file to the disk, readable by this account only; delete copies older than an hour."""
    delete_old_files()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder() / uuid.uuid4().hex
    with place.open("xb") as copy:
        place.chmod(0o600)
        for piece in file.chunks():
            copy.write(piece)
    return {"field": field, "file": place.name, "name": file.name, "type": file.content_type, "size": file.size}


def discard_request(request: HttpRequest) -> None:
    for one in (request.session.pop(KEY, None) or {}).get("files", []):
        (folder() / one["file"]).unlink(missing_ok=True)


def delete_old_files() -> None:
    """Delete files whose form was never sent again."""
    for place in folder().glob("*"):
        try:
            if time.time() - place.stat().st_mtime > RETENTION_SECONDS:
                place.unlink()
        except FileNotFoundError:  # another request deleted it
            continue


def resume_request(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return a 307 to the suspended form after a right proof, or the response as it is without one."""
    suspended = request.session.get(KEY)
    if not suspended or response.headers.get("Location") != suspended["path"]:
        return response
    request.session[KEY] = {**suspended, "confirmed_at": time.time()}
    return HttpResponseRedirect(suspended["path"], preserve_request=True)


def is_resumed(request: HttpRequest) -> bool:
    """Return whether this POST to the address of the suspended form follows a right proof, with the proof as body."""
    suspended = request.method == "POST" and request.session.get(KEY)
    if not suspended or suspended["path"] != request.get_full_path():
        return False
    is_just_confirmed = time.time() - suspended.get("confirmed_at", 0) < RESUME_SECONDS
    return is_just_confirmed and any(name in request.POST for name in PROOFS)


def is_spent(request: HttpRequest) -> bool:
    """Return whether a proof arrives at an address without a suspended form: the browser posted it on twice.

    It is no form of that page.
    """
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return False
    is_proof = any(name in request.POST for name in PROOFS)
    return is_proof and request.POST.get(REDIRECT_FIELD_NAME) == request.get_full_path()


def restore_request(request: HttpRequest) -> None:
    """Replace the proof by what was sent first; the CSRF token is the one just received."""
    suspended = request.session[KEY]
    fields = QueryDict(suspended["fields"], mutable=True)
    fields["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for one in suspended["files"]:
        place = folder() / one["file"]
        if place.exists():
            content = place.open("rb")
            files.appendlist(one["field"], UploadedFile(content, one["name"], one["type"], one["size"]))
    request.POST = fields  # type: ignore[assignment]  # -- the stubs declare the immutable type only
    request._files = files  # type: ignore[attr-defined]  # noqa: SLF001 -- FILES has no other way in
    discard_request(request)


class SuspendedRequestMiddleware:
    """Middleware after the session and before everything that reads the body of a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_resumed(request):
            restore_request(request)
        elif is_spent(request):
            return errors.state_conflict(request)
        return self.get_response(request)
