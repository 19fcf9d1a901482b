"""Entries as people read them: a name, a French sentence, an object, a moment, a detail; bursts in one line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from assembly.audit.models import Entry
from assembly.audit.registry import Key, NamedSubject, event_types, named_subjects, names

PAUSE = timedelta(minutes=5)  # a longer pause ends a burst
FOLDED = 3


@dataclass(frozen=True)
class JournalLine:
    """Line of a history or of the journal screen."""

    pk: int
    at: datetime
    who: str
    what: str
    on_behalf_of: str
    detail: str
    erased: bool
    facts: dict[str, Any]
    subject_type: str
    subject_id: str
    about: NamedSubject | None = None

    @property
    def subject(self) -> str:
        """Return « séance nº 7 »: the object of the line, by the French name of its kind."""
        return f"{kind_label(self.subject_type)} nº\u00a0{self.subject_id}"


@dataclass(frozen=True)
class Burst:
    """Lines of the same act, by one person, on objects of one kind, in one go: newest first. Most hold one line."""

    lines: list[JournalLine]

    @property
    def newest(self) -> JournalLine:
        return self.lines[0]

    @property
    def is_folded(self) -> bool:
        return len(self.lines) >= FOLDED


def bursts(lines: Iterable[JournalLine]) -> list[Burst]:
    """Group the lines of one go at the position of the newest, whatever else was recorded in between; newest first."""
    groups: list[Burst] = []
    latest: dict[tuple[str, str, str], Burst] = {}
    for line in lines:
        key = (line.who, line.what, line.subject_type)
        known = latest.get(key)
        if known and known.lines[-1].at - line.at <= PAUSE:
            known.lines.append(line)
        else:
            latest[key] = Burst([line])
            groups.append(latest[key])
    shown = [one for burst in groups for one in ([burst] if burst.is_folded else map(_alone, burst.lines))]
    return sorted(shown, key=lambda burst: -burst.newest.pk)


def _alone(line: JournalLine) -> Burst:
    return Burst([line])


def kind_label(label: str) -> str:
    """Return the French name that a model was given; « dossier » for one without, never the name of a class."""
    try:
        options = apps.get_model(label)._meta
    except LookupError:
        return _("dossier")
    return str(options.verbose_name) if "verbose_name" in options.original_attrs else _("dossier")


def journal_lines(entries: Iterable[Entry], reader: Any = None) -> list[JournalLine]:
    """Format entries with names and sentences; the authors are resolved in one query.

    With a `reader`, each line also names its object, or the dossier of that, when the reader may see it.
    """
    rows = list(entries)
    known = names({pseudonym for row in rows for pseudonym in (row.actor, row.on_behalf_of) if pseudonym})
    about = named_subjects((key for row in rows for key in _keys(row)), reader) if reader else {}
    return [_line(row, known, about) for row in rows]


def _keys(entry: Entry) -> list[Key]:
    """Return the key of the line's object, then that of its dossier."""
    keys = [(entry.subject_type, entry.subject_id), (entry.dossier_type, entry.dossier_id)]
    return [key for key in keys if all(key)]


def _line(entry: Entry, known: dict[Any, str], about: Mapping[Key, NamedSubject]) -> JournalLine:
    def name(pseudonym: Any) -> str:
        return known.get(pseudonym, _("Une personne effacée"))

    detail = getattr(entry, "detail", None)
    return JournalLine(
        pk=entry.pk,
        at=entry.at,
        who=name(entry.actor) if entry.actor else _("Le système"),
        what=str(event_types.get(entry.event_type, entry.event_type)),
        on_behalf_of=name(entry.on_behalf_of) if entry.on_behalf_of else "",
        detail=detail.text if detail else "",
        erased=bool(detail and detail.erased_at),
        facts=entry.facts,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        about=next((about[key] for key in _keys(entry) if key in about), None),
    )
