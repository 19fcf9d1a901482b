"""The story is told for a Wednesday of the calendar, whole weeks after the day for which it was written."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from demo import days


@pytest.fixture
def telling(monkeypatch):
    """Return a function that sets the day of the story as the environment of a new process does."""

    def tell(day):
        monkeypatch.setenv(days.VARIABLE, day)
        days.shown_day.cache_clear()

    yield tell
    monkeypatch.undo()
    days.shown_day.cache_clear()


def test_the_story_keeps_its_days_of_the_week_and_its_hours(telling):
    telling("2027-06-09")
    assert days.story_date("2026-06-27") == date(2027, 1, 9)
    assert days.story_date("2026-06-27").weekday() == date(2026, 6, 27).weekday()
    assert days.paris("2026-11-25 09:30").isoformat() == "2027-06-09T09:30:00+02:00"


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-11-25", "2026-11-25"), ("2026-12-01", "2026-11-25"), ("2026-12-26", "2026-12-23")],
)
def test_the_last_telling_is_less_than_a_week_ago(today, last):
    assert days.last_day_to_show(date.fromisoformat(today)) == date.fromisoformat(last)


def test_a_file_is_outdated_after_thirty_days():
    assert not days.is_outdated(date(2026, 11, 25), date(2026, 12, 25))
    assert days.is_outdated(date(2026, 11, 25), date(2026, 12, 26))


@pytest.mark.parametrize(
    ("text", "retold"),
    [
        ("la plénière du 12 septembre", "la plénière du 27 mars"),
        ("Comité de suivi d’octobre", "Comité de suivi d’avril"),
        ("Comité de suivi de mars", "Comité de suivi de septembre"),
        ("dès mars 2027, pour 300 € en 2027", "dès septembre 2027, pour 300 € en 2028"),
        ("le 1er octobre 2026", "le 15 avril 2027"),
        ("Délibération 2026-11-07", "Délibération 2027-05-07"),
        ("CD-2026-118, Vieillir en 2050", "CD-2027-118, Vieillir en 2050"),
    ],
)  # fmt: skip
def test_days_in_a_text_follow(telling, text, retold):
    assert days.retell(text) == text
    telling("2027-06-09")
    assert days.retell(text) == retold


@pytest.mark.parametrize("day", ["2027-06-10", "demain"])
def test_another_day_of_the_week_is_refused(telling, day):
    telling(day)
    with pytest.raises(ImproperlyConfigured, match="ASSEMBLY_DEMO_DAY"):
        days.shown_day()


def test_one_process_shows_one_day(telling):
    telling("2027-06-09")
    days.show_day(date(2027, 6, 9))
    with pytest.raises(RuntimeError, match="2027-06-16"):
        days.show_day(date(2027, 6, 16))


@pytest.mark.django_db
def test_a_banner_tells_the_day(client, settings):
    settings.DEMO, settings.DEMO_DAY = True, "2026-12-01"
    for page in ("/", reverse("account_login")):
        text = " ".join(client.get(page).content.decode().replace("\u00a0", " ").split())
        assert "La démonstration raconte le mardi 1er décembre 2026." in text, page
    settings.DEMO_DAY = ""
    assert "raconte" not in client.get("/").content.decode()
    settings.DEMO, settings.DEMO_DAY = False, "2026-12-01"
    assert "raconte" not in client.get("/").content.decode()
