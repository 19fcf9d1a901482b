"""Votes that a person counts and enters."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Votes:
    """Show of hands in a group."""

    votes_for: int
    votes_against: int
    abstentions: int
