"""What opinions show on the home pages: what the assembly said, what an office may read, what was handed over."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from assembly.institution.enums import Role
from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.institution.rules import has_role
from assembly.portal.registry import Panel, register_panel
from opinions.enums import OpinionState
from opinions.models import Opinion

SHOWN = 3
LISTED = 12


def public_opinions(user: Any, term: Term) -> Panel | None:
    """« Ce que dit l’Assemblée »: the latest published opinions, of this term and of those before."""
    rows = Opinion.objects.public().filter(term__assembly=term.assembly_id)
    found = list(rows.order_by("-adopted_on", "-pk").for_screen()[:SHOWN])
    return Panel("opinions/_public_opinions.html", {"opinions": found}, order=8) if found else None


def own_opinions(user: Any, term: Term) -> list[Panel]:
    """Opinions of the term, the latest first, and above them those that may be amended now: one reading of both."""
    found = list(FIRST_SHOWN(user, term))
    amendable = sorted((row for row in found if row.is_amendable), key=lambda row: (row.amendments_close_at, row.pk))
    latest = found if has_role(user, Role.MEMBER, term=term) else []
    panels = [("opinions/_member_opinions.html", latest, 16), ("opinions/_open_to_amendments.html", amendable, 8)]
    return [
        Panel(template, {"opinions": rows[:SHOWN]}, order=order, place="aside")
        for template, rows, order in panels
        if rows
    ]


def first_shown(user: Any, term: int) -> Any:
    """The latest opinions of the term, and those that close first among those open to amendments (`is_amendable`)."""
    rows = Opinion.objects.visible_to(user).filter(term=term)
    is_amendable = Q(state=OpinionState.AMENDING, amendments_close_at__gt=timezone.now())
    latest = rows.order_by("-created_at", "-pk").values("pk")[:SHOWN]
    closing = rows.filter(is_amendable).order_by("amendments_close_at", "pk").values("pk")[:SHOWN]
    found = rows.filter(Q(pk__in=latest) | Q(pk__in=closing)).order_by("-created_at", "-pk")
    return found.annotate(is_amendable=ExpressionWrapper(is_amendable, BooleanField())).for_screen()


def tabled_opinions(user: Any, term: int) -> Any:
    rows = Opinion.objects.visible_to(user).filter(term=term, tabled_at__isnull=False)
    return rows.order_by("-tabled_at", "-pk").for_screen()[:LISTED]


FIRST_SHOWN, TABLED = ReaderQuery(first_shown), ReaderQuery(tabled_opinions)


def office_opinions(user: Any, term: Term) -> Panel | None:
    """Tabled opinions that the president's office and the sponsor may read."""
    if not has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=term):
        return None
    found = list(TABLED(user, term))
    return Panel("opinions/_office_opinions.html", {"opinions": found}, order=12) if found else None


register_panel("public", public_opinions)
register_panel("member", own_opinions)
register_panel("directorate", office_opinions)
