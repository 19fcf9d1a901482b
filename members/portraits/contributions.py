"""Contributions of portraits: tasks of the team, who may see a photograph, audit events, retention."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.identity.personal_data import at_erasure, retention
from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from members import rules
from members.enums import MandateState
from members.models import Mandate, Portrait
from members.portraits.actions import erase_portrait, erase_portrait_of
from members.portraits.queries import portraits_of, public_portraits

add_audit_events(
    {
        "portrait.written": _("a écrit un portrait"),
        "portrait.published": _("a mis un portrait en ligne"),
        "portrait.taken_offline": _("a retiré un portrait du site"),
        "portrait.deleted": _("a supprimé un portrait"),
    }
)


def portraits_to_read(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Yield how many portraits the team may put online."""
    if not rules.can_manage(user, term):
        return
    count = portraits_of(term).filter(published_at=None, agrees=True).count()
    if count:
        url = reverse("members:portrait-list")
        yield todo.ToDo(
            ngettext("%(n)s portrait à relire", "%(n)s portraits à relire", count) % {"n": count},
            url,
            acts=(todo.LineButton(_("Relire"), url),),
        )


def portrait_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the photograph is public today, or of the reader, or of a member of a term of the team."""
    portrait = Portrait.objects.filter(photo=upload).select_related("member").first()
    if portrait is None:
        return False
    if user.is_authenticated and rules.is_this_member(user, portrait.member):
        return True
    if Portrait.objects.visible_to(user).filter(pk=portrait.pk).exists():
        return True
    terms = Mandate.objects.filter(member=portrait.member).values_list("term", flat=True)
    return any(public_portraits(term).filter(pk=portrait.pk).exists() for term in set(terms))


def portraits_past(now: datetime) -> Iterator[Portrait]:
    """Return the portraits of those whose mandates all ended, or whose terms did."""
    today = timezone.localdate(now)
    current = Mandate.objects.filter(state__in=MandateState.tagged("open"), term__ends_on__gte=today).values("member")
    yield from Portrait.objects.exclude(member__in=current).select_related("member")


add_to_do("desk", portraits_to_read)
add_upload_rules(portrait_is_visible)
at_erasure("members.portraits", erase_portrait_of)
retention("members.portraits", _("Portraits, dès la fin du mandat"), find=portraits_past, apply=erase_portrait)
