"""A ceiling on the work that an anonymous visitor may give to the workers."""

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from assembly.documents.actions import checks
from assembly.identity.actions.attempts import TooManyAttempts, count_attempt
from assembly.identity.attempts import HOUR, anonymous_limits

KIND = "verification"
CHECKS_AN_HOUR = 10


def may_send_unknown_file(request: HttpRequest) -> bool:
    """Return whether this network may send an unknown file: ten an hour, thirty from a wide one.

    The register itself may be queried without limit. While half of the queue waits, networks that sent one this hour
    are refused, so that newcomers are served.
    """
    try:
        limits = anonymous_limits(KIND, get_ip(request), (CHECKS_AN_HOUR, HOUR))
        count_attempt(limits, newcomers_only=checks.count_waiting() >= checks.MAX_WAITING // 2)
    except TooManyAttempts:
        return False
    return True
