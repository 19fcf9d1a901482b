"""The browser of the tests: it reads every page it receives and refuses what no reader should meet."""

import re
import time
import uuid
from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler

from assembly.identity.second_factor import SEEN_KEY
from assembly.web.idempotency import HEADER, SAFE_METHODS
from assembly.web.logs import REFUSALS
from assembly.web.request_bodies import FILES_BYTES, limit_of

UNDEFINED = "!UNDEFINED!"
INLINE_HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE)
STYLE_ELEMENT = re.compile(r"<style(?![^>]*\bnonce=)", re.IGNORECASE)
SCRIPT_ELEMENT = re.compile(
    r"<script(?![^>]*\b(?:src|nonce)=)(?![^>]*type=\"(?:application/(?:ld\+)?json|importmap)\")", re.IGNORECASE
)
DATA_BLOCK = re.compile(r"<script[^>]*type=\"application/(?:ld\+)?json\"[^>]*>.*?</script>", re.DOTALL)
POST_FORM = re.compile(r"<form\b[^>]*\bmethod=\"?post\b.*?</form>", re.IGNORECASE | re.DOTALL)
KEY = 'name="idempotency_key"'
FORM_IN_PARAGRAPH = re.compile(
    r"<p\b(?:(?!</p>|</?(?:div|ul|ol|section|table|p)\b).)*<form\b", re.IGNORECASE | re.DOTALL
)
ID = re.compile(r"<[a-z][^<>]*\sid=\"([^\"]+)\"", re.IGNORECASE)
NUMBER_FIELD = re.compile(r"<input\b[^<>]*\stype=\"?number\b", re.IGNORECASE)
LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")


def faults(html: str) -> list[str]:
    """Return what a page must not contain, each with the text around it."""
    text = DATA_BLOCK.sub(lambda block: block[0].split(">")[0] + "></script>", html)
    found = [
        f"{what}: …{text[max(0, match.start() - 60) : match.end() + 60]}…"
        for what, pattern in (
            ("inline handler", INLINE_HANDLER),
            ("inline style", INLINE_STYLE),
            ("inline style element", STYLE_ELEMENT),
            ("inline script", SCRIPT_ELEMENT),
            ("number read by the language of the browser", NUMBER_FIELD),
            ("leftover template code", LEFTOVER),
        )
        if (match := pattern.search(text))
    ]
    found += [f"form without idempotency key: {form[:90]}…" for form in POST_FORM.findall(text) if KEY not in form]
    found += [f"form within a paragraph: …{match[0][-90:]}…" for match in FORM_IN_PARAGRAPH.finditer(text)]
    twice = [name for name, times in Counter(ID.findall(text)).items() if times > 1]
    found += [f"id said twice: {name}" for name in twice]
    if UNDEFINED in html:
        at = html.index(UNDEFINED)
        found.append(f"undefined variable: …{html[max(0, at - 60) : at + 90]}…")
    return found


LOADED: WeakKeyDictionary[Any, ClientHandler] = WeakKeyDictionary()


def middleware_chain() -> Any:
    """Load the middleware once, as a server does, and again when settings change: it takes a millisecond."""
    held = settings._wrapped
    if held not in LOADED:
        LOADED[held] = ClientHandler(enforce_csrf_checks=False)
        LOADED[held].load_middleware()
    return LOADED[held]._middleware_chain


class StrictClient(Client):
    """Django's test client, which fails on a page with inline code, leftover braces or undefined variables."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handler._middleware_chain = middleware_chain()

    def enter(self, user: Any, *, noted: bool = False) -> "StrictClient":
        """Sign in as somebody who has just proved who they are (sensitive acts ask for no fresh proof).

        `noted`: a page was seen, which noted the second factor in the session. Else each cell of a table, being
        taken back, looks for it and notes it anew.
        """
        self.force_login(user)
        session = self.session
        method = "mfa" if user.authenticator_set.exists() else "code"
        session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        if noted and method == "mfa":
            session[SEEN_KEY] = str(user.pk)
        session.save()
        return self

    def request(self, **request: Any) -> HttpResponseBase:
        if request.get("REQUEST_METHOD", "GET") not in SAFE_METHODS:
            request.setdefault(HEADER, str(uuid.uuid4()))  # as the page's own form would, which is never read here
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            found = faults(response.content.decode())
            assert not found, f"{request.get('PATH_INFO')}: " + "\n".join(found)
        if getattr(response.wsgi_request, "_files", None) and response.status_code not in REFUSALS:
            path = request["PATH_INFO"]
            assert limit_of(path) == FILES_BYTES, f"{path} takes files and says so nowhere (`takes_files`)"
        return response
