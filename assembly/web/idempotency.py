"""Idempotency keys: a form sent twice has one effect, and both posts get the response that the first one made.

`once(urlpatterns)` wraps every view of the urlconf. For a method that may write, the wrapped view runs in one
transaction that first claims the key of the form (`{% csrf_token %}` writes it; scripts send `Idempotency-Key`). Work
that is slow and outside the database is done before that transaction (`slow_work`), and the view runs again. The
unique constraint makes a second post at the same instant block until the first is done. A refusal (4xx, 5xx, a
redirect to the sign-in or to a reauthentication) releases the key, and commits what the view chose to write (a
conflict copy, an attempt that counts); an exception rolls back everything. Either way the same page may be sent again.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from assembly.files.slow_work import run_with_work_ahead
from assembly.jobs.models import IdempotencyKey
from assembly.web import errors

type View = Callable[..., HttpResponseBase]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
REPEATABLE, IDEMPOTENT = "repeatable", "idempotent"  # attributes of views, read by the test over the urlconf
FIELD = "idempotency_key"
TERM_FIELD = "mandature"  # the term of the page (`assembly.institution.pages`)
HEADER = "HTTP_IDEMPOTENCY_KEY"
IGNORED_FIELDS = {FIELD, TERM_FIELD, "csrfmiddlewaretoken"}
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
# A redirect to these addresses, with the return address, means that nothing was done: the same form comes back.
SIGN_IN_PATHS = ("/compte/connexion/", "/compte/confirmer/")


def repeatable(reason: str) -> Callable[[View], View]:
    """Declare that a view may run twice for one form, and why: it needs no key and gets no transaction."""

    def declare(view: View) -> View:
        setattr(view, REPEATABLE, reason)  # survives `functools.wraps`
        return view

    return declare


def make_idempotent(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Wrap the views of these patterns and of included urlconfs."""
    entries = list(patterns)
    for pattern in entries:
        if isinstance(pattern, URLResolver):
            make_idempotent(pattern.url_patterns)
        elif not hasattr(pattern.callback, REPEATABLE):
            pattern.callback = idempotent(pattern.callback)
    return entries


def idempotent(view: View) -> View:
    """Wrap a view so that it runs once for each key, in one transaction."""

    @wraps(view)
    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method in SAFE_METHODS:
            return view(request, *args, **kwargs)
        key = key_of(request)
        if key is None:
            return errors.missing_key(request)

        def transact() -> HttpResponseBase:
            with transaction.atomic():
                row, is_first = claim(request, key)
                if not is_first:
                    return replay_response(request, row)
                response = view(request, *args, **kwargs)
                if is_refusal(response):
                    row.delete()
                else:
                    store_response(row, response)
                return response

        response, is_busy = run_with_work_ahead(transact)
        return errors.busy_form(response) if is_busy else response

    setattr(run, IDEMPOTENT, True)
    return run


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the key from the header of a script, else from the hidden field; None if missing or no UUID."""
    try:
        return uuid.UUID(request.META.get(HEADER) or request.POST.get(FIELD, ""))
    except ValueError:
        return None


def claim(request: HttpRequest, key: uuid.UUID) -> tuple[IdempotencyKey, bool]:
    """Return the row of this key, and whether this request has just created it."""
    owner = str(request.user.pk) if request.user.is_authenticated else ""
    target = hashlib.sha256(request.get_full_path().encode()).hexdigest()
    return IdempotencyKey.objects.claim(key=key, owner=owner, target=target, fingerprint=request_fingerprint(request))


def request_fingerprint(request: HttpRequest) -> str:
    """Return the SHA-256 of what was sent: the same key with other values is another post."""
    digest = hashlib.sha256()
    if request.content_type not in FORM_TYPES:
        digest.update(request.body)
        return digest.hexdigest()
    for name in sorted(set(request.POST) - IGNORED_FIELDS):
        digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.name, file_digest(file))).encode())
    return digest.hexdigest()


def file_digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def is_refusal(response: HttpResponseBase) -> bool:
    location = response.headers.get("Location", "")
    return response.status_code >= 400 or (
        location.startswith(SIGN_IN_PATHS) and f"{REDIRECT_FIELD_NAME}=" in location
    )


def store_response(row: IdempotencyKey, response: HttpResponseBase) -> None:
    """Store where the first post redirected. No page is stored: it may show names, or a code that is shown once."""
    row.status = response.status_code
    row.location = response.headers.get("Location", "")
    row.save(update_fields=["status", "location"])


def replay_response(request: HttpRequest, row: IdempotencyKey) -> HttpResponseBase:
    """Redirect to the result of the first post; other values under the same key are offered again."""
    if row.fingerprint != request_fingerprint(request):
        return errors.already_sent(request, row.location)
    if row.location:
        return HttpResponse(status=row.status, headers={"Location": row.location})
    if request.META.get("HTTP_HX_REQUEST") == "true":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return errors.already_sent(request, "")
