"""What strangers ask for, near its ceiling: a line on the first page of whoever answers for the installation."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.fragments.cache import ignoring_changes
from assembly.identity.attempts import near_ceilings
from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.portal.rules import can_run_service


def ceiling_lines(user: User, term: Term) -> Iterable[todo.ToDo]:
    """Return a line for each ceiling that is near. A new one is shown within a quarter of an hour: counters change at
    every sign-in, and must not make the page anew."""
    if not can_run_service(user):
        return []
    with ignoring_changes():
        ceilings = near_ceilings()
    detail = _("Seules les personnes qui n’ont rien demandé aujourd’hui passent encore")
    page = reverse("portal:service-state")
    return [
        todo.ToDo(_("Trop de demandes : %(form)s") % {"form": ceiling.label}, page, detail)
        for ceiling, _count in ceilings
    ]


todo.register("desk", ceiling_lines)
