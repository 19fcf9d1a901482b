"""The platform's own kinds of messages."""

from django.utils.translation import gettext_lazy as _

from assembly.notifications.registry import MessageKind, register


@register
class PlainMessage(MessageKind):
    """A few sentences from the team: `own = {"body": "…"}`, the title is the subject."""

    kind = "message"
    template = "notifications/mail/message"
    label = _("Message")


@register
class News(PlainMessage):
    """The same, when nothing obliges anybody to receive it."""

    kind = "news"
    label = _("Nouvelles")
    transactional = False
