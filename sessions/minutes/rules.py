"""Redaction of names (pure functions): the public reads only those of people in an official capacity.

The rule is in domain.md H1. Named in public minutes: the chair and the secretary of the sitting, and guests who
represent an institution (they have a capacity and no seat drawn by lot). Everybody else becomes « un·e membre » or «
une personne ».
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assembly.text.french import NBSP

MEMBER = "un·e\u00a0membre"
PERSON = "une personne"
CIVILITY = r"(?:(?:M\.|Mme|Mlle|Mr|Monsieur|Madame|Mademoiselle)[\s\u00a0]+)?"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MAIL_LINK = re.compile(r'<a href="mailto:[^"]*">(.*?)</a>', re.DOTALL)
SHORTEST_ALONE = 3
CONTEXT_LENGTH = 40
PLACE_CONTEXT = re.compile(
    r"(?:cantons?|communes?|villes?|villages?|mairies?|gares?|secteurs?|territoires?)"
    r"[\s\u00a0]+(?:de[\s\u00a0]+|d['’])(?:la[\s\u00a0]+|l['’])?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PrivatePersons:
    """A person whose name is not published."""

    first_name: str
    last_name: str
    is_member: bool = True
    email: str = ""

    @property
    def stand_in(self) -> str:
        return MEMBER if self.is_member else PERSON


def folded(text: str) -> str:
    """Return the text in lower case without accents, to compare names however they were typed."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


SEPARATORS = "-'’"


def spaced(text: str) -> str:
    """Return the folded text with one plain space for each space, hyphen or apostrophe."""
    return " ".join(folded(text).translate(dict.fromkeys(map(ord, SEPARATORS), " ")).split())


def named_in(people: Iterable[PrivatePersons], text: str) -> list[PrivatePersons]:
    """Return those whose surname may be in the text.

    A redactor of them matches the same names in it as one of everybody.
    """
    spaced_text = spaced(text)
    return [person for person in people if spaced(person.last_name) in spaced_text]


def _loosely(name: str) -> str:
    """Return a pattern for a name with any accents, case, hyphens and spaces."""
    pattern = []
    for character in name.strip():
        base = folded(character)
        if character in " \u00a0-":
            pattern.append(r"[\s\u00a0-]+")
        elif character in "'’":
            pattern.append("['’]")
        elif base != character.casefold():
            pattern.append(f"(?:{re.escape(character)}|{re.escape(base)})")
        else:
            pattern.append(re.escape(character))
    return "".join(pattern)


class Redactor:
    """Replaces private names in texts and in simple HTML, and lists those that it matched."""

    def __init__(self, people: Iterable[PrivatePersons], places: Iterable[str] = ()) -> None:
        self.people = [person for person in people if person.last_name.strip()]
        spared = {folded(place) for place in places}
        whole, alone, doubtful = [], [], []
        self._stand_ins: dict[str, str] = {}
        for person in self.people:
            first, last = _loosely(person.first_name), _loosely(person.last_name)
            self._stand_ins.setdefault(spaced(person.last_name), person.stand_in)
            if person.first_name.strip():
                whole += [rf"{first}[\s\u00a0]+{last}", rf"{last}[\s\u00a0]+{first}"]
            if folded(person.last_name) not in spared and len(person.last_name) >= SHORTEST_ALONE:
                alone += [_loosely(person.last_name.title()), _loosely(person.last_name.upper())]
            else:
                doubtful += [_loosely(person.last_name.title()), _loosely(person.last_name.upper())]
        self._doubtful = self._compiled(doubtful, 0)
        self._whole = self._compiled(whole, re.IGNORECASE)
        self._alone = self._compiled(alone, 0)
        self._emails = {person.email.casefold() for person in self.people if person.email}

    @staticmethod
    def _compiled(names: list[str], flags: int) -> re.Pattern[str] | None:
        if not names:
            return None
        longest_first = sorted(set(names), key=len, reverse=True)
        return re.compile(rf"(?<!\w){CIVILITY}(?:{'|'.join(longest_first)})(?!\w)", flags)

    def _stand_in(self, match: re.Match[str]) -> str:
        text = spaced(match[0])
        return next((self._stand_ins[name] for name in self._stand_ins if name in text), PERSON)

    def _mask_email(self, match: re.Match[str]) -> str:
        address = match[0].casefold()
        owner = folded(address.split("@")[0])
        mine = address in self._emails or any(
            len(name) >= SHORTEST_ALONE and name.replace(" ", "") in owner for name in self._stand_ins
        )
        return "adresse retirée" if mine else match[0]

    def redact(self, text: str) -> str:
        """Return the text without private names and private addresses."""
        if "@" in text:
            text = MAIL_LINK.sub(lambda match: match[1], text) if EMAIL.sub(self._mask_email, text) != text else text
            text = EMAIL.sub(self._mask_email, text)
        for pattern in (self._whole, self._alone):
            if pattern is not None:
                text = pattern.sub(self._stand_in, text)
        return text

    def names_in(self, text: str) -> list[str]:
        """Return the private names in the text, as typed, each once, for the writer."""
        names: dict[str, None] = {}
        for pattern in (self._whole, self._alone):
            if pattern is not None:
                names |= dict.fromkeys(match[0].replace(NBSP, " ") for match in pattern.finditer(text))
                text = pattern.sub("", text)
        return list(names)

    def doubts_in(self, text: str) -> list[str]:
        """Return surnames that stay as they also name a place (or are very short), with their context."""
        if self._doubtful is None:
            return []
        return [
            _excerpt(text, match.start(), match.end())
            for match in self._doubtful.finditer(text)
            if not PLACE_CONTEXT.search(text[: match.start()])
        ]


def _excerpt(text: str, start: int, end: int) -> str:
    """Return « … puis Revel demande la parole … », cut at spaces."""
    before, after = text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]
    if start > CONTEXT_LENGTH:
        before = f"… {before.partition(' ')[2] or before}"
    if end + CONTEXT_LENGTH < len(text):
        after = f"{after.rpartition(' ')[0] or after} …"
    return f"«{NBSP}{before}{text[start:end]}{after}{NBSP}»"


def texts_of(value: Any, *, spared: frozenset[str]) -> Iterator[str]:
    """Yield every text of a value, at any depth, without the branches named in `spared`."""
    match value:
        case str():
            yield value
        case dict():
            for key, part in value.items():
                if key not in spared:
                    yield from texts_of(part, spared=spared)
        case list():
            for part in value:
                yield from texts_of(part, spared=spared)


def without_names(value: Any, redactor: Redactor, *, spared: frozenset[str]) -> Any:
    """Return the value with every text redacted, at any depth, except the branches named in `spared`."""
    match value:
        case str():
            return redactor.redact(value)
        case dict():
            return {
                key: part if key in spared else without_names(part, redactor, spared=spared)
                for key, part in value.items()
            }
        case list():
            return [without_names(part, redactor, spared=spared) for part in value]
    return value
