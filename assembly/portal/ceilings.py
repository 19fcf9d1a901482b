"""What strangers ask for, near its ceiling: a line on the first page of whoever answers for the installation."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.identity.attempts import near_ceilings
from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.portal.rules import can_run_service


def ceiling_lines(user: User, term: Term) -> Iterable[todo.ToDo]:
    """A line each; told within a quarter of an hour, for counters do not make pages anew."""
    if not can_run_service(user):
        return []
    detail = _("Seules les personnes qui n’ont rien demandé aujourd’hui passent encore")
    page = reverse("portal:service-state")
    return [
        todo.ToDo(_("Trop de demandes : %(form)s") % {"form": ceiling.label}, page, detail)
        for ceiling, _count in near_ceilings()
    ]


todo.register("desk", ceiling_lines)
