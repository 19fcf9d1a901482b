"""Contributions of messages: menu, kinds of mail, groups of the institution, audit events, erasure."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.correspondence.actions import delete_message, erase_text
from assembly.correspondence.groups import AccountGroup, AccountsGroup, CommitteeGroup, DirectorateGroup
from assembly.correspondence.lists import MESSAGES
from assembly.correspondence.mails import DossierMail, RefusableMail
from assembly.correspondence.models import MessageRecipient, TeamMessage
from assembly.correspondence.queries import messages_to
from assembly.correspondence.registry import add_recipient_group, list_group
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.identity.models import Person
from assembly.identity.personal_data import at_erasure, retention
from assembly.institution.menu import MenuHeading, add_desk_line, open_area
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import is_team
from assembly.lists import ShownList, add_list
from assembly.notifications.registry import add_messages
from assembly.web.widgets import Widget, add_widget

DRAFT_RETENTION = timedelta(days=90)


def erase_text_to(person: Any, by: Any) -> None:
    """Erase the text of the messages that were written to this person alone."""
    alone = MessageRecipient.objects.filter(person=person, message__count=1).values("message")
    for message in TeamMessage.objects.filter(pk__in=alone):
        erase_text(message)


def sees_file(user: Any, upload: Upload) -> bool:
    """Return whether the file is joined to a message that this reader sees."""
    return TeamMessage.objects.visible_to(user).filter(files__upload=upload).exists()


def old_drafts(now: datetime) -> Any:
    return TeamMessage.objects.filter(sent_at=None, frozen_at__lt=now - DRAFT_RETENTION)


def write_button(user: Any, shown: ShownList) -> Widget | None:
    """Return « Écrire » on a list with its filters, for a reader who may write to its people."""
    if not shown.count or list_group(shown.key, user, shown.term) is None:
        return None
    address = reverse("correspondence:write-to-list", args=[shown.key])
    return Widget("correspondence/_list_button.html", {"url": f"{address}?{shown.query}" if shown.query else address})


def sent_messages(user: Any, person: Person) -> Widget | None:
    """Return the latest messages that the team sent to this person, of those that this reader sees."""
    deliveries = list(messages_to(person, user))
    return Widget("correspondence/_sent.html", {"deliveries": deliveries}) if deliveries else None


open_area(r"/bureau/messages/", TEAM_ROLES)
add_desk_line(MenuHeading.WRITING, _("Écrire"), "correspondence:list", is_team, order=58)
add_messages(DossierMail, RefusableMail)
for group in (CommitteeGroup(), DirectorateGroup(), AccountGroup(), AccountsGroup()):
    add_recipient_group(group)
add_list(MESSAGES)
add_widget("list", write_button)
add_widget("person", sent_messages)
add_upload_rules(sees_file)
add_audit_events(
    {
        "team_message.written": _("a écrit un message, pas encore envoyé"),
        "team_message.tested": _("s’est envoyé un essai du message"),
        "saved_text.created": _("a gardé un modèle de texte"),
    }
)
retention(
    "correspondence.drafts", _("Messages jamais envoyés, après trois mois"), find=old_drafts, apply=delete_message
)
at_erasure("correspondence.texts", erase_text_to)
