"""The daily mail about texts: decisions on one's suggestions, comments addressed to one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.collab import registry
from assembly.collab.enums import TextEventKind
from assembly.collab.models import TextEvent
from assembly.collab.queries import events_of_mail
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import of_name


@dataclass(frozen=True)
class TextDigestLine:
    """A line of the mail: the event, the text, the detail, the address."""

    what: str
    about: str
    detail: str
    url: str


class TextDigest(MessageKind):
    kind = "text-digest"
    template = "collab/mail/digest"
    label = gettext_lazy("Textes écrits à plusieurs : ce qui vous concerne")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = list(dict.fromkeys(line_of(event) for event in events_of_mail(delivery.context["events"])))
        return {"lines": lines, "count": len(lines)}


def line_of(event: TextEvent) -> TextDigestLine:
    url = f"{settings.SITE_URL}{registry.address(event.text, event.user)}"
    return TextDigestLine(str(event.get_kind_display()), event.text.title, detail_of(event), url)


def detail_of(event: TextEvent) -> str:
    """Return the reason or the person; never words of the text or of a comment, since a mail passes many servers."""
    if event.suggestion is not None:
        reason = event.suggestion.reason
        return _("Motif : « %(reason)s »") % {"reason": reason} if reason else ""
    if event.comment is None or event.kind == TextEventKind.RESOLVED:
        return ""
    name = event.comment.author.get_full_name()
    directorate = event.comment.thread.directorate
    if event.kind == TextEventKind.ASSIGNED and directorate is not None:
        return _("Commentaire %(of_name)s, confié à votre direction : %(directorate)s.") % {
            "of_name": of_name(name),
            "directorate": directorate.name,
        }
    return _("De la part %(of_name)s.") % {"of_name": of_name(name)}
