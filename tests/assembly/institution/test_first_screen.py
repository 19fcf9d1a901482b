"""The first screen shows the first lines, and counts every other one in a tray."""

from datetime import date, timedelta

import pytest

from assembly.institution.todo import HORIZON, MOST_SHOWN, ToDo, Tray, first_screen

TODAY = date(2026, 11, 30)


def lines(count, **more):
    return [ToDo(f"Ligne {n}", f"/{n}/", **more) for n in range(count)]


def test_what_is_not_shown_is_counted_once():
    every = [
        *lines(8, due_on=TODAY - timedelta(days=3)),
        *lines(7, is_expected=True),
        *lines(2, tray=Tray.LETTERS, items=4),
        *lines(3, due_on=TODAY + HORIZON + timedelta(days=1)),
    ]
    screen = first_screen(every, TODAY)
    assert (len(screen.acts), len(screen.expected)) == (MOST_SHOWN, MOST_SHOWN)
    assert {one.tray: (one.lines, one.items, one.late) for one in screen.trays} == {
        Tray.MORE: (3, 3, 3),
        Tray.EXPECTED: (2, 2, 0),
        Tray.LETTERS: (2, 8, 0),
        Tray.LATER: (3, 3, 0),
    }
    assert len(screen.acts) + len(screen.expected) + sum(one.lines for one in screen.trays) == len(every)


@pytest.mark.parametrize(("days", "shown"), [(14, 1), (15, 0)])
def test_what_is_due_after_two_weeks_waits_in_a_tray(days, shown):
    assert len(first_screen(lines(1, due_on=TODAY + timedelta(days=days)), TODAY).acts) == shown


def test_a_notice_that_must_be_given_early_is_shown():
    far = TODAY + HORIZON + timedelta(days=60)
    assert len(first_screen(lines(1, due_on=far, is_early=True), TODAY).acts) == 1


def test_a_late_line_of_a_tray_is_counted_as_late():
    screen = first_screen(lines(2, tray=Tray.REGISTERS, due_on=TODAY - timedelta(days=1)), TODAY)
    assert [(one.label, one.late) for one in screen.named_trays] == [("échéances de registres", 2)]


@pytest.mark.django_db
def test_the_dashboard_and_its_trays_show_every_line(people, signed_in):
    """Whatever the page does not show opens from its trays."""
    browser = signed_in("lead")
    home = browser.get("/bureau/")
    screen, waiting = home.context["screen"], home.context["waiting"]
    found = {line.url for line in (*screen.acts, *screen.expected)}
    for tray in screen.trays:
        page = browser.get("/bureau/taches/", {"bac": tray.tray.slug} if tray.tray is not Tray.MORE else {})
        found |= {line.url for line in page.context["waiting"].lines}
    assert found == {line.url for line in waiting.lines}
