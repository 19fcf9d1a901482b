"""A ceiling on what an anonymous visitor may ask of our workers."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

CHECKS_AN_HOUR = 10
HOUR = 3600


def may_send_unknown_file(request: HttpRequest) -> bool:
    """Ten unknown files an hour from one address; the register itself may be asked without limit."""
    key = f"documents:checks:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, HOUR)
    return cache.incr(key) <= CHECKS_AN_HOUR
