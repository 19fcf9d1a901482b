"""A ceiling on what an anonymous visitor may ask of our workers."""

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from assembly.documents.actions import checks
from assembly.identity.actions.attempts import TooManyAttempts, count_attempt
from assembly.identity.attempts import HOUR, register_ceiling, stranger_limits

KIND = "verification"
CHECKS_AN_HOUR = 10
register_ceiling(KIND, gettext_lazy("Vérification de documents"), near=500)


def may_send_unknown_file(request: HttpRequest) -> bool:
    """Ten unknown files an hour from one network, thirty from a wide one; the register itself may be asked without
    limit. While half of the queue waits, whoever sent one this hour comes back later and newcomers are read."""
    try:
        limits = stranger_limits(KIND, get_ip(request), (CHECKS_AN_HOUR, HOUR))
        count_attempt(limits, newcomers_only=checks.count_waiting() >= checks.MAX_WAITING // 2)
    except TooManyAttempts:
        return False
    return True
