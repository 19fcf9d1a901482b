"""What members show on the public home: who sits, in numbers that are true today."""

from typing import Any

from django.db.models import Count, Q

from assembly.institution.models import Term
from assembly.portal.registry import Panel, register_panel
from members.enums import Gender
from members.queries import active_mandates


def composition(user: Any, term: Term) -> Panel | None:
    """Seats held today, cantons, women and men. Nothing before the first mandate is open."""
    counts = active_mandates(term).aggregate(
        members=Count("pk"),
        cantons=Count("member__canton", distinct=True),
        women=Count("pk", filter=Q(member__gender=Gender.FEMALE)),
        men=Count("pk", filter=Q(member__gender=Gender.MALE)),
    )
    return Panel("members/_composition.html", counts, order=30, place="wide") if counts["members"] else None


register_panel("public", composition)
