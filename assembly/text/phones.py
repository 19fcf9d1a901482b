"""Telephone numbers as people write them, to be compared and shown in one way.

« +33 (0)5 61 33 44 55 », « 05.61.33.44.55 » and « 561334455 », whose zero a spreadsheet removed, are one number.
"""

import re

from django.db.models import F, Func, Q, TextField, Value

FEWEST_DIGITS = 4
# A number, or the beginning of one, within other words; and one that begins as a French number does, pair by pair.
RUN = re.compile(r"(?<![\w@.-])(?:\+|00)?[0-9(](?:[ \u00a0\u202f.()/-]*[0-9]){3,}(?![\w@])")
FRENCH_RUN = re.compile(
    r"(?<![\w@.-])(?:(?:\+|00)33[ .]?(?:\(0\))?[ .]?|0)[1-9](?:[ \u00a0\u202f.-]?[0-9]{2}){1,4}(?!\w)"
)
NATIONAL = re.compile(r"^(?:0033|33(?=0?[1-9][0-9]{8}$))0?|^(?=[1-9][0-9]{8}$)")
SIGNS = " \u00a0\u202f.-()/+"  # between the digits of a number


def phone_digits(text: str) -> str:
    """Return the digits of a number, or of its beginning, as it is dialled in France: « 0561334455 »."""
    return NATIONAL.sub("0", re.sub("[^0-9]", "", re.sub(r"^\s*\+", "00", text)))


def phone_has(digits: str) -> Q:
    """Return the condition that a number, however written, has the digits of `phone_digits`; fewer than four begin it.

    For rows with `.alias(bare=bare_phone(…))`.
    """
    abroad = Q(bare__contains=f"33{digits[1:]}") | Q(bare__startswith=digits[1:]) if digits.startswith("0") else Q()
    return Q(**{"bare__contains" if len(digits) >= FEWEST_DIGITS else "bare__startswith": digits}) | abroad


def bare_phone(path: str) -> Func:
    """Return the expression of a number without the signs between its digits."""
    return Func(F(path), Value(SIGNS), Value(""), function="translate", output_field=TextField())


def format_phone(text: str) -> str:
    """Return a French number in pairs, « 05 61 33 44 55 »; any other as it was written."""
    digits = phone_digits(text)
    is_french = len(digits) == 10 and digits.startswith("0")
    return " ".join(digits[at : at + 2] for at in range(0, 10, 2)) if is_french else text


def quote_phones(text: str) -> str:
    """Return a text to search in which French numbers, or their beginnings, are pairs that follow each other."""

    def pairs(match: re.Match[str]) -> str:
        digits = phone_digits(match[0])
        return '"{}"'.format(" ".join(digits[at : at + 2] for at in range(0, len(digits), 2)))

    return FRENCH_RUN.sub(pairs, text)
