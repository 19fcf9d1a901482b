"""What came in an address or a hidden field, read without trust: a number, or the way back."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

DIGITS = 18  # below 2**63, what a bigint column holds


def whole_number(text: str, *, otherwise: int = -1) -> int:
    """The number that these digits write, else one that is no key. `isdigit` would let « ² » in, `int` fails on it."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else otherwise


def own_address(request: HttpRequest, asked: str) -> str:
    """`asked` when it is an address of this site, else nothing. Without a slash `redirect` would look for a view."""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if is_ours else ""
