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
from functools import cached_property
from typing import Any

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.firefox import Firefox, Page as FirefoxPage, launch

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


class Site:
    """The ASGI application in a thread of this process: same database, no subprocess.

    Requests that a closed browser leaves behind end by themselves, a little later: the test waits for them before it
    ends, and what comes still later is refused. Each closes its connection here, in the thread that used it: Django
    does so at a signal, which its test client takes away for an instant, and not at all while pytest-django keeps the
    database from what is no test.
    """

    def __init__(self) -> None:
        self.is_open = False
        self.at_work = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.loop = asyncio.get_running_loop()
        self.at_work += scope["type"] == "http"  # before one looks whether the site is open: see `close`
        try:
            if self.is_open:
                await self.answer(scope, receive, send)
            elif scope["type"] == "http":
                await send({"type": "http.response.start", "status": 503, "headers": []})
                await send({"type": "http.response.body", "body": b"Between two tests."})
            else:
                await send({"type": "websocket.close"})
        finally:
            self.at_work -= scope["type"] == "http"

    async def answer(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        from assembly.config.asgi import application

        await (self.pages if scope["type"] == "http" else application)(scope, receive, send)

    @cached_property
    def pages(self) -> Any:
        from assembly.config.asgi import Pages

        class ClosingPages(Pages):
            async def handle(self, scope: Any, receive: Any, send: Any) -> None:
                try:
                    await super().handle(scope, receive, send)
                finally:
                    await sync_to_async(connections.close_all)()

        return ClosingPages()

    def close(self) -> None:
        """Let nobody in any more, then wait until no request is left."""
        self.is_open = False
        end = time.monotonic() + 20
        while self.at_work and time.monotonic() < end:
            time.sleep(0.01)
        assert not self.at_work, "a request outlived its test"

    def stop_sharing(self) -> None:
        """End what the shared texts hold for as long as the process lives, their connection among it."""
        from assembly.collab.engine.hub import hub

        async def stop() -> None:
            await hub().stop()

        if self.loop is not None:
            asyncio.run_coroutine_threadsafe(stop(), self.loop).result(10)


@pytest.fixture(scope="session")
def served() -> Site:
    return Site()


@pytest.fixture(scope="session")
def site_port(django_db_setup: None, served: Site) -> Iterator[int]:
    """Serve the site to the end of the run."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    options = uvicorn.Config(
        served,
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
    served.stop_sharing()
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def site(site_port: int, served: Site, settings: object, transactional_db: None) -> Iterator[str]:
    """Return the address of the site, without a final slash; links in mails point there too."""
    settings.SITE_URL = f"http://localhost:{site_port}"
    served.is_open = True
    yield settings.SITE_URL
    served.close()


@pytest.fixture
def pool_of_four(transactional_db: None) -> Iterator[None]:
    """Limit the threads of the site to four shared connections; production has ten."""
    options = connections.settings["default"]["OPTIONS"]
    connections["default"].close()
    options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 10}
    yield
    connections["default"].close()
    connections["default"].close_pool()
    del options["pool"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the whole run; a machine without one fails, it does not skip."""
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
    """Yield a function: `open_context(viewport=PHONE, …)` opens a French browser with its own cookies."""
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
    """Open one page at desk size; a script error or a refused resource (CSP) fails the test."""
    tab = open_context().new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield tab
    assert wrong == []


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """Start one Firefox for the whole run, for tests marked `long`: only `./run test --all` installs it."""
    with launch() as browser:
        yield browser


@pytest.fixture
def open_firefox(firefox: Firefox, site: str) -> Iterator[object]:
    """Yield a function: `open_firefox()` opens a page with its own cookies."""
    opened: list[FirefoxPage] = []

    def open_one(**options: int) -> FirefoxPage:
        opened.append(firefox.open(**options))
        return opened[-1]

    yield open_one
    for tab in opened:
        tab.close()


@pytest.fixture
def session_of(people: object) -> object:
    """Return a function: `session_of("officer")` gives name and value of the cookie of a fresh session."""
    from django.conf import settings

    from tests.browsing import StrictClient

    def begin(who: object) -> tuple[str, str]:
        client = StrictClient().enter(people.ready(people[who] if isinstance(who, str) else who))
        return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value

    return begin


@pytest.fixture
def sign_in(site: str, session_of: object) -> object:
    """Return a function: `sign_in(page.context, "officer")` gives that browser a fully signed-in session."""

    def give_session(context: BrowserContext, who: object) -> None:
        name, value = session_of(who)
        context.add_cookies([{"name": name, "value": value, "url": site}])

    return give_session


@pytest.fixture
def worker(transactional_db: None, redis_client: object) -> Iterator[None]:
    """Run a Celery worker of every queue in a thread, on this test's own broker database."""
    from celery.contrib.testing.worker import start_worker

    from assembly.config.celery import app

    queues = ["default", "mail", "pdf", "verify"]
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
    """Hide the loop during teardown too: with a loop Django uses another connection than without one."""
    with hidden_loop(item):
        return (yield)
