"""Facts of the minutes, read once for the screen, the PDF and its data, and the private names in them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import JSONObject, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pdf.source import canonical_json
from assembly.identity.models import Person
from assembly.institution.models import Canton, Term
from assembly.institution.queries import main_assembly
from assembly.tasks.models import Task
from assembly.text.french import format_date, format_time, letters_key, of_name
from members.models import Mandate
from sessions.agenda import topics
from sessions.agenda.queries import AgendaLine, agenda_of
from sessions.attendance.queries.facts import (
    Roll,
    attendance_facts,
    is_official,
    item_sentences,
    recorded_sentence,
    roll_of,
)
from sessions.attendance.queries.presence import capacity_of
from sessions.attendance.rules import Stay
from sessions.decisions.queries import ballot_facts
from sessions.minutes.rules import PrivatePersons, Redactor, html_to_text, named_in, texts_of, without_names
from sessions.models import (
    ActionItem,
    AgendaItem,
    AgendaKind,
    Ballot,
    Decision,
    Minutes,
    MinutesKind,
    MinutesSection,
    Sitting,
    SittingKind,
    Visa,
)


def redactor_for(sitting: Sitting, roll: Roll, *, text: str | None = None) -> Redactor:
    """Return the redactor of the private names of this sitting: everybody convened and every mandate, no officials.

    With `text`, only those whose surname may be in it: enough to list its names, without reading a term of ten
    thousand people and compiling patterns for them.
    """
    officials = {sitting.chair_id, sitting.secretary_id}
    people: dict[int, PrivatePersons] = {}
    for row in [*roll.members, *roll.others]:
        person = row.invitee.person
        if not is_official(person, capacity_of(row.invitee)):
            people[person.pk] = _private(person, is_member=row.invitee.is_member)
    mandated, places = mandated_and_places(sitting.term, text)
    for named in mandated:
        people.setdefault(named["pk"], PrivatePersons(named["first_name"], named["last_name"], email=named["email"]))
    private_people = [person for pk, person in people.items() if pk not in officials]
    if text is not None:
        private_people = named_in(private_people, text)
    return Redactor(private_people, places={name for place in places for name in place.values() if name})


def mandated_and_places(term: Term, text: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return everybody with a mandate in the term, past or present, and the places that bear names.

    One statement. With `text`, only those of whose surname at least the first word is in it.
    """
    mandates = Mandate.objects.filter(term=OuterRef("pk")).order_by("member__person__sort_name", "pk")
    if text is not None:
        name = "member__person__sort_name"
        first_word = Func(name, Value(" "), Value(1), function="split_part", output_field=TextField())
        mandates = mandates.filter(GreaterThan(StrIndex(Value(letters_key(text)), first_word), 0))
    person = {name: f"member__person__{name}" for name in ("pk", "first_name", "last_name", "email")}
    cantons = Canton.objects.filter(assembly=OuterRef("assembly")).order_by("number")
    read = [
        ArraySubquery(mandates.values(row=JSONObject(**person))),
        ArraySubquery(cantons.values(row=JSONObject(name="name", seat="seat_commune"))),
    ]
    return Term.objects.filter(pk=term.pk).values_list(*read).get()


def _private(person: Person, *, is_member: bool) -> PrivatePersons:
    return PrivatePersons(person.first_name, person.last_name, is_member=is_member, email=person.email)


SCHEMA = "hemicycle/minutes/1"
INTERNAL, PUBLIC = "internal", "public"
SPARED = frozenset({"chair", "secretary", "guests", "visas", "assembly", "schema", "reference"})
SUFFIXES = {MinutesKind.FORMAL: "PV", MinutesKind.REPORT: "CR"}
NOT_PART_OF_THE_TEXT = ("approval", "visas", "reference", "subtitle", "audience")


def document_reference(minutes: Minutes, audience: str, *, suffix: str = "") -> str:
    """Return `PL-2026-02-PV`, `-PUB` for the public version; a second assembly has its slug first."""
    sitting, main = minutes.sitting, main_assembly()
    prefix = "" if main is None or sitting.term.assembly_id == main.pk else f"{sitting.term.assembly.slug.upper()}-"
    ending = "-PUB" if audience == PUBLIC else ""
    return f"{prefix}{sitting.reference}-{suffix or SUFFIXES[MinutesKind(minutes.kind)]}{ending}"


def body_label(sitting: Sitting) -> str:
    """Return « séance plénière », or the name of the committee."""
    if sitting.kind == SittingKind.COMMITTEE and sitting.committee:
        return sitting.committee.name
    return str(SittingKind(sitting.kind).label)


def title_of(minutes: Minutes) -> str:
    """Return « Procès-verbal de la séance plénière du 28 mars 2026 »."""
    sitting = minutes.sitting
    day = format_date(sitting.starts_at, weekday=False)
    label = str(MinutesKind(minutes.kind).label).capitalize()
    if sitting.kind == SittingKind.COMMITTEE:
        return _("%(label)s, %(body)s, %(day)s") % {"label": label, "body": body_label(sitting), "day": day}
    return _("%(label)s de la %(body)s du %(day)s") % {"label": label, "body": body_label(sitting), "day": day}


class MinutesReading:
    """Facts of both versions of minutes, from rows that are read once, at their first use."""

    def __init__(self, minutes: Minutes) -> None:
        self.minutes, self.sitting = minutes, minutes.sitting

    @cached_property
    def internal(self) -> dict[str, Any]:
        return _facts(self, INTERNAL)

    @cached_property
    def public(self) -> dict[str, Any]:
        return _redact_facts(_facts(self, PUBLIC), self)

    def facts_for(self, audience: str) -> dict[str, Any]:
        return self.internal if audience == INTERNAL else self.public

    @cached_property
    def doubtful_passages(self) -> list[str]:
        """Return passages of the public version with a surname that is also a place, for a person to check."""
        texts = [html_to_text(text) for text in texts_of(self.public["items"], spared=SPARED)]
        return list(dict.fromkeys(doubt for text in texts for doubt in self.redactor.doubts_in(text)))

    @cached_property
    def roll(self) -> Roll:
        return roll_of(self.sitting)

    @cached_property
    def redactor(self) -> Redactor:
        return redactor_for(self.sitting, self.roll)

    @cached_property
    def visas(self) -> list[dict[str, str]]:
        rows = self.minutes.visas.filter(voided_at=None).select_related("person").order_by("pk")
        return [_visa(visa) for visa in rows]

    @cached_property
    def texts(self) -> dict[int, str]:
        """Return the summaries by item."""
        return dict(MinutesSection.objects.filter(minutes=self.minutes).values_list("agenda_item", "summary_html"))

    @cached_property
    def lines(self) -> list[AgendaLine]:
        return list(agenda_of(self.sitting, internal=False))

    @cached_property
    def about(self) -> Mapping[tuple[str, str], list[str]]:
        """Return the sentences of other apps about the topics of the items."""
        return topics.minutes_lines((line.item.topic_type, line.item.topic_id) for line in self.lines)

    @cached_property
    def decisions(self) -> list[Decision]:
        rows = Decision.objects.filter(sitting=self.sitting, withdrawn_at=None)
        return list(rows.select_related("ballot").order_by("number"))

    @cached_property
    def ballots(self) -> list[Ballot]:
        rows = Ballot.objects.filter(agenda_item__sitting=self.sitting, counted_at__isnull=False)
        return list(rows.select_related("decision").order_by("counted_at", "pk"))

    @cached_property
    def actions(self) -> list[ActionItem]:
        """Return what the sitting decided to do, by its day, then as it was noted."""
        rows = ActionItem.objects.filter(sitting=self.sitting)
        rows = rows.select_related("task__owner__member", "sealed_owner__member")
        return sorted(rows, key=lambda action: (action.decided.due_on or date.max, action.pk))


def read_minutes(minutes_id: int | str) -> MinutesReading:
    """Return a reading of the stored minutes, with everything that their files name."""
    rows = Minutes.objects.select_related(
        "sitting__term__assembly",
        "sitting__committee",
        "sitting__chair",
        "sitting__secretary",
        "sitting__recorded_by__person",
    )
    return MinutesReading(rows.get(pk=minutes_id))


def minutes_facts(minutes: Minutes, audience: str = INTERNAL) -> dict[str, Any]:
    """Return all facts of the minutes as plain values, for the screen, the PDF and the embedded data."""
    return MinutesReading(minutes).facts_for(audience)


def _facts(reading: MinutesReading, audience: str) -> dict[str, Any]:
    minutes, sitting = reading.minutes, reading.sitting
    return {
        "schema": SCHEMA,
        "audience": audience,
        "kind": minutes.kind,
        "reference": document_reference(minutes, audience),
        "title": title_of(minutes),
        "subtitle": _subtitle(minutes, audience),
        "assembly": {"name": sitting.term.assembly.name, "authority": sitting.term.assembly.authority_name},
        "term": sitting.term.name,
        "sitting": _sitting_facts(sitting, reading.roll, named=audience == INTERNAL),
        "attendance": attendance_facts(reading.roll),
        "items": _items(reading, named=audience == INTERNAL),
        "approval": _approval(minutes),
        "visas": reading.visas,
    }


def text_fingerprint(facts: dict[str, Any]) -> str:
    """Return the fingerprint of what a visa approves: the internal facts, without the approvals themselves."""
    text = {name: value for name, value in facts.items() if name not in NOT_PART_OF_THE_TEXT}
    return hashlib.sha256(canonical_json(text)).hexdigest()


def current_visas(minutes: Minutes) -> QuerySet[Visa]:
    return Visa.objects.filter(minutes=minutes, voided_at=None)


def outdated_visas(minutes: Minutes, facts: dict[str, Any] | None = None) -> QuerySet[Visa]:
    """Return the visas that cover another text than the present one, or than `facts`."""
    return current_visas(minutes).exclude(text_sha256=text_fingerprint(facts or minutes_facts(minutes)))


def _subtitle(minutes: Minutes, audience: str) -> str:
    version = _("Version publique.") if audience == PUBLIC else _("Version interne.")
    if minutes.approved_at:
        return _("Approuvé le %(day)s.") % {"day": format_date(minutes.approved_at)} + f" {version}"
    return version


def _sitting_facts(sitting: Sitting, roll: Roll, *, named: bool) -> dict[str, Any]:
    """Return the facts above the attendance; only the internal version names who entered late hours."""
    recorded = {"recorded": recorded_sentence(sitting, named=named)} if sitting.recorded_at else {}
    return recorded | {
        "reference": sitting.reference,
        "title": sitting.title,
        "kind": sitting.kind,
        "body": body_label(sitting),
        "date": timezone.localdate(sitting.starts_at).isoformat(),
        "date_words": format_date(sitting.starts_at),
        "opened_at": _moment(sitting.opened_at),
        "closed_at": _moment(sitting.closed_at),
        "hours": _hours(sitting),
        "place": ", ".join(part for part in (sitting.place_name, sitting.place_address) if part),
        "chair": _official(sitting.chair, roll),
        "secretary": _official(sitting.secretary, roll),
    }


def _hours(sitting: Sitting) -> str:
    start, end = sitting.opened_at or sitting.starts_at, sitting.closed_at or sitting.ends_at
    return _("de %(start)s à %(end)s") % {"start": format_time(start), "end": format_time(end)}


def _moment(value: datetime | None) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def _official(person: Person | None, roll: Roll) -> dict[str, str] | None:
    if person is None:
        return None
    seat = next((row.invitee for row in roll.members if row.invitee.person_id == person.pk), None)
    canton = getattr(getattr(seat.person, "member", None), "canton", None) if seat else None
    capacity = _("membre, canton %(of_name)s") % {"of_name": of_name(canton.name)} if canton else person.capacity
    return {"name": person.full_name, "capacity": capacity}


def _approval(minutes: Minutes) -> dict[str, Any] | None:
    if minutes.approved_at is None:
        return None
    return {"date": timezone.localdate(minutes.approved_at).isoformat(), "note": minutes.approval_note}


def _visa(visa: Visa) -> dict[str, str]:
    return {
        "name": visa.person.full_name,
        "capacity": str(visa.get_capacity_display()),
        "given_at": _moment(visa.given_at) or "",
        "words": _("Visa donné le %(day)s à %(hour)s")
        % {"day": format_date(visa.given_at, weekday=False), "hour": format_time(visa.given_at)},
        "via": str(visa.get_via_display()),
    }


def _items(reading: MinutesReading, *, named: bool) -> list[dict[str, Any]]:
    """Return one part for each item of the agenda, and for each withdrawn item that has a summary."""
    roll, texts = reading.roll, dict(reading.texts)
    parts, before = [], reading.sitting.opened_at
    for line in reading.lines:
        item = line.item
        if item.kind == AgendaKind.BREAK:
            continue
        sentences = item_sentences(roll, item.opened_at, before, named=named) if item.opened_at else []
        before = item.opened_at or before
        part = _item(line, named=named) | {
            "facts": [*sentences, *reading.about.get((item.topic_type, item.topic_id), [])],
            "present": roll.present_at(item.opened_at),
            "summary_html": texts.pop(item.pk, ""),
            "decisions": [
                _decision(decision, roll.stays) for decision in reading.decisions if decision.agenda_item_id == item.pk
            ],
            "ballots": [
                ballot_facts(ballot, roll.stays)
                for ballot in reading.ballots
                if ballot.agenda_item_id == item.pk and not _is_printed_with_decision(ballot)
            ],
            "actions": [
                _action(action.decided, named=named) for action in reading.actions if action.agenda_item_id == item.pk
            ],
        }
        parts.append(part | {"outcome": _outcome(item, part)})
    return parts + _withdrawn(texts)


def _item(line: AgendaLine, *, named: bool) -> dict[str, Any]:
    item = line.item
    speaker = item.speaker
    if (
        not speaker
        and item.speaker_person
        and (named or is_official(item.speaker_person, item.speaker_person.capacity))
    ):
        speaker = ", ".join(part for part in (item.speaker_person.full_name, item.speaker_person.capacity) if part)
    return {
        "id": item.pk,
        "number": line.number,
        "depth": line.depth,
        "title": item.title,
        "kind": item.kind,
        "kind_words": str(item.get_kind_display()),
        "speaker": speaker,
        "opened_at": _moment(item.opened_at),
        "closed_at": _moment(item.closed_at),
        "documents": [{"title": paper.title} for paper in line.papers],
    }


def _withdrawn(texts: dict[int, str]) -> list[dict[str, Any]]:
    """Return the parts of items taken off the agenda since their summary was written: they are never dropped."""
    summaries = {pk: html for pk, html in texts.items() if html}
    if not summaries:
        return []
    empty: dict[str, Any] = {"opened_at": None, "closed_at": None, "present": None, "speaker": "", "depth": 0}
    parts: dict[str, Any] = {"documents": [], "facts": [], "decisions": [], "ballots": [], "actions": []}
    return [
        {
            "id": item.pk,
            "number": "–",
            "title": _("%(title)s (point retiré de l’ordre du jour)") % {"title": item.title},
            "kind": item.kind,
            "kind_words": str(item.get_kind_display()),
            "summary_html": summaries[item.pk],
            "outcome": _("Point retiré"),
            **empty,
            **parts,
        }
        for item in AgendaItem.objects.filter(pk__in=summaries, is_internal=False).order_by("position", "pk")
    ]


def _decision(decision: Decision, stays: Sequence[Stay]) -> dict[str, Any]:
    ballot = decision.ballot if decision.ballot and decision.ballot.counted_at else None
    return {
        "reference": decision.reference,
        "number": decision.number,
        "text": decision.text,
        "mode": decision.mode,
        "mode_words": str(decision.get_mode_display()).capitalize(),
        "ballot": ballot_facts(ballot, stays) if ballot else None,
    }


def _is_printed_with_decision(ballot: Ballot) -> bool:
    decision = getattr(ballot, "decision", None)
    return decision is not None and decision.withdrawn_at is None


def _action(task: Task, *, named: bool) -> dict[str, Any]:
    owner = task.owner_name
    if not named and not task.owner_text and task.owner:
        official = is_official(task.owner, task.owner.capacity)
        owner = task.owner.capacity if official else _("un·e\u00a0membre")
    return {
        "text": task.text,
        "owner": owner,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "due_words": format_date(task.due_on, weekday=False) if task.due_on else _("sans date"),
    }


def _outcome(item: AgendaItem, part: dict[str, Any]) -> str:
    """Return « Décisions 2 et 3 », else the kind of the item."""
    numbers = [str(decision["number"]) for decision in part["decisions"]]
    if not numbers:
        return str(item.get_kind_display()).capitalize()
    if len(numbers) == 1:
        return _("Décision %(n)s") % {"n": numbers[0]}
    return _("Décisions %(some)s et %(last)s") % {"some": ", ".join(numbers[:-1]), "last": numbers[-1]}


def _redact_facts(facts: dict[str, Any], reading: MinutesReading) -> dict[str, Any]:
    roll = reading.roll
    attendance = {name: value for name, value in facts["attendance"].items() if name not in ("people", "away")}
    officials = [
        row.invitee for row in roll.summary.guests if is_official(row.invitee.person, capacity_of(row.invitee))
    ]
    attendance["other_guests"] = len(roll.summary.guests) - len(officials)
    attendance["guests"] = [
        {"name": invitee.person.full_name, "capacity": capacity_of(invitee)} for invitee in officials
    ]
    public = facts | {"attendance": attendance}
    return without_names(public, reading.redactor, spared=SPARED)
