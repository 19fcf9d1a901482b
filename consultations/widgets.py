"""Widgets of referrals on the home pages: what the assembly works on, what an office may read."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from assembly.institution.enums import Role
from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.institution.rules import has_role
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from assembly.speed.compiled_query import CompiledQuery
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.models.referral import ReferralQuerySet
from consultations.queries.member_area import my_referrals, published, with_my_groups
from consultations.rules.referrals import OFFICE

SHOWN = 4
LISTED = 12


PUBLIC_WORK = CompiledQuery(
    lambda term: (
        Referral.objects.public()
        .filter(term=term, state__in=ReferralState.tagged("at_work"))
        .order_by("-created_at", "-pk")
        .for_screen()[:SHOWN]
    )
)


def public_work(user: Any, term: Term) -> Widget | None:
    """Return « Sur quoi travaille l’Assemblée »: what was published, until its opinion is handed over."""
    rows = list(PUBLIC_WORK(term.pk))
    return Widget("consultations/_public_work.html", {"referrals": rows}, order=5) if rows else None


def open_work(user: Any, term: int) -> ReferralQuerySet:
    """Return the referrals at work, those of the reader's own groups first."""
    rows = with_my_groups(my_referrals(user), user.person_id).filter(
        term=term, state__in=ReferralState.tagged("at_work")
    )
    return rows.order_by("-is_mine", "due_on", "-pk").for_screen()[:SHOWN]


def office_work(user: Any, term: int) -> ReferralQuerySet:
    rows = Referral.objects.visible_to(user).filter(term=term).exclude(state=ReferralState.SHORTLISTED)
    return rows.order_by("-created_at", "-pk").for_screen()[:LISTED]


OPEN_WORK, OFFICE_WORK = ReaderQuery(open_work), ReaderQuery(office_work)


def member_work(user: Any, term: Term) -> Widget | None:
    """Return what the assembly must answer now, with the reader's own groups."""
    rows = list(OPEN_WORK(user, term))
    return (
        Widget("consultations/_member_work.html", {"referrals": rows}, order=15, position="sidebar") if rows else None
    )


def office_list(user: Any, term: Term) -> Widget | None:
    """Return the referrals of the term that the president's office and the sponsor may read."""
    if not has_role(user, {OFFICE, Role.SPONSOR}, term=term):
        return None
    rows = list(OFFICE_WORK(user, term))
    return Widget("consultations/_office_list.html", {"referrals": rows}, order=10) if rows else None


def pages() -> Iterator[Page]:
    """Yield the address of the list, then that of each published referral with its moment of publication."""
    yield reverse("consultations:public-list"), None
    for reference, moment in published().order_by("pk").values_list("reference", "published_at"):
        yield reverse("consultations:public", args=[reference]), moment


add_pages("referrals", pages)
add_widget("public", public_work)
add_widget("member", member_work)
add_widget("directorate", office_list)
