"""View that answers several corrections at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.lists.selection import BulkAct, Selection
from assembly.workflow import share
from sessions.minutes.actions import corrections as actions
from sessions.minutes.forms import RefuseForm
from sessions.minutes.queries.writing import corrections_with_facts
from sessions.minutes.views.steps import desk_minutes
from sessions.models import Correction, Minutes
from sessions.workflows.corrections import CORRECTION


def correction_label(correction: Correction) -> str:
    """Return a label with the proposal, so that two corrections of one person on one item differ."""
    excerpt = Truncator(correction.proposal or correction.passage).chars(80)
    return f"{correction.section.agenda_item.title}, {correction.author.full_name} : « {excerpt} »"


SELECTION: Selection[Correction] = Selection(
    "sittings:corrections-chosen",
    lambda n: ngettext("%(n)s correction choisie", "%(n)s corrections choisies", n) % {"n": n},
    {
        "accepter": BulkAct(
            gettext_lazy("Accepter"),
            action=lambda correction, user, data: actions.accept(correction, by=user),
            success_message=lambda n: (
                ngettext(
                    "%(n)s correction est acceptée, le texte est changé.",
                    "%(n)s corrections sont acceptées, le texte est changé.",
                    n,
                )
                % {"n": n}
            ),
            check=lambda user, correction: CORRECTION.check(user, correction, "accept"),
        ),
        "refuser": BulkAct(
            gettext_lazy("Refuser avec un motif"),
            action=lambda correction, user, data: actions.refuse(correction, by=user, answer=data["answer"]),
            success_message=lambda n: (
                ngettext("%(n)s correction est refusée.", "%(n)s corrections sont refusées.", n) % {"n": n}
            ),
            check=lambda user, correction: CORRECTION.check(user, correction, "refuse"),
            form=RefuseForm,
        ),
    },
    name=correction_label,
)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def corrections_chosen(request: UserRequest, pk: int) -> HttpResponse:
    """Answer several corrections; one whose passage only a person can place stays, with a message."""
    minutes = desk_minutes(request, pk)
    if not is_team(request.user, minutes.sitting.term_id):
        raise PermissionDenied
    share(Minutes.objects.filter(pk=minutes.pk))  # before its corrections: the order of docs/locks.md
    tab = f"{reverse('sittings:minutes', args=[minutes.sitting_id])}#corrections"
    return SELECTION.answer(request, corrections_with_facts().filter(minutes=minutes), back=tab)
