"""Rights on minutes, their rich text and notes, redaction of names in the public version."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import escape, unescape
from typing import Any

from django.utils import timezone

from assembly.dossiers.pages import ReaderPages, is_any_reader
from assembly.identity.personal_data import months_later
from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import has_role, is_facilitator, is_team
from assembly.text.french import NBSP
from assembly.text.rewriting import Rewriting, without_spaces
from sessions.models import Minutes, MinutesState, Sitting


def can_start(user: Any, sitting: Sitting) -> bool:
    """Return whether the team may start the minutes: from the opening on, for notes during the sitting."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.is_held)


def can_see_desk(user: Any, minutes: Minutes) -> bool:
    """Return whether the user may open the back-office pages; other readers have their own."""
    return is_team(user, minutes.sitting.term_id) or is_facilitator(user, minutes.sitting.term_id)


MINUTES_PAGES = ReaderPages(
    (can_see_desk, "sittings:minutes", "sitting_id"),
    (is_any_reader, "sittings:minutes-read"),
)


def can_write(user: Any, minutes: Minutes) -> bool:
    """Return whether the user may write summaries: until the text is circulated."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_being_written


def takes_changes(minutes: Minutes) -> bool:
    """Return whether a correction may still change the circulated text.

    A letter posted in time is recorded a few days later.
    """
    return minutes.state in MinutesState.tagged("reading") and not minutes.is_sealed


def can_ask_correction(user: Any, minutes: Minutes, *, attended: bool, now: datetime) -> bool:
    """Return whether somebody who attended may still ask for a correction."""
    return bool(user.is_authenticated) and attended and minutes.takes_corrections(now)


def can_record_correction(user: Any, minutes: Minutes) -> bool:
    """Return whether the team may record a correction asked by letter or telephone."""
    return is_team(user, minutes.sitting.term_id) and takes_changes(minutes)


def can_see_actions(user: Any) -> bool:
    """Return whether the user may open the list of actions to follow."""
    return has_role(user, TEAM_ROLES | {Role.FACILITATOR})


BULLET = re.compile(r"^\s*[-•*–]\s+")
PLAIN_TAGS = re.compile(r"</?(?:p|ul|li|br)\s*/?>")
ANY_TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(r"<p>(?P<p>.*?)</p>|<ul>(?P<ul>.*?)</ul>", re.DOTALL)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
EMPTIED = re.compile(r"<(p|li|ul|ol|h[1-6])>\s*</\1>")
EMPTY_ENDS = re.compile(r"^(?:<p>(?:\s|<br>)*</p>)+|(?:<p>(?:\s|<br>)*</p>)+$")
BREAK = re.compile(r"<br\s*/?>")


def from_plain(text: str) -> str:
    """Convert plain text from a textarea into paragraphs and lists."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    """Convert one block: lines that begin with a dash into a list, others into a paragraph with line breaks."""
    html: list[str] = []
    text_lines: list[str] = []
    items: list[str] = []
    for line in [*block.split("\n"), None]:
        if line is not None and BULLET.match(line):
            if text_lines:
                html.append(_paragraph(text_lines))
                text_lines = []
            items.append(escape(BULLET.sub("", line).strip(), quote=False))
            continue
        if items:
            html.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
            items = []
        if line is not None:
            text_lines.append(escape(line.strip(), quote=False))
    if text_lines:
        html.append(_paragraph(text_lines))
    return "".join(html)


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(lines)}</p>"


def to_plain(html: str) -> str | None:
    """Return the text for a textarea, or None when it has more than paragraphs and simple lists."""
    if any(not PLAIN_TAGS.fullmatch(tag) for tag in ANY_TAG.findall(html)):
        return None
    blocks, last = [], 0
    for match in BLOCK.finditer(html):
        if html[last : match.start()].strip():
            return None
        last = match.end()
        part = _plain_block(match)
        if part is None:
            return None
        blocks.append(part)
    if html[last:].strip():
        return None
    return "\n\n".join(blocks)


def _plain_block(match: re.Match[str]) -> str | None:
    if match["p"] is not None:
        text = unescape(ANY_TAG.sub("", BREAK.sub("\n", match["p"])))
        return None if any(BULLET.match(line) or not line.strip() for line in text.split("\n")) else text
    items = ITEM.findall(match["ul"])
    if "".join(f"<li>{item}</li>" for item in items) != match["ul"].strip() or any("<" in item for item in items):
        return None
    return "\n".join(f"- {unescape(item)}" for item in items)


def trimmed(html: str) -> str:
    """Return the text without the empty paragraphs that editors leave at both ends."""
    return EMPTY_ENDS.sub("", html)


def html_to_text(html: str) -> str:
    """Return the text without tags, to find a passage and for short excerpts."""
    spaced = re.sub(r"</(?:p|li|h[1-6]|td|th|tr|blockquote|caption)>|<br\s*/?>", " ", html)
    return " ".join(unescape(ANY_TAG.sub("", spaced)).split())


def replaced_once(html: str, passage: str, proposal: str) -> str | None:
    """Return the text with `passage` replaced, if it occurs exactly once in one run of text; else None.

    Spaces are compared loosely (a phone types plain ones where the text has unbreakable ones); a passage over bold
    text or over two paragraphs is for a person to replace. With an empty proposal, an emptied paragraph is removed.
    """
    tokens = passage.split()
    if not tokens:
        return None
    pattern = re.compile(r"[\s\u00a0]+".join(re.escape(escape(word, quote=False)) for word in tokens))
    matches = [match for match in pattern.finditer(html) if not _inside_tag(html, match.start())]
    if len(matches) != 1:
        return None
    match = matches[0]
    after = html[: match.start()] + escape(" ".join(proposal.split()), quote=False) + html[match.end() :]
    while not proposal.strip() and EMPTIED.search(after):
        after = EMPTIED.sub("", after)
    return after


def _inside_tag(html: str, at: int) -> bool:
    return html.rfind("<", 0, at) > html.rfind(">", 0, at)


def derived_correction(html: str, rewriting: Rewriting) -> tuple[str, str] | None:
    """Return a rewritten passage as the old and the new text, or None if the old one is not there any more.

    It is the shortest one that `replaced_once` can replace; else the whole passage, for a person to replace.
    """
    text, was, now = (without_spaces(part) for part in (html_to_text(html), rewriting.was, rewriting.now))
    if not was or was not in text:
        return None
    spans = (rewriting.span(), *rewriting.wider_spans()) if rewriting.now else ()
    for passage, proposal in spans:
        after = replaced_once(html, passage, proposal) if passage and proposal else None
        if after is not None and without_spaces(html_to_text(after)) == text.replace(was, now):
            return passage, proposal
    return rewriting.was, rewriting.now


MAX_LENGTH = 20_000


def printable_lines(text: str) -> str:
    """Return plain lines without the characters that the database refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def merged_notes(saved: str, typed: str) -> str:
    """Return both texts, without repeating one that the other contains."""
    if saved in typed:
        return typed
    return saved if typed in saved else f"{saved}\n\n{typed}"


def erased_on(starts_at: datetime, months: int) -> date:
    """Return the day from which a scheduled job erases the notes of a sitting."""
    return months_later(timezone.localdate(starts_at), months)


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
