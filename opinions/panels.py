"""What opinions show on the home pages: what the assembly said, what an office may read, what was handed over."""

from typing import Any

from assembly.institution.enums import Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role
from assembly.portal.registry import Panel, register_panel
from opinions.models import Opinion

SHOWN = 3
LISTED = 12


def public_opinions(user: Any, term: Term) -> Panel | None:
    """« Ce que dit l’Assemblée »: the latest published opinions, of this term and of those before."""
    rows = Opinion.objects.public().filter(term__assembly=term.assembly_id)
    found = list(rows.order_by("-adopted_on", "-pk").for_screen()[:SHOWN])
    return Panel("opinions/_public_opinions.html", {"opinions": found}, order=8) if found else None


def own_opinions(user: Any, term: Term) -> Panel | None:
    """Opinions of the term, the latest first."""
    if not has_role(user, Role.MEMBER, term=term):
        return None
    rows = Opinion.objects.visible_to(user).filter(term=term).order_by("-created_at", "-pk")
    found = list(rows.for_screen()[:SHOWN])
    return Panel("opinions/_own_opinions.html", {"opinions": found}, order=16, place="aside") if found else None


def office_opinions(user: Any, term: Term) -> Panel | None:
    """Tabled opinions that the president's office and the sponsor may read."""
    if not has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=term):
        return None
    rows = Opinion.objects.visible_to(user).filter(term=term, tabled_at__isnull=False)
    found = list(rows.order_by("-tabled_at", "-pk").for_screen()[:LISTED])
    return Panel("opinions/_office_opinions.html", {"opinions": found}, order=12) if found else None


register_panel("public", public_opinions)
register_panel("member", own_opinions)
register_panel("directorate", office_opinions)
