"""Each writer's words stay in one piece where their caret stands, in Chromium and in Firefox, with real keys."""

import pytest

from tests.e2e.carets import LINE, READY, ChromiumScreen, Table, plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEW = [10, 18, 34, 85]  # a split, at the beginning of a heading, « Je propose », a reconnection in a recommendation


def wrong(desk, open_pages, seeds):
    """Play these trials in one text; what came out wrong."""
    trials = [plan(seed) for seed in seeds]
    desk.write(*(block for trial in trials for block in trial.tree()))
    table = Table(open_pages([desk.person() for _writer in range(3)]))
    return [str(outcome) for outcome in map(table.play, trials) if not outcome.is_right]


@pytest.fixture
def chromium_screens(desk):
    def open_pages(users):
        pages = []
        for user in users:
            context = desk.browser(user)
            context.add_init_script(f"({LINE})()")
            pages.append(desk.visit(context.new_page()))
        return [ChromiumScreen(page) for page in pages]

    return open_pages


@pytest.fixture
def firefox_screens(site, desk, open_firefox, session_of):
    def open_pages(users):
        pages = []
        for user in users:
            page = open_firefox()
            page.add_cookie(*session_of(user), "localhost")
            page.add_script(LINE)
            page.goto(site + desk.address)
            page.wait(READY)
            pages.append(page)
        return pages

    return open_pages


def test_carets_stay_in_place(desk, chromium_screens):
    assert wrong(desk, chromium_screens, FEW) == []


@pytest.mark.long
def test_carets_stay_in_place_in_every_kind_of_trial(desk, chromium_screens):
    assert wrong(desk, chromium_screens, range(1000, 1020)) == []


@pytest.mark.long
def test_carets_stay_in_place_in_firefox(desk, firefox_screens):
    assert wrong(desk, firefox_screens, range(2000, 2020)) == []
