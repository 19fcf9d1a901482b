"""To-do line for the administrators of the installation when requests of anonymous users approach a ceiling."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.fragments.cache import ignore_changes
from assembly.identity.attempts import near_ceilings
from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from assembly.portal.rules import can_run_service


def ceiling_lines(user: User, term: Term) -> Iterable[todo.ToDo]:
    """Return a line for each ceiling that is near; a new one appears within a quarter of an hour.

    Counters change at every sign-in, and must not invalidate the cached page.
    """
    if not can_run_service(user):
        return []
    with ignore_changes():
        ceilings = near_ceilings()
    detail = _("Seules les personnes qui n’ont rien demandé aujourd’hui passent encore")
    page = reverse("portal:service-state")
    return [
        todo.ToDo(_("Trop de demandes : %(form)s") % {"form": ceiling.label}, page, detail)
        for ceiling, _count in ceilings
    ]


add_to_do("desk", ceiling_lines)
