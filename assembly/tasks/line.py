"""One line of text as a task: « rappeler la mairie jeudi » is what to do and a day.

Only a day at the end of the line is read; what could mean two days (« lundi prochain ») is left in the text.
"""

import re
import unicodedata
from datetime import date, timedelta

WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
NEAR = {"aujourd'hui": 0, "demain": 1, "apres-demain": 2}
LEAD = r"(?:^|(?<=\s))(?:pour\s+)?(?:le\s+)?"
WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
IN_FIGURES = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d))?"
IN_WORDS = rf"(?P<day>\d{{1,2}}|1er)\s+(?P<month>{'|'.join(MONTHS)})(?:\s+(?P<year>20\d\d))?"
ENDINGS = [
    re.compile(rf"{LEAD}{ending}\s*[.!]?\s*$")
    for ending in (
        rf"(?P<near>{'|'.join(NEAR)})",
        rf"(?:{WEEKDAY}\s+)?{IN_FIGURES}",
        rf"(?:{WEEKDAY}\s+)?{IN_WORDS}",
        WEEKDAY,
    )
]
MOST_YEARS = 8  # until the next 29 February, at most


def read_line(line: str, today: date) -> tuple[str, date | None]:
    """Return what the line says to do, and the day at its end, if there is one."""
    text = line.strip()
    plain = _plain(text)
    for ending in ENDINGS:
        if match := ending.search(plain):
            day = _day_of(match.groupdict(), today)
            rest = text[: match.start()].rstrip(" ,:;")
            if day and rest:
                return rest, day
    return text, None


def _plain(text: str) -> str:
    """Return the text in lower case without accents, sign for sign: positions in it are those of the text."""
    signs = (unicodedata.normalize("NFD", sign)[0].lower()[:1] for sign in text.replace("’", "'"))
    return "".join(sign or " " for sign in signs)


def _day_of(parts: dict[str, str | None], today: date) -> date | None:
    if near := parts.get("near"):
        return today + timedelta(days=NEAR[near])
    month, day = parts.get("month"), parts.get("day")
    if month and day:
        number = int(month) if month.isdigit() else MONTHS.index(month) + 1
        match = _next_day(int(day.removesuffix("er")), number, parts["year"], today)
        weekday = parts.get("weekday")
        return None if match and weekday and WEEKDAYS[match.weekday()] != weekday else match
    ahead = (WEEKDAYS.index(str(parts["weekday"])) - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _next_day(day: int, month: int, year: str | None, today: date) -> date | None:
    """Return the day of that year, else the next one from today; None for one that no calendar has."""
    for candidate in [int(year)] if year else range(today.year, today.year + MOST_YEARS + 1):
        try:
            match = date(candidate, month, day)
        except ValueError:
            continue
        if year or match >= today:
            return match
    return None
