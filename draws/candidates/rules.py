"""Links and codes of candidates, their households, and who may give the second opinion."""

import hashlib
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from assembly.identity.personal_links import PersonalLink, SentLink
from assembly.imports.cells import folded_text
from assembly.institution.rules import is_team
from draws.models import Candidate, NextCallAddress, PoolEntry

CONFIRMED_WITHIN = timedelta(days=7)
WITHDRAWN_RETENTION = timedelta(days=30)
NEWS_RETENTION = timedelta(days=2 * 365)
PAGE, CODE = PersonalLink("draws.candidate.page"), PersonalLink("draws.candidate.code", CONFIRMED_WITHIN)
GUARDIAN, NEWS = PersonalLink("draws.candidate.guardian"), PersonalLink("draws.next-call", None)
ENTRY = PersonalLink("draws.entry")
DIGITS = 6


def page_token(candidate: Candidate) -> str:
    """Return the token of the candidate’s own page, to read, correct and withdraw once the address is confirmed."""
    return PAGE.token(candidate.public_id.hex, candidate.email)


def code_token(candidate: Candidate) -> str:
    """Return the token of the page where the code of the mail is typed, and nothing else."""
    return CODE.token(candidate.public_id.hex, candidate.email)


def guardian_token(candidate: Candidate) -> str:
    """Return the token of the page of authorisation; it ends when another guardian is named."""
    return GUARDIAN.token(candidate.public_id.hex, candidate.guardian_email)


def news_token(address: NextCallAddress) -> str:
    return NEWS.token(address.public_id.hex, address.email)


def entry_token(entry: PoolEntry) -> str:
    """Return the token of the page with what the frozen list holds about one volunteer."""
    return ENTRY.token(entry.key, entry.applicant.email)


def public_id_of(sent: SentLink | None) -> UUID | None:
    """Return the id in a link, whether that candidate still exists or not; None where it was made up."""
    try:
        return UUID(sent.name) if sent else None
    except ValueError:
        return None


def confirmation_code(candidate: Candidate) -> str:
    """Return the six digits of the mail: each candidature has its own, and a guess has one chance in a million."""
    digest = salted_hmac("draws.candidate.code", f"{candidate.public_id.hex} {candidate.email}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 10**DIGITS:0{DIGITS}}"


def is_confirmation_code(candidate: Candidate, typed: str) -> bool:
    return constant_time_compare(confirmation_code(candidate), re.sub(r"\D", "", typed))


def household_of(address: str, postcode: str, city: str) -> str:
    """Return a key that is equal for one address, whatever accents and commas; empty without an address."""
    folded_address = folded_text(address)
    if not folded_address:
        return ""
    return hashlib.sha256(f"{folded_address}|{postcode}|{folded_text(city)}".encode()).hexdigest()


def is_second(user: Any, candidate: Candidate) -> bool:
    """Return whether the user is in the team and did not give the first opinion."""
    return is_team(user, candidate.term_id) and candidate.verdict_by_id != user.pk
