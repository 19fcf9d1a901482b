"""Contributions of consents: mail of welcome, to-do lines of members, audit events, retention."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.personal_data import delete_row, retention
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.queries import terms_past
from assembly.institution.todo import add_to_do
from assembly.notifications.registry import add_messages
from assembly.speed.queries import CompiledQuery
from members import rules
from members.consents.mails import AlumniWelcome
from members.consents.queries import member_waiting
from members.models import AccommodationNeed, AlumniConsent, Mandate

add_audit_events(
    {
        "charter.published": _("a publié une version de la charte"),
        "charter.accepted": _("a accepté la charte"),
        "image_consent.decided": _("a répondu sur l’usage de son image"),
        "need.recorded": _("a noté une mesure à prévoir"),
        "need.ended": _("a retiré une mesure à prévoir"),
        "alumni.joined": _("a demandé à rester en contact après le mandat"),
        "alumni.left": _("ne souhaite plus rester en contact après le mandat"),
        "alumni.exported": _("a exporté la liste des membres qui restent en contact"),
    }
)

add_messages(AlumniWelcome)

MEMBER = CompiledQuery(member_waiting)


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Yield the pending tasks of a member: charter to accept, question on the image never answered."""
    if not rules.can_see_public_directory(user, term) or not (member := next(MEMBER(user.person_id, term.pk), None)):
        return
    if member.charter and not member.has_accepted:  # type: ignore[attr-defined]  # -- annotated by `member_waiting`
        url = reverse("members:my-charter")
        yield todo.ToDo(
            gettext("Lisez la charte, puis acceptez-la"),
            url,
            gettext("Deux minutes"),
            acts=(todo.LineButton(gettext("Lire la charte"), url),),
        )
    if not member.has_answered_image:  # type: ignore[attr-defined]  # -- see above
        url = reverse("members:my-image")
        yield todo.ToDo(
            gettext("Êtes-vous d’accord pour être en photo ?"),
            url,
            gettext("Trois questions, une par usage"),
            acts=(todo.LineButton(gettext("Répondre"), url),),
        )


add_to_do("member", member_lines)


def expired_consents(now: datetime) -> Iterator[AlumniConsent]:
    """Return the consents whose two years are over."""
    today = timezone.localdate(now)
    rows = AlumniConsent.objects.select_related("mandate__term")
    return (row for row in rows.order_by("pk") if row.retained_until < today)


ENDED_NEEDS_RETENTION = timedelta(days=365)


def old_needs(now: datetime) -> QuerySet[AccommodationNeed]:
    """Return measures ended a year ago, and those of members whose terms all ended longer ago than the setting."""
    sitting = Mandate.objects.exclude(term__in=terms_past(now, "logistics_retention_months")).values("member")
    return AccommodationNeed.objects.filter(
        Q(ends_on__lt=timezone.localdate(now) - ENDED_NEEDS_RETENTION) | ~Q(member__in=sitting)
    )


retention(
    "members.alumni",
    _("Accords pour rester en contact, après deux ans"),
    find=expired_consents,
    apply=delete_row,
)

retention("members.needs", _("Mesures à prévoir, après la mandature"), find=old_needs, apply=delete_row)
