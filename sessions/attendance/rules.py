"""Quorum, and search on the roll while a queue waits. Without database access."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assembly.institution.models import QuorumRule
from sessions.minutes.rules import spaced


@dataclass(frozen=True)
class Stay:
    """One person in the room (or on the line), from a moment to a moment; still present when `left` is empty."""

    who: int
    arrived: datetime
    left: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.arrived <= moment and (self.left is None or moment < self.left)


@dataclass(frozen=True)
class Quorum:
    """Members present and needed; `needed` is None when no quorum is required."""

    present: int
    needed: int | None

    @property
    def is_met(self) -> bool:
        return self.needed is None or self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(0, (self.needed or 0) - self.present)


def required(occupied_seats: int, rule: str, percent: int = 50) -> int | None:
    """Return the smallest number of members that meets the rule: half of 106 is 53, half of 107 is 54."""
    match QuorumRule(rule):
        case QuorumRule.NONE:
            return None
        case QuorumRule.HALF_OF_SEATS_HELD:
            share = 50
        case QuorumRule.PERCENT_OF_SEATS_HELD:
            share = percent
    return -(-occupied_seats * share // 100)


def present_among(stays: Iterable[Stay], moment: datetime) -> set[int]:
    """Return who was present at that instant; the instant of a departure no longer counts."""
    return {stay.who for stay in stays if stay.covers(moment)}


def fullest_moment(stays: Iterable[Stay], start: datetime, end: datetime) -> datetime:
    """Return the first instant between the two, both included, when most persons were present."""
    rows = list(stays)
    moments = [start, *sorted(stay.arrived for stay in rows if start < stay.arrived <= end)]
    return max(moments, key=lambda moment: len(present_among(rows, moment)))


def changes(stays: Iterable[Stay]) -> list[tuple[datetime, int]]:
    """Return each instant at which the number of persons changed, with the number from then on."""
    rows = list(stays)
    moments = sorted({stay.arrived for stay in rows} | {stay.left for stay in rows if stay.left})
    counted = [(moment, len(present_among(rows, moment))) for moment in moments]
    return [pair for index, pair in enumerate(counted) if index == 0 or pair[1] != counted[index - 1][1]]


def present_in(stays: Iterable[Stay], start: datetime, end: datetime) -> set[int]:
    """Return who was present for some time between the two moments: presence counts by half-day."""
    return {stay.who for stay in stays if stay.arrived < end and (stay.left is None or stay.left > start)}


def badge_number(typed: str) -> str:
    """Return one number for « 12 f1 », « 12-F1 » and what a scanner sends."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def fits(typed: str, name: str) -> bool:
    """Return whether each word begins one of the names, in any order, with or without accents."""
    parts = spaced(name).split()
    return all(any(part.startswith(word) for part in parts) for word in spaced(typed).split())
