"""Opinions on the home pages: what the assembly wrote, what an office may read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone

from assembly.institution.enums import Role
from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.institution.rules import has_role
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from consultations.models import Referral
from opinions.enums import OpinionState
from opinions.models import Opinion
from opinions.queries.areas import opinions_on, published_opinions

SHOWN = 3
LISTED = 12


def opinions_of_referral(user: Any, referral: Referral) -> Widget | None:
    """Return what the assembly answered, for the page of a published referral."""
    opinions = opinions_on(referral)
    return Widget("opinions/_opinions_on.html", {"opinions": opinions}) if opinions else None


def pages() -> Iterator[Page]:
    """Yield the list, and each published opinion."""
    yield reverse("opinions:public-list"), None
    for reference, moment in published_opinions().order_by("pk").values_list("reference", "published_at"):
        yield reverse("opinions:public", args=[reference]), moment


def member_widgets(user: Any, term: Term) -> list[Widget]:
    """Return the latest opinions of the term, and above them those that may be amended now, in one query."""
    opinions = list(FIRST_SHOWN(user, term))
    amendable = sorted(
        (row for row in opinions if row.is_amendable), key=lambda row: (row.amendments_close_at, row.pk)
    )
    latest = opinions if has_role(user, Role.MEMBER, term=term) else []
    widgets = [("opinions/_member_opinions.html", latest, 16), ("opinions/_open_to_amendments.html", amendable, 8)]
    return [
        Widget(template, {"opinions": rows[:SHOWN]}, order=order, position="sidebar")
        for template, rows, order in widgets
        if rows
    ]


def first_shown(user: Any, term: int) -> Any:
    """Return the latest opinions of the term, and those open to amendments (`is_amendable`) that close first."""
    rows = Opinion.objects.visible_to(user).filter(term=term)
    is_amendable = Q(state=OpinionState.AMENDING, amendments_close_at__gt=timezone.now())
    latest = rows.order_by("-created_at", "-pk").values("pk")[:SHOWN]
    closing = rows.filter(is_amendable).order_by("amendments_close_at", "pk").values("pk")[:SHOWN]
    shown = rows.filter(Q(pk__in=latest) | Q(pk__in=closing)).order_by("-created_at", "-pk")
    return shown.annotate(is_amendable=ExpressionWrapper(is_amendable, BooleanField())).for_screen()


def tabled_opinions(user: Any, term: int) -> Any:
    rows = Opinion.objects.visible_to(user).filter(term=term, tabled_at__isnull=False)
    return rows.order_by("-tabled_at", "-pk").for_screen()[:LISTED]


FIRST_SHOWN, TABLED = ReaderQuery(first_shown), ReaderQuery(tabled_opinions)


def office_opinions(user: Any, term: Term) -> Widget | None:
    """Return the tabled opinions that the president's office and the sponsor may read."""
    if not has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=term):
        return None
    opinions = list(TABLED(user, term))
    return Widget("opinions/_office_opinions.html", {"opinions": opinions}, order=12) if opinions else None


add_pages("opinions", pages)
add_widget("public-referral", opinions_of_referral)
add_widget("member", member_widgets)
add_widget("directorate", office_opinions)
