"""A form that met the question « C’est bien vous ? »: kept whole, files included, and sent again by itself.

What was sent waits in the session, its files in `DATA_DIR/suspended`. Once the person has confirmed, the answer is a
307 to the same address: the browser posts there, and the middleware puts what was sent in the place of the body. The
form so passes every middleware again, and whatever it answers stands at its own address. Secrets are not kept.
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

from assembly.ui import errors
from assembly.ui.idempotency import FIELD, key_of

KEY = "suspended_request"
KEPT_SECONDS = 3600
SENT_ON_SECONDS = 60
NEVER_KEPT = {"csrfmiddlewaretoken", "code", "credential"}
PROOFS = ("code", "credential", "password")


def folder() -> Path:
    return Path(settings.DATA_DIR) / "suspended"


def suspend_request(request: HttpRequest) -> None:
    """Keep a POST in the session of who sent it; the one before is forgotten. Nothing to keep of a GET."""
    forget_request(request)
    if request.method != "POST":
        return
    fields = request.POST.copy()
    for name in [name for name in fields if name in NEVER_KEPT or "password" in name]:
        del fields[name]
    if key := key_of(request):  # a script sends it in a header, which the browser's second post does not carry
        fields[FIELD] = str(key)
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields.urlencode(),
        "files": [keep_file(name, file) for name, sent in request.FILES.lists() for file in sent],
        "at": time.time(),
    }


def keep_file(field: str, file: Any) -> dict[str, Any]:
    """Copy one file to the disk, readable by this account only; copies of an hour ago go at the same time."""
    forget_old_files()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder() / uuid.uuid4().hex
    with place.open("xb") as copy:
        place.chmod(0o600)
        for piece in file.chunks():
            copy.write(piece)
    return {"field": field, "file": place.name, "name": file.name, "type": file.content_type, "size": file.size}


def forget_request(request: HttpRequest) -> None:
    for one in (request.session.pop(KEY, None) or {}).get("files", []):
        (folder() / one["file"]).unlink(missing_ok=True)


def forget_old_files() -> None:
    """Files whose form was never sent again."""
    for place in folder().glob("*"):
        try:
            if time.time() - place.stat().st_mtime > KEPT_SECONDS:
                place.unlink()
        except FileNotFoundError:  # another request took it away
            continue


def send_on(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer to a proof that was right: to the form that waits for it, by 307, else as it is."""
    kept = request.session.get(KEY)
    if not kept or response.headers.get("Location") != kept["path"]:
        return response
    request.session[KEY] = {**kept, "confirmed_at": time.time()}
    return HttpResponseRedirect(kept["path"], preserve_request=True)


def is_sent_on(request: HttpRequest) -> bool:
    """A post to the address of the form that waits, with a proof as its body, just after the proof was right."""
    kept = request.method == "POST" and request.session.get(KEY)
    if not kept or kept["path"] != request.get_full_path():
        return False
    is_just_confirmed = time.time() - kept.get("confirmed_at", 0) < SENT_ON_SECONDS
    return is_just_confirmed and any(name in request.POST for name in PROOFS)


def is_spent(request: HttpRequest) -> bool:
    """A proof that arrives where nothing waits any more: the browser posted it on twice. It is no form of the page."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return False
    is_proof = any(name in request.POST for name in PROOFS)
    return is_proof and request.POST.get(REDIRECT_FIELD_NAME) == request.get_full_path()


def restore_request(request: HttpRequest) -> None:
    """Put what was sent first in the place of the proof; the key against forgery is the one just received."""
    kept = request.session[KEY]
    fields = QueryDict(kept["fields"], mutable=True)
    fields["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for one in kept["files"]:
        place = folder() / one["file"]
        if place.exists():
            content = place.open("rb")
            files.appendlist(one["field"], UploadedFile(content, one["name"], one["type"], one["size"]))
    request.POST = fields  # type: ignore[assignment]  # -- the stubs know the frozen kind only
    request._files = files  # type: ignore[attr-defined]  # noqa: SLF001 -- FILES has no other way in
    forget_request(request)


class SuspendedRequestMiddleware:
    """Runs after the session and before everything that reads the body of a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_sent_on(request):
            restore_request(request)
        elif is_spent(request):
            return errors.conflict(request)
        return self.get_response(request)
