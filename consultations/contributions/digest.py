"""Contributions of the daily mail of agents: the mail."""

from assembly.notifications.registry import add_messages
from consultations.digest.contributions import DeskDigest

add_messages(DeskDigest)
