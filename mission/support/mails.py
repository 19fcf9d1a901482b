"""Mails about a request for support: they name it and link to its page, where the advice is read."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Role, RoleAssignment
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from mission.support.models import SupportRequest

ASKED, NEWS = "support-asked", "support-news"


def notify_team(row: SupportRequest, *, by: User) -> None:
    """Inform the team of a request: whoever is in the team may answer it."""
    _send(ASKED, row, _holders(TEAM_ROLES, assembly=row.assembly_id), "asked", by=by)


def notify_directorate(row: SupportRequest, state: str | None, *, by: Any) -> None:
    """Inform the directorate that its request is accepted, refused or delivered.

    Local authorities have no account: somebody writes to them.
    """
    if row.directorate_id:
        _send(NEWS, row, notified_agents(row), str(state), by=by)


def notified_agents(row: SupportRequest) -> list[User]:
    """Return who asked, while they work there; else the contacts of the directorate."""
    there = _holders(DIRECTORATE_ROLES, directorate=row.directorate_id)
    asked = [user for user in there if user.pk == row.created_by_id]
    return asked or _holders([Role.DIR_CONTACT], directorate=row.directorate_id)


def _holders(roles: Iterable[Role], **place: Any) -> list[User]:
    assignments = RoleAssignment.objects.filter(role__in=roles, ended_at=None, **place)
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).select_related("person")
    return list(people.order_by("pk"))


def _send(kind: str, row: SupportRequest, people: list[User], what: str, *, by: Any) -> None:
    distribute(
        kind,
        row,
        [Recipient(user.person, {"state": what}) for user in people],
        by=by,
        title=f"{row.reference}, {row.name}",
        key=f"{kind}:{row.pk}:{what}",
        assembly=row.assembly,
        letter=False,
    )


class SupportMessage(MessageKind):
    page: ClassVar[str]

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = SupportRequest.objects.select_related("directorate", "epci", "owner__person").get(
            pk=distribution.subject_id
        )
        return {
            "row": row,
            "state": delivery.context["state"],
            "url": settings.SITE_URL + reverse(self.page, args=[row.pk]),
        }


class SupportAsked(SupportMessage):
    """Mail to the team: a directorate asks."""

    kind = ASKED
    template = "mission/support/mail/asked"
    label = gettext_lazy("Demande d’appui reçue")
    page = "mission:support-row"


class SupportNews(SupportMessage):
    """Mail to the directorate: `own.state` is the new state of its request."""

    kind = NEWS
    template = "mission/support/mail/news"
    label = gettext_lazy("Réponse à une demande d’appui")
    page = "mission:directorate-support-row"
