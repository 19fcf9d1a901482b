"""Weekly mail of what is due, to whoever follows it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from mission.registers.mails import DUES_MAIL, dues_of


class DuesMessage(MessageKind):
    """Mail of the due days that concern the reader in `own.term`, as they are when it is sent."""

    kind = DUES_MAIL
    template = "mission/registers/mail/dues"
    label = gettext_lazy("Échéances de la mission")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        return super().mailbox(delivery) if self.lines(delivery) else None

    def lines(self, delivery: Delivery) -> list[Any]:
        user = User.objects.select_related("person").filter(pk=delivery.context["user"]).first()
        term = Term.objects.select_related("assembly").get(pk=delivery.context["term"])
        return dues_of(user, term) if user else []

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = self.lines(delivery)
        return {"lines": [(line, settings.SITE_URL + line.url) for line in lines], "count": len(lines)}
