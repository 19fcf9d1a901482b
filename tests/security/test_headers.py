"""What every answer carries, on every route, signed in or not, found or refused."""

import os
import subprocess
import sys

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tests.people import People
from tests.security.expectations import ROUTES
from tests.security.routes import address

PRIVATE = ("/espace/", "/bureau/", "/instructions/", "/compte/", "/salle/")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}


# The mail of a developer's machine as a mail program shows it: styles of its own, in a sandbox (views/mailbox.py).
SANDBOXED = {"notifications:mailbox-html"}


def faults(response: HttpResponseBase, path: str) -> list[str]:
    found = [
        f"{name}: {response.headers.get(name)!r}"
        for name, value in ALWAYS.items()
        if response.headers.get(name) != value
    ]
    policy = {
        words[0]: set(words[1:])
        for part in response.headers.get("Content-Security-Policy", "").split(";")
        if (words := part.split())
    }
    is_file = "sandbox" in policy or response.headers.get("Content-Type") == "application/pdf"
    if not (is_file and policy.get("default-src") == {"'none'"}):  # a file is given with a stricter policy
        found += [f"{name}: {policy.get(name)}" for name, value in POLICY.items() if policy.get(name) != value]
    if {"'unsafe-inline'", "'unsafe-eval'"} & {word for words in policy.values() for word in words}:
        found.append("unsafe policy")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if not response.headers.get("X-Request-ID"):
        found.append("no request id")
    if path.startswith(PRIVATE) and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append("a private page may be stored")
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(f"content type {kind!r}")
    for cookie in response.cookies.values():
        if not cookie["httponly"] or cookie["samesite"] != "Lax":
            found.append(f"cookie {cookie.key}")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ROUTES) - SANDBOXED))
def test_headers(name, people: People):
    route = ROUTES[name]
    url = address(name, route.of(people) if route.of else {})
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(people.ready(people["lead"]))
    found = []
    for browser in (Client(raise_request_exception=False), signed_in):
        response = browser.get(url)
        found += faults(response, url)
        if browser is signed_in and "public" in response.headers.get("Cache-Control", "") and url.startswith(PRIVATE):
            found.append("a page of a signed-in reader is public")
    assert found == []


def test_cookies_of_production_are_bound_to_the_host():
    """`__Host-` cookies need Secure, no Domain and the path `/` (ASVS 3.3.1-3.3.4)."""

    code = (
        "from django.conf import settings as s; import django; django.setup();"
        "assert s.SESSION_COOKIE_NAME.startswith('__Host-') and s.CSRF_COOKIE_NAME.startswith('__Host-');"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE;"
        "assert s.SESSION_COOKIE_HTTPONLY and s.CSRF_COOKIE_HTTPONLY;"
        "assert s.SESSION_COOKIE_DOMAIN is None and s.SESSION_COOKIE_PATH == '/';"
        "assert s.SECURE_HSTS_SECONDS >= 31536000 and s.SECURE_SSL_REDIRECT"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSEMBLY_")} | {
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "SITE_URL": "https://assemblee.example.org",
        "SECRET_KEY": "x" * 60,
        "DATA_DIR": "/tmp/none",
        "SMTP_URL": "smtp://localhost",
        "DEFAULT_FROM_EMAIL": "a@example.org",
        "MAIL_WEBHOOK_SECRET": "a:b",
        "ALLOWED_HOSTS": "assemblee.example.org",
    }
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
