"""French typography and order: no-break spaces, dates in words, readable numbers, names as a dictionary sorts them.

« Élan » comes after « Eaux », « L’Œuvre » beside « L'Oeuvre », word by word, « PL-2026-2 » before « PL-2026-10 ».
Databases sort by code point (`C.UTF-8`), and not every PostgreSQL is built with ICU. The same rule is written twice:
here, and in the SQL function of the same name (`identity.0002`), which is immutable, so that an index may use it.

    rows.order_by("name__alphabetical")  # also in `Meta.ordering`, `Column(order=…)` and across relations
    models.Index("assembly", alphabetical_index("name"), name=…)
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.db.models import CharField, Func, TextField, Transform
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _, ngettext

type Label = str | Promise  # text for a screen, translated when it is shown

NBSP = "\u00a0"
SUBJECT_LENGTH = 70  # of a mail: as much as a telephone and the list of an inbox show
MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
BEFORE_HIGH_SIGN = re.compile(r"[ \u202f]([:;?!»%€])")
AFTER_OPENING = re.compile(r"«[ \u202f]")
NUMBER_AND_WORD = re.compile(
    r"(?<=\d)[ \u202f](?=(?:\d{3}\b|h\b|min\b|jours?\b|mois\b|ans?\b|membres?\b|voix\b|°|Ko\b|Mo\b|km\b|m²|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre))"
)
COLON = re.compile(r"([ \u00a0]:[ \u00a0])")
HOUR_AND_MINUTE = re.compile(r"(?<=\d)[ \u202f]?h[ \u202f](?=\d\d\b)")
# Nouns in the names of assemblies, authorities and directorates. No rule gives the gender of a noun: the forms require
# that one that is not here is written with its article (« La Fabrique citoyenne »).
ARTICLES = {
    **dict.fromkeys(
        "cabinet comité commissariat conseil département forum groupe groupement institut jury laboratoire panel "
        "parlement pôle secrétariat service syndicat".split(),
        "le ",
    ),
    **dict.fromkeys(
        "chambre collectivité commission commune communauté conférence convention délégation direction fabrique "
        "fédération mairie maison métropole mission préfecture régie région sous-direction ville".split(),
        "la ",
    ),
    **dict.fromkeys("agence assemblée association atelier eurométropole observatoire office".split(), "l’"),
    **dict.fromkeys("archives ateliers services".split(), "les "),
}
CONTRACTING = re.compile(r"les? ", re.IGNORECASE)
CONTRACTED = {"le ": ("du ", "au "), "les ": ("des ", "aux ")}
# Names of places and persons that take « d’ »: before another H, which may be aspirated, « de » is always acceptable.
MUTE_H = tuple(
    "hadrien hazebrouck hector hélène hendaye hennebont henri hérault hermine hérouville hervé hilaire hippolyte "
    "hirson honoré honorine hortense hubert hugo hugues huguette hyères".split()
)


def nbsp(text: str) -> str:
    """Replace spaces by no-break ones: before `: ; ? ! »`, after `«`, between a number and its unit."""
    text = BEFORE_HIGH_SIGN.sub(NBSP + r"\1", text)
    text = AFTER_OPENING.sub("«" + NBSP, text)
    text = HOUR_AND_MINUTE.sub(f"{NBSP}h{NBSP}", text)
    return NUMBER_AND_WORD.sub(NBSP, text)


def _articled(name: str) -> tuple[str, str]:
    """Return « le », « la », « l’ », « les » with its space or nothing, and the name without it.

    A name begins with its article (« Le Fousseret »), or with a noun whose article is known (« Direction des Routes
    »), or is that of a place or a person, which has none. « La » and « L’ » stay: they contract after no preposition.
    """
    if match := CONTRACTING.match(name):
        return match[0].lower(), name[match.end() :]
    return ARTICLES.get(name.split(" ")[0].lower(), ""), name


def has_article(name: str) -> bool:
    """Return whether a sentence can name this institution; otherwise its article must be written with it."""
    return bool(_articled(name)[0]) or name.lower().startswith(("la ", "l’", "l'"))


def the_name(name: str) -> str:
    """Return a name as within a sentence: « la Direction des Routes », « l’Assemblée citoyenne », « Escalquens »."""
    return "".join(_articled(name))


def of_name(name: str) -> str:
    """Return the name after « de »: « du Conseil départemental », « de l’Assemblée citoyenne », « d’Escalquens ».

    Also « du Fousseret », « de Revel ».
    """
    article, rest = _articled(name)
    if article in CONTRACTED:
        return CONTRACTED[article][0] + rest
    first = unicodedata.normalize("NFKD", name)[:1].lower()
    is_elided = not article and (first in {*"aeiouyœæ"} or name.lower().startswith(MUTE_H))
    return f"d’{name}" if is_elided else f"de {article}{rest}"


def to_name(name: str) -> str:
    """Return the name after « à »: « au Conseil départemental », « à l’Assemblée citoyenne », « aux Andelys »."""
    article, rest = _articled(name)
    return CONTRACTED[article][1] + rest if article in CONTRACTED else f"à {article}{rest}"


def local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def format_date(value: date | datetime | None, *, weekday: bool = True) -> str:
    """Return the date as « samedi 28 mars 2026 »."""
    return _format_day(local_day(value), weekday) if value else ""


@lru_cache(maxsize=4_000)  # a list names the same few days in each of its lines
def _format_day(day: date, weekday: bool) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{formatted(day, 'l') + ' ' if weekday else ''}{number}{NBSP}{formatted(day, 'F Y')}"


def month_short(value: date | datetime | None) -> str:
    """Return the month as « avril », « sept. », short enough for a calendar leaf."""
    return MONTHS[local_day(value).month - 1] if value else ""


def format_time(value: datetime | None) -> str:
    """Return the local time as « 9 h 30 », « 18 h »."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02}" if local.minute else "")


def format_duration(minutes: int) -> str:
    """Return a duration as « 20 min », « 1 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")


def format_moment(value: datetime | None) -> str:
    """Return a moment as « samedi 28 mars 2026 à 9 h 30 »."""
    return f"{format_date(value)} à {format_time(value)}" if value else ""


def in_days(value: date | datetime | None, today: date | None = None) -> str:
    """Return the distance of a date: « aujourd’hui », « dans 12 jours », « il y a 3 mois »."""
    if value is None:
        return ""
    distance = (local_day(value) - (today or timezone.localdate())).days
    near = {0: _("aujourd’hui"), 1: _("demain"), -1: _("hier")}
    if distance in near:
        return near[distance]
    span = format_span(abs(distance))
    return (_("dans %(span)s") if distance > 0 else _("il y a %(span)s")) % {"span": span}


def format_span(days: int) -> str:
    """Return a span in days below 100 days, then in months, then in years: « 412 jours » is hard to read."""
    if days < 100:
        return ngettext("%(n)s\u00a0jour", "%(n)s\u00a0jours", days) % {"n": days}
    if days < 700:
        return _("%(n)s\u00a0mois") % {"n": round(days / 30.44)}
    return ngettext("%(n)s\u00a0an", "%(n)s\u00a0ans", round(days / 365.25)) % {"n": round(days / 365.25)}


def due(value: date | datetime | None, today: date | None = None) -> str:
    """Describe a deadline: « 4 jours de retard », « aujourd’hui », « dans 3 jours, vendredi 17 avril 2026 »."""
    return _due(local_day(value), today or timezone.localdate()) if value else ""


@lru_cache(maxsize=1_000)
def _due(day: date, today: date) -> str:
    late = (today - day).days
    if late > 0:
        return _("%(span)s de retard") % {"span": format_span(late)}
    return f"{in_days(day, today)}, {format_date(day)}" if late else _("aujourd’hui")


def when(value: date | datetime | None) -> str:
    """Return a date and its distance: « samedi 28 mars 2026 à 9 h 30, dans 12 jours »."""
    if value is None:
        return ""
    label = format_moment(value) if isinstance(value, datetime) else format_date(value)
    return f"{label}, {in_days(value)}"


def french_enumeration(names: Sequence[str], most: int = 3) -> str:
    """Join names as « la question, la date et la direction pilote »; beyond `most`, the last one counts the rest."""
    if len(names) > most:
        more = len(names) - most + 1
        names = [*names[: most - 1], ngettext("%(n)s autre", "%(n)s autres", more) % {"n": more}]
    return _(" et ").join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


SAME_IN_PLURAL = {"avis", "cours", "sans"}


def noun_for(count: int, plural: str) -> str:
    """Return the noun after a number: « suites données » of many, « suite donnée » of one or none."""
    if abs(count) >= 2:
        return plural
    return " ".join(word if word in SAME_IN_PLURAL else word.removesuffix("s") for word in plural.split(" "))


def as_title(title: str) -> str:
    """Put a title between guillemets if it holds a colon: a sentence has only one."""
    return f"« {title} »" if COLON.search(title) and not title.startswith("«") else title


def one_colon(sentence: str) -> str:
    """Put what follows the first of two colons between guillemets: « À lire : « Webinaire : … » »."""
    parts = COLON.split(sentence, maxsplit=1)
    return f"{parts[0]}{parts[1]}{as_title(parts[2])}" if len(parts) == 3 else sentence


def mail_subject(about: str, kind: str) -> str:
    """Return the subject of a mail: its topic first, then its kind; a long title is cut so that both are shown."""
    kind = kind[:1].lower() + kind[1:]
    return f"{shortened(about, SUBJECT_LENGTH - len(kind) - 3)}{NBSP}: {kind}"


def shortened(text: str, most: int) -> str:
    """Cut a text to so many characters, between two words, with « … »."""
    if len(text) <= most:
        return text
    shorter = text[:most].rpartition(" ")[0] or text[: most - 1]
    return shorter.rstrip(f" ,;:.«({NBSP}") + "…"


def file_size(size: int) -> str:
    """Return a size as « 412 Ko », « 1,2 Mo », « 3,4 Go », the notation of French readers."""
    if size < 1_000_000:
        return f"{format_number(max(round(size / 1000), 1))}{NBSP}Ko"
    if size < 1_000_000_000:
        return f"{format_number(size / 1_000_000, 1)}{NBSP}Mo"
    return f"{format_number(size / 1_000_000_000, 1)}{NBSP}Go"


def format_number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """Return a number as « 1 250 », « 12,5 »."""
    if value is None:
        return ""
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
    else:
        text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"  # without f: 80 may be « 8E+1 »
    return text.replace(",", NBSP).replace(".", ",")


def format_percent(part: float | Decimal | None, whole: float | Decimal | None = None, decimals: int = 0) -> str:
    """Return « 45 % » from a share between 0 and 1, or from a part and its whole; « – » without a share."""
    if part is None or whole == 0:
        return "–"
    share = Decimal(str(part)) / (Decimal(str(whole)) if whole is not None else 1) * 100
    return f"{format_number(share, decimals)}{NBSP}%"


MARKS = re.compile('[\u0300-\u036f«»“”"]')  # accents, once separated from their letter; quotation marks
WORD_SEPARATORS = re.compile("[’'‐–-]")
NUMBER = re.compile("[0-9]+")
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})  # letters that NFKD does not decompose


def letters_key(text: str) -> str:
    """Return `text` in lower case without accents, one space between words: by it names are stored and found."""
    bare = MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(LETTERS)
    return WORD_SEPARATORS.sub(" ", bare).lstrip(" ")


def alphabetical(text: str) -> str:
    """Return the sort key of `text`: its letters, and each number with zeros in front, so that 2 comes before 10."""
    return NUMBER.sub(lambda number: number[0].lstrip("0").zfill(12), letters_key(text))


def sort_choices(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort the choices of a field by their labels."""
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))


class Alphabetical(Transform):
    """Transform `name__alphabetical`: the same sort key, computed by PostgreSQL."""

    lookup_name = function = "alphabetical"


CharField.register_lookup(Alphabetical)
TextField.register_lookup(Alphabetical)


def alphabetical_index(name: str) -> Func:
    """Return the expression of this key for an index.

    Migrations write it out as `Func`, because they import no code of the apps.
    """
    return Func(name, function=Alphabetical.function)
