"""Every page in the browser: axe, the keyboard, 320 px. Once each in every run; × role × state in the long run.

In `./run test` a page is fetched first, and opened where it holds an element of a kind that has not passed yet.

The pages are those that the hand-written table of tests/security/expectations.py lets somebody read, hence every
route of the urlconf. What is no page (files, redirects, fragments) is named below, with the same care: a route that
is neither visited nor named fails.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from playwright.sync_api import Error as BrowserError, Page

from sessions.models import Sitting
from tests.e2e.accessibility import (
    AXE,
    assert_accessible,
    assert_contrast_in_the_dark,
    assert_keyboard_navigation,
    assert_reflows,
    assert_valid_markup,
)
from tests.e2e.verdicts import BY_KIND, KnownKinds
from tests.people import People
from tests.security import register_routes
from tests.security.expectations import ROUTES
from tests.security.routes import ROLES, address
from tests.sessions.minutes.written_minutes import written_minutes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Files, data for machines, and fragments of pages that are checked where they stand.
NO_PAGES = {
    "portal:menu-counts",
    "calendar:team-feed",
    *register_routes.FILES,
    *(name for name in ROUTES if name.startswith("open_data:") and name != "open_data:index"),
    *(name for name in ROUTES if name.endswith(("import-model", "import-errors"))),
    "mission:digest-file",
    "answers:desk-export",
    "answers:directorate-table-file",
    "answers:table-json",
    "answers:follow-ups-export",
    "answers:commitments-export",
    "answers:public-commitments-file",
    "answers:progress-report-json",
    "collab:sidebar",
    "collab:late-text",
    "consultations:briefing-zip",
    "consultations:my-briefing-zip",
    "consultations:my-hearing-event",
    "consultations:export",
    "consultations:public-card",
    "consultations:compare-csv",
    "consultations:instruction-word",
    "consultations:suggestions-export",
    "answers:thread-feed",
    "draws:call-cells-export",
    "draws:apply-authorisation",
    "draws:candidate-authorisation",
    "draws:candidate-export",
    "draws:candidates-chosen",
    "members:person-export",
    "institution:committee-list-export",
    "sittings:expense-rates-export",
    "draws:personal-authorisation",
    "draws:personal-data",
    "documents:document-file",
    "draws:file",
    "draws:private-file",
    "draws:public-file",
    "draws:public-representation-file",
    "draws:quotas-version",
    "draws:representation-export",
    "mission:indicators-export",
    "mission:public-indicators-file",
    "documents:feed",
    "documents:manifest",
    "documents:publication-file",
    "documents:rendition-file",
    "documents:rendition-progress",
    "identity:mail-state",
    "mission:grant-data",
    "mission:grant-word",
    "mission:trip-order",
    "institution:canton-export",
    "institution:colours",
    "institution:committee-export",
    "institution:directorate-export",
    "institution:journal-export",
    "institution:journal-head",
    "institution:people-export",
    "institution:web-manifest",
    "members:member-export",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "notifications:distribution-progress",
    "notifications:mailbox-file",
    "notifications:mailbox-html",
    "opinions:amendments-export",
    "opinions:export",
    "opinions:opinion-file",
    "opinions:public-card",
    "opinions:public-csv",
    "opinions:public-easy-read-file",
    "opinions:public-file",
    "opinions:public-json",
    "opinions:text-file",
    "portal:card",
    "portal:health",
    "portal:robots",
    "portal:security",
    "portal:sitemap",
    "sittings:actions-export",
    "sittings:agenda-file",
    "sittings:certificate",
    "sittings:day-live",
    "sittings:expense-sittings-export",
    "sittings:expenses-export",
    "sittings:mandate-certificate",
    "sittings:export",
    "sittings:my-agenda",
    "sittings:my-calendar",
    "sittings:my-certificate",
    "sittings:my-event",
    "sittings:my-mandate-certificate",
    "sittings:public-calendar",
    "sittings:public-card",
    "tasks:day",
    "tasks:export",
}
SEES_MOST = ("officer", "lead", "member", "dir_contact", "dpo", "admin", "anonymous")
PARTS = {
    "public": lambda name: ROUTES[name].allows("GET", "anonymous"),
    "account": lambda name: name.partition(":")[0] in {"identity"} or ":" not in name,
    "members": lambda name: name.startswith("members:"),
    "sittings": lambda name: name.startswith("sittings:"),
    "sessions": lambda name: name.startswith(("consultations:", "draws:")),
    "opinions": lambda name: name.startswith(("opinions:", "answers:")),
    "mission": lambda name: name.startswith("mission:"),
    "rest": lambda name: True,
}


def pages() -> list[str]:
    return sorted(name for name, route in ROUTES.items() if route.get and name not in NO_PAGES)


def part_of(name: str) -> str:
    return next(part for part, holds in PARTS.items() if holds(name))


def reader_of(name: str) -> str:
    """Return the role that sees the most of a page, or "anonymous" for a public one."""
    readers = ROUTES[name].get.split()
    return "anonymous" if "anonymous" in readers else next(role for role in (*SEES_MOST, *ROLES) if role in readers)


def free_references() -> None:
    """Rename the references of existing sittings: the factories of the table use the same ones again."""
    known = Sitting.objects.exclude(reference__contains="~")
    known.update(reference=Concat("reference", Value("~"), Cast("pk", CharField())))


class PageVisits:
    """One tab a role, the faults found, and how many pages were opened."""

    def __init__(self, people: People, open_context: Any, sign_in: Any) -> None:
        self.people, self.open_context, self.sign_in = people, open_context, sign_in
        self.tabs: dict[str, Page] = {}
        self.faults: list[str] = []
        self.opened = self.known = 0
        self.served: KnownKinds | None = None

    def tab(self, role: str) -> Page:
        if role not in self.tabs:
            context = self.open_context()
            context.add_init_script(
                AXE.axe_script
            )  # every page of this context is judged: sending it each time costs more
            if role == "other_member":
                self.people.setdefault(role, self.people.make("member", self.people.term))
            if role != "anonymous":
                self.sign_in(context, role)
            self.tabs[role] = context.new_page()
        return self.tabs[role]

    def open(self, name: str, role: str, *, test: str = "") -> Page | None:
        """The page behind an address, or None when there is a file instead, or where each of its elements is of a
        kind that passed `test` before."""
        route = ROUTES[name]
        cache.clear()
        free_references()
        page = self.tab(role)
        url = address(name, route.of(self.people) if route.of else {})
        self.served = None
        if test and not (route.journals or route.may_write) and self.is_known(test, page, url):
            return None
        try:
            answer = page.goto(url)
        except BrowserError:  # a download
            answer = None
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            self.faults.append(f"{name}: no page, name it in NO_PAGES")
            return None
        if answer.status >= 500:
            self.faults.append(f"{name} as {role}: {answer.status}")
        self.opened += 1
        return page

    def open_refused(self, name: str, role: str) -> Page | None:
        """Return the page after posting its empty form, or None if nothing is refused or every element is known."""
        page = self.open(name, role)
        if page is None or not refuse_form(page):
            return None
        self.served = KnownKinds("each refused form", page)
        return page if self.served.new else None

    def is_known(self, test: str, page: Page, url: str) -> bool:
        """Return whether every element of the page is of a kind that passed before."""
        answer = page.request.get(url)
        if answer.ok and "text/html" in answer.headers.get("content-type", ""):
            self.served = KnownKinds(test, page, answer.text())
        self.known += bool(self.served and not self.served.new)
        return bool(self.served and not self.served.new)

    def check(self, page: Page, where: str, *, dark: bool = False) -> None:
        """Run every test on the page. Where it passes, the kinds of its elements are known from then on."""
        before = len(self.faults)
        for test in (assert_accessible, assert_valid_markup, assert_keyboard_navigation, assert_reflows):
            self.run(test, page, where)
        if dark:
            self.run(assert_contrast_in_the_dark, page, f"{where} in the dark")
        if self.served and len(self.faults) == before:
            self.served.keep()

    def run(self, test: Any, page: Page, where: str) -> None:
        try:
            test(page)
        except (AssertionError, BrowserError) as error:
            self.faults.append(f"{where}: {str(error)[:600]}")

    def tell(self, count: Callable[..., None]) -> None:
        count(pages=self.opened, known=self.known, faults=len(self.faults))
        assert self.faults == [], "\n\n".join(self.faults)


@pytest.fixture
def visits(people: People, open_context: Any, sign_in: Any) -> Iterator[PageVisits]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return PageVisits(people, open_context, sign_in)


def keep_picture(page: Page, name: str) -> None:
    """Save screenshots at two widths in the folder that SHOTS names."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(folder) / f"{name.replace(':', '-')}-{width}.png"), full_page=True)
        page.set_viewport_size(before)


def refuse_form(page: Page) -> bool:
    """Empty the page's own form and send it: the page of errors, when there is one (some forms give a file)."""
    form = page.locator("main form[method=post]").first
    if not form.count():
        return False
    with suppress(BrowserError), page.expect_navigation(timeout=5000):
        form.evaluate(
            """(form) => {
              form.noValidate = true
              for (const field of form.querySelectorAll('input:not([type=hidden]), textarea, select')) {
                if (field.type === 'checkbox' || field.type === 'radio') field.checked = false
                else field.value = ''
              }
              HTMLFormElement.prototype.submit.call(form)
            }"""
        )
    return page.locator("[aria-invalid=true], .error-summary").count() > 0


@pytest.mark.parametrize("part", PARTS)
def test_every_page_once(part, visits, people, count):
    written_minutes(people, members=9)
    for name in pages():
        page = (
            visits.open(name, reader_of(name), test="each page" if BY_KIND else "") if part_of(name) == part else None
        )
        if page:
            keep_picture(page, name)
            visits.check(page, name)
    visits.tell(count)


@pytest.mark.long
@pytest.mark.parametrize("state", ["empty", "full", "error"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_by_role_and_state(role, state, visits, people, count):
    """The test above judges each page whole; this one judges those on which a role or a state shows a new kind."""
    if state != "empty":
        written_minutes(people, members=9)
    else:
        assert people.term
    for name in pages():
        route = ROUTES[name]
        if not route.allows("GET", role) or (state == "error" and not route.post) or (state == "empty" and route.of):
            continue
        page = visits.open_refused(name, role) if state == "error" else visits.open(name, role, test="each role")
        if page:
            visits.check(page, f"{name} as {role}, {state}", dark=True)
    visits.tell(count)
