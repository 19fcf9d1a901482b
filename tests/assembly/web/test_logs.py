import json
import logging
import socket
import sys
import time

import pytest
from django.core import mail

from assembly.web import logs
from assembly.web.logs import AdministratorMailHandler, JsonFormatter, request_id


def record(message="Not Found: /x", *, level=logging.WARNING, error=None, **extra):
    exc_info = None
    if error:
        try:
            raise error
        except type(error):
            exc_info = sys.exc_info()
    made = logging.LogRecord("django.request", level, __file__, 1, message, (), exc_info)
    made.__dict__.update(extra)
    return made


def test_one_json_line_with_the_request_id():
    token = request_id.set("abc-12345678")
    try:
        line = JsonFormatter().format(record(facts={"status": 404}))
    finally:
        request_id.reset(token)
    assert "\n" not in line
    read = json.loads(line)
    assert read.pop("time").endswith("+00:00")
    assert read == {
        "level": "WARNING",
        "logger": "django.request",
        "message": "Not Found: /x",
        "request_id": "abc-12345678",
        "facts": {"status": 404},
    }


@pytest.mark.parametrize(
    "message",
    [
        "Login failed for celia.abadie+test@example.org",
        "Not Found: /invitation/c2VjcmV0LXRva2VuLW9mLWFuLWludml0YXRpb24/",
        "GET /x?key=0123456789abcdef0123456789abcdef",
    ],
)
def test_no_address_and_no_token_in_a_line(message):
    line = JsonFormatter().format(record(message))
    assert "example.org" not in line
    assert "c2VjcmV0" not in line
    assert "0123456789abcdef" not in line


def test_an_error_says_where_and_not_what():
    line = JsonFormatter().format(record(error=ValueError("Key (email)=(celia@example.org) already exists")))
    error = json.loads(line)["error"]
    assert error[-1] == "ValueError"
    assert "test_logs.py" in error[0]
    assert "celia" not in line


def test_administrators_get_the_place_and_no_form(settings):
    settings.ADMINS = ["admin@example.org"]
    handler = AdministratorMailHandler()
    handler.emit(record("Internal Server Error: /x", level=logging.ERROR, error=KeyError("celia@example.org")))
    handler.flush()
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Erreur : KeyError", ["admin@example.org"])
    assert "test_logs.py" in message.body
    assert "celia" not in message.body


def test_the_same_trouble_is_told_once_in_five_minutes(settings, monkeypatch):
    settings.ADMINS = ["admin@example.org"]
    now = 1000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)
    handler = AdministratorMailHandler()
    for _ in range(3):
        handler.emit(record(level=logging.ERROR, error=KeyError("x")))
    handler.emit(record("other", level=logging.ERROR))
    handler.flush()
    assert len(mail.outbox) == 2
    now += logs.MAIL_EVERY_SECONDS
    handler.emit(record(level=logging.ERROR, error=KeyError("x")))
    handler.flush()
    assert len(mail.outbox) == 3


def test_a_relay_that_never_answers_holds_nobody_up(settings):
    settings.ADMINS = ["admin@example.org"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        options = {"host": "127.0.0.1", "port": port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        handler = AdministratorMailHandler()
        began = time.perf_counter()
        for number in range(logs.MAILS_AT_MOST + 5):
            handler.emit(record(f"trouble {number}", level=logging.ERROR))
        assert time.perf_counter() - began < 0.5
        assert handler.waiting.qsize() <= logs.MAILS_AT_MOST


def test_nobody_to_tell_sends_nothing(settings):
    settings.ADMINS = []
    AdministratorMailHandler().emit(record(level=logging.ERROR))
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_refusal_is_one_line_by_its_route_and_other_errors_keep_theirs(signed_in, caplog):
    """Django wrote a second one, with the address, which may hold a token, and the frames of a 403."""
    browser = signed_in("member")
    with caplog.at_level(logging.INFO):
        for path, status in (("/bureau/membres/", 403), ("/nulle-part/", 404)):
            assert browser.get(path).status_code == status
        assert browser.put("/recherche/").status_code == 405
        assert browser.get("/recherche/?q=%00").status_code == 400
    lines = [(line.name, line.levelname) for line in caplog.records]
    assert lines == [("assembly.security", "INFO")] * 3 + [("django.request", "WARNING")]
