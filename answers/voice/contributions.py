"""Contributions of the following of proposals: mails, a ceiling for anonymous users."""

from django.utils.translation import gettext_lazy

from answers.voice.actions import KIND
from answers.voice.mails import FollowingConfirmation, ProposalNewsMessage
from assembly.identity.attempts import add_ceiling
from assembly.notifications.registry import add_messages

add_messages(ProposalNewsMessage, FollowingConfirmation)
add_ceiling(KIND, gettext_lazy("Suivi des propositions"), near=1000)
