"""The site behind a real port, a real browser, and a real Celery worker: fixtures of the tests marked `browser`.

They need `django_db(transaction=True)`, since another thread reads what the test wrote; each worker of a run has
its own site and its own browser, kept to its end:
`pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]`.
"""

import asyncio
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# The same engine without windows comes first: half the work for the same pages.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def site_port(django_db_setup: None) -> Iterator[int]:
    """Serve the ASGI application from a thread of this process: same database, no subprocess."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    options = uvicorn.Config(
        "assembly.config.asgi:application",
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
        ws_max_size=4_000_000,
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started and thread.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    assert server.started, "the site did not start"
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def site(site_port: int, settings: object, transactional_db: None) -> str:
    """Return the address of the site, without a final slash; links in mails point there too."""
    settings.SITE_URL = f"http://localhost:{site_port}"
    return settings.SITE_URL


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; a machine without one fails, it does not skip."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread, and so do our queries
    expect.set_options(timeout=15_000)  # what is waited for comes in moments; a loaded machine is not a fault
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)
        loop = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(loop)  # the last test may have hidden it, see below
        browser.close()


@pytest.fixture
def open_context(chromium: Browser, site: str) -> Iterator[object]:
    """`open_context(viewport=PHONE, …)`: a browser of its own, with its own cookies, in French."""
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        context = chromium.new_context(
            **{"base_url": site, "locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": DESK, **options}
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: object) -> Iterator[Page]:
    """One page at desk size; a script error or a refused resource (CSP) fails the test."""
    tab = open_context().new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield tab
    assert wrong == []


@pytest.fixture
def sign_in(site: str, people: object) -> object:
    """`sign_in(page.context, "officer")` or a user: give that browser a session behind the whole sign-in."""
    from django.conf import settings

    from tests.browsing import StrictClient

    def give_session(context: BrowserContext, who: object) -> None:
        client = StrictClient()
        client.force_login(people.ready(people[who] if isinstance(who, str) else who))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])

    return give_session


@pytest.fixture
def worker(transactional_db: None, redis_client: object) -> Iterator[None]:
    """A Celery worker of every queue, in a thread, reading this test's own broker database."""
    from celery.contrib.testing.worker import start_worker

    from assembly.config.celery import app

    queues = ["default", "mail", "pdf"]
    with start_worker(app, pool="solo", perform_ping_check=False, queues=queues, shutdown_timeout=30):
        yield


@contextmanager
def hidden_loop(item: pytest.Item) -> Iterator[None]:
    """Hide the browser's event loop from tests without a browser: Playwright leaves it marked as running meanwhile.

    Otherwise whatever calls `asyncio.run` in the same process, as sealing does, fails once a browser test came before.
    """
    loop = None if "chromium" in item.fixturenames else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        if loop.is_running():  # no longer, where the browser was closed meanwhile
            asyncio._set_running_loop(loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with hidden_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with hidden_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """The same for what a test leaves: beside a loop Django keeps another connection than without one."""
    with hidden_loop(item):
        return (yield)
