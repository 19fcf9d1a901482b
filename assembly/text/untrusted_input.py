"""Parsing of untrusted values from an address or a hidden field: a number, or a return address."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

DIGITS = 18  # below 2**63, what a bigint column holds


def whole_number(text: str, *, otherwise: int = -1) -> int:
    """Return the number that these digits write, else one that is no key.

    `isdigit` would accept « ² », on which `int` fails.
    """
    return int(text) if text.isdecimal() and len(text) <= DIGITS else otherwise


def local_address(request: HttpRequest, asked: str) -> str:
    """Return `asked` if it is an address of this site, else nothing.

    `redirect` would take an address without a slash as the name of a view.
    """
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if is_ours else ""
