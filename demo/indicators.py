"""A year of indicators: the nights counted by the product, and the values that the team enters."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from assembly.indicators.registry import Facts, Indicator, Theme, indicator
from demo.context import DemoContext, at
from demo.days import TODAY, at_hour, story_date
from mission.indicators import actions as indicators

LAST_NIGHT: Final = story_date(TODAY) - timedelta(days=1)
EVERY_NIGHT: Final = timedelta(days=60)
HANDED_OVER: Final = story_date("2026-07-15")
SUCCESSION: Final = story_date("2026-11-09")
PROFILE: Final = "ecart-age"
# Key, day, value, people who answered, source, what it counts.
ENTRIES: Final = (
    ("confiance-avant", "2025-11-29", "61", 104, "Questionnaire d’installation (fictif)", ("", "")),
    ("satisfaction", "2026-03-28", "78", 86, "Questionnaire de mi-parcours (fictif)", ("", "")),
    ("influence-ressentie", "2026-03-28", "54", 86, "Questionnaire de mi-parcours (fictif)", ("", "")),
    ("parole-des-femmes", "2026-03-28", "43.5", None, "Relevé en plénière (fictif)", ("", "")),
    ("satisfaction", "2026-10-03", "83", 71, "Questionnaire de rentrée (fictif)", ("", "")),
    ("influence-ressentie", "2026-10-03", "62", 71, "Questionnaire de rentrée (fictif)", ("", "")),
    ("parole-des-femmes", "2026-10-03", "47", None, "Relevé en plénière (fictif)", ("", "")),
    ("concertations", "2026-09-30", "5", None, "Suivi de la mission (fictif)", ("", "")),
    ("concertations", "2026-09-30", "3", None, "Suivi de la mission (fictif)", ("niveau", "consult")),
    ("concertations", "2026-09-30", "2", None, "Suivi de la mission (fictif)", ("niveau", "involve")),
    ("concertations", "2026-09-30", "2", None, "Suivi de la mission (fictif)", ("territoire", "department")),
    ("concertations", "2026-09-30", "3", None, "Suivi de la mission (fictif)", ("territoire", "cantons")),
)


def seed(context: DemoContext) -> None:
    """Enter values and count the nights, except those of answers and successions, which are counted after a seal."""
    for key, on, value, people, source, place in ENTRIES:
        with at(f"{on} 18:30"):
            indicators.enter_value(
                context.term,
                declared(key),
                day=story_date(on),
                value=Decimal(value),
                people=people,
                source=source,
                place=place,
                by=context.officer,
            )
    for day in nights_from(context.term.starts_on):
        count(context, day, lambda one, day: not follows_answers(one, day) and not follows_draw(one, day))


def count_answers(context: DemoContext) -> None:
    for day in nights_from(HANDED_OVER):
        count(context, day, follows_answers)


def count_panel(context: DemoContext) -> None:
    """Count who sits since four members left, and the published profile, which come with the seal of the draw."""
    for day in nights_from(context.term.starts_on):
        count(context, day, follows_draw)


def follows_answers(one: Indicator, day: date) -> bool:
    return one.theme == Theme.ANSWERS


def follows_draw(one: Indicator, day: date) -> bool:
    return one.key == PROFILE or (one.theme == Theme.PANEL and day >= SUCCESSION)


def count(context: DemoContext, day: date, of: Callable[[Indicator, date], bool]) -> None:
    """Count one night as the scheduled job does; breakdowns and facts without a date only for the last one."""
    is_last = day == LAST_NIGHT
    with at(at_hour(day + timedelta(days=1), "02:15")):
        indicators.count_day(
            context.term,
            day,
            is_included=lambda one: of(one, day) and (is_last or one.facts != Facts.CURRENT),
            with_breakdowns=is_last,
        )


def nights_from(first: date) -> Iterator[date]:
    """Yield every night of the last two months, one in five of those before: all of them take half a minute."""
    for number in range((LAST_NIGHT - first).days + 1):
        day = first + timedelta(days=number)
        if LAST_NIGHT - day < EVERY_NIGHT or not (LAST_NIGHT - day).days % 5:
            yield day


def declared(key: str) -> Indicator:
    row = indicator(key)
    assert row is not None  # noqa: S101 -- a key of `mission.indicators.contributions`
    return row
