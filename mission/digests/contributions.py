"""Contributions of watch digests: the mail."""

from assembly.notifications.registry import add_messages
from mission.digests.sending import WatchDigestMessage

add_messages(WatchDigestMessage)
