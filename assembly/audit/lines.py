"""Entries as people read them: a name, a French sentence, a moment, a detail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from assembly.audit.models import Entry
from assembly.audit.registry import names, verbs


@dataclass(frozen=True)
class JournalLine:
    """One line of a history panel or of the journal screen."""

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

    @property
    def subject(self) -> str:
        """« séance nº 7 »: what the line is about, by the French name of its kind."""
        return f"{kind_words(self.subject_type)} nº\u00a0{self.subject_id}"


def kind_words(label: str) -> str:
    """The French name that a model was given; « dossier » for one without, never the name of a class."""
    try:
        options = apps.get_model(label)._meta  # noqa: SLF001 -- _meta is Django's public name
    except LookupError:
        return _("dossier")
    return str(options.verbose_name) if "verbose_name" in options.original_attrs else _("dossier")


def journal_lines(entries: Iterable[Entry]) -> list[JournalLine]:
    """Give names and sentences to entries; the authors are resolved in one question."""
    rows = list(entries)
    known = names({pseudonym for row in rows for pseudonym in (row.actor, row.on_behalf_of) if pseudonym})
    return [_line(row, known) for row in rows]


def _line(entry: Entry, known: dict[Any, str]) -> JournalLine:
    def name(pseudonym: Any) -> str:
        return known.get(pseudonym, _("Une personne effacée"))

    detail = getattr(entry, "detail", None)
    return JournalLine(
        pk=entry.pk,
        at=entry.at,
        who=name(entry.actor) if entry.actor else _("Le système"),
        what=str(verbs.get(entry.verb, entry.verb)),
        on_behalf_of=name(entry.on_behalf_of) if entry.on_behalf_of else "",
        detail=detail.text if detail else "",
        erased=bool(detail and detail.erased_at),
        facts=entry.facts,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
    )
