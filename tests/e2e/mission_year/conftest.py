"""The demonstration, loaded once for all stories of the year, and the browsers of its people.

It is not sealed, but in `test_what_was_promised.py`: a seal and what follows take as long as these stories together.
"""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryState, LocalMessage
from demo import archive
from demo.context import DOMAIN, at, saved_context
from demo.days import TODAY
from tests import databases
from tests.browsing import StrictClient
from tests.live import DESK, PHONE, Site
from tests.people import People

LONG_AGO = "2020-01-01T00:00:00Z"  # the outbox goes by the clock of PostgreSQL, which nobody sets


class Year:
    """`year.desk("lead")`, `year.room("dir_contact")`, `year.visitor`: a page each, kept between stories."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.chromium, self.address = chromium, address
        self.pages: dict[str, Page] = {}
        self.wrong: list[str] = []

    def user(self, who: str) -> User:
        return User.objects.select_related("person").get(email=f"{who}{DOMAIN}")

    @property
    def term(self) -> Term:
        return saved_context().term

    def desk(self, who: str) -> Page:
        """Return a page of a user of the mission, signed in."""
        return self.pages.get(who) or self.enter(who, DESK)

    def room(self, who: str) -> Page:
        """Return a page on a phone of a signed-in user."""
        return self.pages.get(who) or self.enter(who, PHONE)

    @property
    def visitor(self) -> Page:
        """Return a page on a phone without script."""
        return self.pages.get("") or self.open("", viewport=PHONE, java_script_enabled=False)

    def enter(self, who: str, viewport: Any) -> Page:
        client, name = StrictClient().enter(People().ready(self.user(who))), settings.SESSION_COOKIE_NAME
        page = self.open(who, viewport=viewport)
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return page

    def open(self, who: str, **options: Any) -> Page:
        context: BrowserContext = self.chromium.new_context(
            base_url=self.address, locale="fr-FR", timezone_id="Europe/Paris", **options
        )
        context.set_default_timeout(15_000)
        self.pages[who] = context.new_page()
        self.pages[who].on("pageerror", lambda error: self.wrong.append(str(error)))
        self.pages[who].on("console", self.hear)
        return self.pages[who]

    def hear(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    def post(self, subject: str) -> dict[str, LocalMessage]:
        """Empty the outbox: what is in the mailbox under this subject, by address."""
        Delivery.objects.filter(state=DeliveryState.QUEUED, way="email").update(next_attempt_at=LONG_AGO)
        sending.run(0)
        found = LocalMessage.objects.filter(subject__contains=subject)
        return {parseaddr(mail.recipients)[1]: mail for mail in found}

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture(scope="package")
def demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Make a database of the demonstration at the last morning of its story, whatever day it is."""
    with (
        django_db_blocker.unblock(),
        databases.beside(connection),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "BLOB_DIR", tmp_path_factory.mktemp("demonstration"))
        patch.setattr(settings, "MAILERS", {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER})
        patch.setattr(settings, "ACCOUNT_REAUTHENTICATION_TIMEOUT", 24 * 3600)
        archive.load()
        call_command("migrate", verbosity=0)  # by the real clock, which migrations keep as the default of a column
        with at(f"{TODAY} 09:00"):
            yield


@pytest.fixture(scope="package")
def opened(demonstration: None, chromium: Browser, site_port: int, served: Site) -> Iterator[Year]:
    address = f"http://localhost:{site_port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SITE_URL", address)
        served.is_open = True
        year = Year(chromium, address)
        yield year
        year.close()
        served.close()


@pytest.fixture
def year(opened: Year) -> Iterator[Year]:
    """Open the demonstration in its browsers; a script error or a refused resource (CSP) fails the story."""
    yield opened
    wrong, opened.wrong = opened.wrong, []
    assert wrong == []
