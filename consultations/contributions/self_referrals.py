"""Contributions of self-referrals: menus, to-do lines, the council’s document, mails to authors, audit events."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.institution import todo
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_member
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.notifications.registry import add_messages
from consultations.enums import ReferralState
from consultations.lists import SUGGESTIONS
from consultations.models import CouncilView
from consultations.queries import waiting
from consultations.referrals.rules import OFFICE
from consultations.self_referrals.contributions import SuggestionNews
from consultations.self_referrals.queries import dots_to_give
from consultations.self_referrals.rules import can_read_suggestions

S = ReferralState
STUDIED_FIELDS = waiting.FIELDS | {"is_admissible": "is_admissible"}
STEP_LABELS = {
    S.SHORTLISTED: _("Étudier la recevabilité : %(title)s"),
    S.ADMISSIBILITY_CHECK: _("Décider de la recevabilité : %(title)s"),
    S.COUNCIL_VIEW_GIVEN: _("Mettre aux voix : %(title)s"),
}


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Yield « Vous avez encore 3 points à donner », while there is a subject of somebody else to support."""
    if not is_member(user, term):
        return
    if not (left := dots_to_give(user, term)):
        return
    template = ngettext("Vous avez encore %(n)s point à donner", "Vous avez encore %(n)s points à donner", left)
    url = reverse("consultations:my-suggestions")
    yield todo.ToDo(
        template % {"n": left},
        url,
        gettext("Sujets proposés par les membres"),
        acts=(todo.LineButton(gettext("Voir les sujets"), url),),
    )


def study_line(referral: dict[str, Any]) -> todo.ToDo:
    """Return the to-do line of the next step of a subject."""
    template: Any = STEP_LABELS[ReferralState(referral["state"])]
    if referral["state"] == S.ADMISSIBILITY_CHECK and referral["is_admissible"]:
        template = gettext("Recueillir la position du président : %(title)s")
    return todo.ToDo(
        template % referral, reverse("consultations:suggestion", args=[referral["pk"]]), referral["reference"]
    )


def view_line(referral: dict[str, Any]) -> todo.ToDo:
    """Return the to-do line of a subject that needs the council's view."""
    url = reverse("consultations:office-referral", args=[referral["pk"]])
    return todo.ToDo(gettext("Donner la position du président : %(title)s") % referral, url, referral["reference"])


def view_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the council's document: readers outside the directorates may."""
    roles = TEAM_ROLES | {Role.MEMBER, Role.FACILITATOR, OFFICE, Role.SPONSOR}
    terms = CouncilView.objects.filter(upload=upload).values_list("referral__term", flat=True)
    return any(has_role(user, roles, term=term) for term in terms)


open_area(r"/bureau/avis/", TEAM_ROLES)
add_menu_entry(
    "desk",
    _("Travaux"),
    _("Sujets proposés"),
    "consultations:suggestions",
    SUGGESTIONS.can_open,
    order=33,
    icon="lightbulb",
)
add_menu_entry(
    "member",
    "",
    _("Sujets proposés"),
    "consultations:my-suggestions",
    can_read_suggestions,
    order=31,
    icon="lightbulb",
)
add_to_do("member", member_lines)
add_messages(SuggestionNews)
add_upload_rules(view_document_is_visible)
add_audit_events(
    {
        "suggestion.made": _("a proposé un sujet"),
        "suggestion.recorded": _("a enregistré le sujet proposé par un membre"),
        "suggestion.changed": _("a modifié une proposition de sujet"),
        "suggestion.supported": _("a soutenu un sujet"),
    }
)
add_list(SUGGESTIONS)
