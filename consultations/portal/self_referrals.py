"""What self-referrals show: lines of menus, what waits for members, for the team, for the president's office."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.documents.models import Upload
from assembly.documents.registry import uploads_visible_to
from assembly.institution import menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_member
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import CouncilView
from consultations.queries.self_referrals import dots_to_give
from consultations.queries.waiting import STUDIED, studied
from consultations.rules.referrals import OFFICE
from consultations.rules.self_referrals import is_admissible

S = ReferralState
menu.add(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Sujets proposés"),
    "consultations:suggestions",
    TEAM_ROLES,
    order=33,
    icon="lightbulb",
)
menu.add(
    "member",
    "",
    gettext_lazy("Sujets proposés"),
    "consultations:own-suggestions",
    [Role.MEMBER],
    order=31,
    icon="lightbulb",
)
WORDS = {
    S.SHORTLISTED: gettext_lazy("Étudier la recevabilité : %(title)s"),
    S.COUNCIL_VIEW_GIVEN: gettext_lazy("Mettre aux voix : %(title)s"),
}


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """« Vous avez encore 3 points à donner », while there is a subject of somebody else to support."""
    if not is_member(user, term):
        return
    if not (left := dots_to_give(user, term)):
        return
    words = ngettext("Vous avez encore %(n)s point à donner", "Vous avez encore %(n)s points à donner", left)
    url = reverse("consultations:own-suggestions")
    yield todo.ToDo(
        words % {"n": left},
        url,
        _("Sujets proposés par les membres"),
        acts=(todo.LineButton(_("Voir les sujets"), url),),
    )


def desk_lines(referral: Any) -> Iterable[todo.ToDo]:
    """The next step of a subject of `waiting_for_team`; nothing while directorates still have to answer."""
    if referral.origin == ReferralOrigin.OWN and referral.state in STUDIED and (words := desk_words(referral)):
        url = reverse("consultations:suggestion", args=[referral.pk])
        yield todo.ToDo(words % {"title": referral.title}, url, referral.reference)


def desk_words(referral: Any) -> Any:
    if referral.state != S.ADMISSIBILITY_CHECK:
        return WORDS[ReferralState(referral.state)]
    if is_admissible(referral):
        return _("Recueillir l’avis du Conseil : %(title)s")
    return "" if referral.is_waited else _("Décider de la recevabilité : %(title)s")


def office_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Subjects that wait for the council's view."""
    if not has_role(user, OFFICE, term=term):
        return
    for referral in studied(term):
        if referral.state == S.ADMISSIBILITY_CHECK and is_admissible(referral):
            title = _("Donner l’avis du Conseil : %(title)s") % {"title": referral.title}
            url = reverse("consultations:office-referral", args=[referral.pk])
            yield todo.ToDo(title, url, referral.reference)


@uploads_visible_to
def view_document_is_visible(user: Any, upload: Upload) -> bool:
    """The council's document: whoever may read the self-referral outside the directorates."""
    roles = TEAM_ROLES | {Role.MEMBER, Role.FACILITATOR, OFFICE, Role.SPONSOR}
    terms = CouncilView.objects.filter(upload=upload).values_list("referral__term", flat=True)
    return any(has_role(user, roles, term=term) for term in terms)


todo.register("member", member_lines)
todo.register("directorate", office_lines)
