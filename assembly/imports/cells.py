"""Cells as people write them: days, hours, numbers, telephones, choices. No hour, year or meaning is invented.

Each function returns the text that a form field reads, or leaves the text as it is for the field to refuse;
`InvalidCell` says what the field could not.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.files.sheets import without_apostrophe
from assembly.text.numbers import FrenchNumberField
from assembly.web.forms import TagsField


class InvalidCell(Exception):
    """A cell is invalid; the message says why."""


def unaccented(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(character for character in flat if not unicodedata.combining(character))


def folded_text(text: str) -> str:
    """Return lower case without accents, tokens separated by one space: the form in which names are compared."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", unaccented(text)).split())


MIDNIGHT = re.compile(r"(?<=\d)[ T]0?0:00(?::00)?$")  # written by programs behind a day that has no hour
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet"),
    *("aout", "septembre", "octobre", "novembre", "decembre"),
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAY = (
    r"(?:le )?(?:(?P<weekday>[a-z]{3,8})[.,]? )?(?:"
    r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    r"|(?P<iso_year>\d{4})[/-](?P<iso_month>\d{1,2})[/-](?P<iso_day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?:er)? (?P<name>[a-z]{3,9})[.,]? (?P<of>\d{4}))"
)
HOUR = r"(?P<hour>\d{1,2})(?: ?h(?:eures?)? ?(?P<minute>\d{2})?(?: ?min)?|:(?P<minutes>\d{2})(?::(?P<second>\d{2}))?)"
ONE_DAY = re.compile(DAY, re.ASCII)
ONE_MONTH = re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<of>\d{4})", re.ASCII)
ONE_HOUR = re.compile(HOUR, re.ASCII)
MOMENT = re.compile(rf"{DAY}(?:t|,? (?:a |- )?){HOUR}", re.ASCII)
GROUPED = re.compile(
    r"[-−]?\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:,\d{3})+\.\d{1,2}|(?:\.\d{3}){2,}|(?:,\d{3}){2,})", re.ASCII
)
YES, NO = {"oui", "o", "vrai", "x", "1", "true", "yes"}, {"", "non", "n", "faux", "0", "false", "no"}


def single_spaced(text: str) -> str:
    return " ".join(unaccented(text).split())


def month_number(word: str) -> int:
    months = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(word)]
    if len(months) != 1:
        raise InvalidCell(_("Le mois de cette date n’est pas reconnu. Écrivez par exemple 05/12/2026."))
    return months[0]


def day_of(match: re.Match[str], *, past: bool = False) -> date:
    """Return the day of a match of DAY; raise InvalidCell for one that does not exist. `past`: « 68 » is 1968."""
    part = match.groupdict()
    figures: tuple[Any, Any, Any]
    if part["name"]:
        figures = (part["of"], month_number(part["name"]), part["first"])
    elif part["day"]:
        year = part["year"] if len(part["year"]) == 4 else f"20{part['year']}"
        if past and len(part["year"]) == 2 and int(year) > timezone.localdate().year:
            year = f"19{part['year']}"
        figures = (year, part["month"], part["day"])
    else:
        figures = (part["iso_year"], part["iso_month"], part["iso_day"])
    try:
        day = date(*map(int, figures))
    except ValueError:
        raise InvalidCell(_("Ce jour n’existe pas dans le calendrier.")) from None
    weekday = WEEKDAYS[day.weekday()]
    if part["weekday"] and not weekday.startswith(part["weekday"]):
        raise InvalidCell(_("Ce jour est un %(weekday)s : corrigez le jour ou la date.") % {"weekday": weekday})
    return day


def hour_of(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or 0)
    second = int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise InvalidCell(_("Cette heure n’existe pas. Écrivez par exemple 14 h 30."))
    return f"{hour:02}:{minute:02}:{second:02}"


def day_cell(text: str, *, past: bool = False) -> str:
    """Return ISO text for « 3/12/2026 », « 03.12.26 », « jeudi 3 déc. 2026 », « déc. 2026 » (a month), or a day with
    an added midnight."""
    spaced_text = single_spaced(MIDNIGHT.sub("", text))
    if MOMENT.fullmatch(spaced_text):
        raise InvalidCell(_("Cette case porte une heure. Écrivez le jour seul, par exemple 05/12/2026."))
    if month := ONE_MONTH.fullmatch(spaced_text):
        return f"{month['of']}-{month_number(month['name']):02}"
    match = ONE_DAY.fullmatch(spaced_text)
    return day_of(match, past=past).isoformat() if match else text


def moment_cell(text: str) -> str:
    """Return ISO text for « 05/12/2026 14:30 », « jeudi 3 déc. 2026 à 14 h 30 » or « 2026-12-05 14:30:00 »."""
    spaced_text = single_spaced(text)
    if ONE_DAY.fullmatch(spaced_text):
        raise InvalidCell(_("L’heure manque. Écrivez le jour et l’heure, par exemple 05/12/2026 14:30."))
    if is_hour(text):
        raise InvalidCell(_("Le jour manque. Écrivez le jour et l’heure, par exemple 05/12/2026 14:30."))
    match = MOMENT.fullmatch(spaced_text)
    return f"{day_of(match).isoformat()}T{hour_of(match)}" if match else text


def is_hour(text: str) -> bool:
    """Return whether the cell is an hour without its day."""
    return ONE_HOUR.fullmatch(single_spaced(text)) is not None


def hour_cell(text: str) -> str:
    """Return « 14:30:00 » for « 14h30 », « 14 h 30 » or « 14:30 »."""
    match = ONE_HOUR.fullmatch(single_spaced(text))
    return hour_of(match) if match else text


def amount_cell(text: str, label: str) -> str:
    """Return a number with no separators of thousands where two of them, or decimals, leave one reading."""
    number = " ".join(text.split())
    unit = re.search(r"(?: ?(?:€|euros?|eur))?(?: ?ttc)?$", number, re.IGNORECASE)
    number, end = (number[: unit.start()], "€") if unit and unit[0] else (number, "")
    if label.casefold().endswith("%"):
        number = number.removesuffix("%").rstrip()
    if GROUPED.fullmatch(number):
        number = number.replace(re.sub(r"[-−\d]", "", number)[0], "")
    return f"{number} {end}".rstrip()


def phone_text(text: str) -> str:
    """Return ten figures by pairs, with the zero that a spreadsheet dropped; leave any other number."""
    digits = re.sub(r"[\s.()-]", "", text)
    if re.fullmatch(r"[1-9]\d{8}", digits, re.ASCII):
        digits = f"0{digits}"
    if re.fullmatch(r"\d{10}", digits, re.ASCII):
        return " ".join(re.findall("..", digits))
    return digits if re.fullmatch(r"\+\d{9,15}", digits, re.ASCII) else text


def has_luhn_key(digits: str) -> bool:
    """Return whether the last figure is the key of the others, as in a SIREN or SIRET number."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(divmod(number, 10)[0] + number % 10 for number in doubled) % 10 == 0


def company_number(text: str, length: int) -> str:
    """Return figures without spaces, with the zeros in front that a spreadsheet dropped where the key proves them.

    Numbers of « La Poste », which have another key, begin with no zero.
    """
    digits = re.sub(r"[\s.\u202f]", "", text)
    whole = digits.zfill(length)
    lost = length - len(digits)
    return whole if 0 < lost <= 2 and re.fullmatch(r"\d+", digits, re.ASCII) and has_luhn_key(whole) else digits


def postcode_text(text: str) -> str:
    """Return five figures without a space, with the zero in front that a spreadsheet dropped."""
    digits = text.replace(" ", "")
    return f"0{digits}" if re.fullmatch(r"[1-9]\d{3}", digits, re.ASCII) else digits


def yes_no(text: str) -> str:
    """Return « on » for yes, nothing for no."""
    folded = folded_text(text)
    if folded in YES or folded in NO:
        return "on" if folded in YES else ""
    raise InvalidCell(_("Écrivez oui ou non."))


def choice_cell(text: str, choices: Mapping[str, str]) -> str:
    """Return the value whose folded label the cell is, else begins, else begins from one of its words on.

    Raise InvalidCell for none or several.
    """
    folded = folded_text(text)
    if folded in choices:
        return choices[folded]
    tokens = sorted(folded.split())
    values = {value for label, value in choices.items() if sorted(label.split()) == tokens}
    values = values or {value for label, value in choices.items() if folded and label.startswith(folded)}
    values = values or {value for label, value in choices.items() if folded and f" {folded}" in label}
    if len(values) == 1:
        return values.pop()
    if values:
        raise InvalidCell(_("Plusieurs choix commencent ainsi. Écrivez le choix en entier."))
    raise InvalidCell(_("Ce choix n’existe pas. Écrivez un choix de la liste, tel qu’il y est écrit."))


def text_value(label: str, text: str) -> str:
    """Return a text as its field reads it: figures of a telephone or SIRET number without what a program changed."""
    kind = folded_text(label)
    if "telephone" in kind:
        return phone_text(text)
    if "siret" in kind or "siren" in kind:
        return company_number(text, 14 if "siret" in kind else 9)
    return postcode_text(text) if "code postal" in kind else text


def form_value(field: Any, text: str, choices: Mapping[str, str]) -> Any:
    """Return what somebody would type, or choose, for the text of a cell.

    Raises InvalidCell for a day where a moment is required, and the other way round: no hour is invented or dropped.
    """
    text = without_apostrophe(text)
    match field:
        case forms.ModelMultipleChoiceField() | forms.MultipleChoiceField():
            parts = re.split(r"[;|\n]", text)
            return [choice_cell(part, choices) for part in parts if part.strip()]
        case forms.ModelChoiceField():
            return choice_cell(text, choices)
        case forms.ChoiceField():
            return text if text in choices.values() else choice_cell(text, choices)
        case forms.DateTimeField():
            return moment_cell(text)
        case forms.DateField():
            return day_cell(text)
        case forms.TimeField():
            return hour_cell(text)
        case forms.BooleanField():
            return yes_no(text)
        case FrenchNumberField():
            return amount_cell(text, str(field.label or ""))
        case TagsField():
            return re.sub(r" *[;|\n] *", ", ", text)
    return text_value(str(field.label or ""), text)
