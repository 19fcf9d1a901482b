"""Links and codes of candidates, their homes, and what the two examinations ask."""

import hashlib
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from assembly.institution.rules import is_team
from draws.models import Candidate, NextCallAddress
from members.import_columns import folded_text

CONFIRMED_WITHIN = timedelta(days=7)
WITHDRAWN_KEPT = timedelta(days=30)
NEWS_KEPT = timedelta(days=2 * 365)
PAGE, CODE = Signer(salt="draws.candidate.page"), Signer(salt="draws.candidate.code")
GUARDIAN, NEWS = Signer(salt="draws.candidate.guardian"), Signer(salt="draws.next-call")
DIGITS = 6


def page_token(candidate: Candidate) -> str:
    """Opens the candidate’s own page: whoever holds it may read, correct and withdraw."""
    return PAGE.sign(candidate.public_id.hex)


def code_token(candidate: Candidate) -> str:
    """Opens the page that asks for the code of the mail, and nothing else."""
    return CODE.sign(candidate.public_id.hex)


def guardian_token(candidate: Candidate) -> str:
    """Opens the page of authorisation; dies when another guardian is named."""
    return GUARDIAN.sign(f"{candidate.public_id.hex}-{digest(candidate.guardian_email)}")


def news_token(address: NextCallAddress) -> str:
    return NEWS.sign(address.public_id.hex)


def public_id_of(signer: Signer, token: str) -> UUID | None:
    """Whose link this is, whether still there or not; None when it was made up."""
    try:
        return UUID(signer.unsign(token).partition("-")[0])
    except (BadSignature, ValueError):
        return None


def digest(text: str) -> str:
    return salted_hmac("draws.candidate", text, algorithm="sha256").hexdigest()[:16]


def confirmation_code(candidate: Candidate) -> str:
    """Six digits that the mail tells: another candidature has others, and a guess is worth one in a million."""
    told = salted_hmac("draws.candidate.code", f"{candidate.public_id.hex} {candidate.email}", algorithm="sha256")
    return f"{int(told.hexdigest(), 16) % 10**DIGITS:0{DIGITS}}"


def is_confirmation_code(candidate: Candidate, typed: str) -> bool:
    return constant_time_compare(confirmation_code(candidate), re.sub(r"\D", "", typed))


def household_of(address: str, postcode: str, city: str) -> str:
    """Equal for people who write the same address, whatever the accents and the commas; empty without an address."""
    told = folded_text(address)
    if not told:
        return ""
    return hashlib.sha256(f"{told}|{postcode}|{folded_text(city)}".encode()).hexdigest()


def is_second(user: Any, candidate: Candidate) -> bool:
    """Of the team, and not the person who gave the first opinion."""
    return is_team(user, candidate.term_id) and candidate.verdict_by_id != user.pk
