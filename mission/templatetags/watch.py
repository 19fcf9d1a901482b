"""The letter of the watch as it is read."""

from django import template
from django.utils.safestring import SafeString

from mission.digests.models import WatchDigest
from mission.digests.sending import page_of

register = template.Library()


@register.filter
def letter(digest: WatchDigest) -> SafeString:
    return page_of(digest, heading_shift=1)
