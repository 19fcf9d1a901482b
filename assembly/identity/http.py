"""Requests of signed-in accounts: their type, and the fresh proof of identity before sensitive acts.

The proof is less than ten minutes old, by the second factor if there is one. A form that is interrupted by « C’est
bien vous ? » is stored whole, files included, and posted again automatically: what was sent is stored in the session,
its files in `DATA_DIR/suspended`. After the reauthentication the response is a 307 to the same address: the browser
posts there, and the middleware replaces the body by what was stored. The form so passes every middleware again, and
its response has its own address. Secrets are not stored.
"""

import re
import time
import uuid
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from assembly.identity.models import User
from assembly.identity.second_factor import SECOND_FACTOR_METHOD, holds_second_factor
from assembly.web import errors
from assembly.web.idempotency import FIELD, key_of


class UserRequest(HttpRequest):
    """Request that `LoginRequiredMiddleware` has accepted: `user` is a real account."""

    user: User


type View = Callable[..., HttpResponse]

READS = re.compile(r"\s*\(?\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)


class ProofRequired(Exception):
    """Raised when a view that needs a fresh proof is about to write without one."""


def is_recent(request: UserRequest) -> bool:
    """Return whether this session was authenticated within the last ten minutes; always True in a demonstration.

    For an account with a second factor only that one counts: a password or a code by mail, however recent, does not.
    """
    if settings.DEMO:
        return True
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    recent = [row for row in get_authentication_records(request, request.user) if row["at"] > since]
    return any(row["method"] == SECOND_FACTOR_METHOD for row in recent) or (
        bool(recent) and not holds_second_factor(request.user)
    )


def recently_authenticated(view: View) -> View:
    """Declare that a view, or a step wrapped as one, needs a fresh proof.

    With a stale one the view runs up to its first write, which is refused: so the question comes after 404, 403, 409
    and the errors of a form, and reveals nothing to a person who may not act. Nothing is written or sent then, and the
    form is stored until the proof is given (`suspend_request`).
    """

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_recent(request):
            return view(request, *args, **kwargs)
        try:
            with connection.execute_wrapper(refuse_writes):
                response = view(request, *args, **kwargs)
        except (ProofRequired, ReauthenticationRequired):
            return redirect_to_proof(request)
        return response if response.status_code >= 400 else redirect_to_proof(request)

    return asked


def recently_authenticated_to_write(view: View) -> View:
    """Declare the same for a page that many only read, with a form on it: the proof is needed when it is posted."""
    guarded = recently_authenticated(view)

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (guarded if request.method == "POST" else view)(request, *args, **kwargs)

    return asked


def refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Raise ProofRequired at the first statement that is no read, as a wrapper of the database's execution."""
    if not READS.match(str(sql)):
        raise ProofRequired
    return execute(sql, params, many, context)


def redirect_to_proof(request: UserRequest) -> HttpResponse:
    """Redirect to the reauthentication, by the first method of this account; HTMX moves the whole page there."""
    suspend_request(request)
    methods = get_adapter().get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else reverse("identity:confirm")
    url = f"{where}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url, "Location": url})
    return HttpResponseRedirect(url)


def ask_for_proof(view: View) -> View:
    """Wrap a page that asks for a proof: after a right one, the suspended request is resumed."""

    @wraps(view)
    def answered(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_right = request.method == "POST" and response.status_code == 302 and is_recent(request)
        return resume_request(request, response) if is_right else response

    return answered


SUSPENDED = "suspended_request"
RETENTION_SECONDS = 3600
RESUME_SECONDS = 60
NEVER_STORED = {"csrfmiddlewaretoken", "code", "credential"}
PROOFS = ("code", "credential", "password")


def suspended_folder() -> Path:
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
    request.session[SUSPENDED] = {
        "path": request.get_full_path(),
        "fields": fields.urlencode(),
        "files": [store_file(name, file) for name, sent in request.FILES.lists() for file in sent],
        "at": time.time(),
    }


def store_file(field: str, file: Any) -> dict[str, Any]:
    """Copy one file to the disk, readable by this account only; delete copies older than an hour."""
    delete_old_files()
    suspended_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    place = suspended_folder() / uuid.uuid4().hex
    with place.open("xb") as copy:
        place.chmod(0o600)
        for piece in file.chunks():
            copy.write(piece)
    return {"field": field, "file": place.name, "name": file.name, "type": file.content_type, "size": file.size}


def discard_request(request: HttpRequest) -> None:
    for one in (request.session.pop(SUSPENDED, None) or {}).get("files", []):
        (suspended_folder() / one["file"]).unlink(missing_ok=True)


def delete_old_files() -> None:
    """Delete files whose form was never sent again."""
    for place in suspended_folder().glob("*"):
        try:
            if time.time() - place.stat().st_mtime > RETENTION_SECONDS:
                place.unlink()
        except FileNotFoundError:  # another request deleted it
            continue


def resume_request(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return a 307 to the suspended form after a right proof, or the response as it is without one."""
    suspended = request.session.get(SUSPENDED)
    if not suspended or response.headers.get("Location") != suspended["path"]:
        return response
    request.session[SUSPENDED] = {**suspended, "confirmed_at": time.time()}
    return HttpResponseRedirect(suspended["path"], preserve_request=True)


def is_resumed(request: HttpRequest) -> bool:
    """Return whether this POST to the address of the suspended form follows a right proof, with the proof as body."""
    suspended = request.method == "POST" and request.session.get(SUSPENDED)
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
    suspended = request.session[SUSPENDED]
    fields = QueryDict(suspended["fields"], mutable=True)
    fields["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for one in suspended["files"]:
        place = suspended_folder() / one["file"]
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
