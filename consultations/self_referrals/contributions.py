"""Contributions of self-referrals: menus, to-do lines, a document, the mail to authors, audit events, receivers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry, open_area
from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.rules import has_role, is_member
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, add_messages
from consultations.models import CouncilView, Referral, ReferralState
from consultations.pages import outside_status
from consultations.referrals.rules import OFFICE
from consultations.self_referrals import actions
from consultations.self_referrals.lists import SUGGESTIONS
from consultations.self_referrals.queries import dots_to_give
from consultations.self_referrals.rules import can_read_suggestions
from sessions.signals import agenda_item_removed, ballot_cancelled, ballot_proclaimed, sitting_replaced

S = ReferralState


@dataclass(frozen=True)
class SuggestionNewsMessage:
    """One subject of the mail: title, sentence of its state, reasons, link."""

    title: str
    sentence: str
    reasons: str
    url: str


class SuggestionNews(MessageKind):
    kind = "suggestion-news"
    template = "consultations/self_referrals/mail/news"
    label = gettext_lazy("Ce que devient un sujet proposé")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = Referral.objects.filter(pk__in=delivery.context["referrals"])
        referrals = rows.select_related("admissibility", "merged_into", "vote_item__sitting").order_by("pk")
        lines = [news_of(referral) for referral in referrals]
        return {"lines": lines, "count": len(lines)}


def news_of(referral: Referral) -> SuggestionNewsMessage:
    status = outside_status(referral)
    reasons = status.consequence if referral.is_ended else ""
    check = getattr(referral, "admissibility", None)
    if referral.state == S.INADMISSIBLE and check is not None:
        reasons = check.reasons
    url = reverse("consultations:my-suggestion", args=[referral.pk])
    return SuggestionNewsMessage(referral.title, status.sentence, reasons, f"{settings.SITE_URL}{url}")


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


def view_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the council's document: readers outside the directorates may."""
    roles = TEAM_ROLES | {Role.MEMBER, Role.FACILITATOR, OFFICE, Role.SPONSOR}
    terms = CouncilView.objects.filter(upload=upload).values_list("referral__term", flat=True)
    return any(has_role(user, roles, term=term) for term in terms)


open_area(r"/bureau/avis/", TEAM_ROLES)
add_desk_line(
    MenuHeading.QUESTIONS,
    _("Sujets proposés"),
    "consultations:suggestions",
    SUGGESTIONS.can_open,
    order=33,
)
add_menu_entry(
    "member",
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


@receiver(ballot_proclaimed)
def take_result(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Apply the vote of the plenary to its self-referral."""
    actions.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def unlink_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Detach a prepared vote that will not be held."""
    actions.unlink_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """Take self-referrals off when their item is no longer on the agenda."""
    actions.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """Move the votes to where the agenda of the sitting is copied."""
    actions.follow_sitting(sitting, follower, by=by)
