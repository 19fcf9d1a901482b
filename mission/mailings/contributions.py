"""Contributions of mailings: mails."""

from assembly.notifications.registry import add_messages
from mission.mailings.mails import ListInvitation, ListMessageMail

add_messages(ListMessageMail, ListInvitation)
