"""What amendments show on the first screen of members: texts that may be amended now, until when."""

from typing import Any

from django.utils import timezone

from assembly.institution.models import Term
from assembly.portal.registry import Panel, register_panel
from opinions.enums import OpinionState
from opinions.models import Opinion

SHOWN = 3


def open_to_amendments(user: Any, term: Term) -> Panel | None:
    """Opinions whose window is open, the one that closes first on top."""
    rows = Opinion.objects.visible_to(user).filter(
        term=term, state=OpinionState.AMENDING, amendments_close_at__gt=timezone.now()
    )
    found = list(rows.order_by("amendments_close_at", "pk").for_screen()[:SHOWN])
    return Panel("opinions/_open_to_amendments.html", {"opinions": found}, order=8, place="aside") if found else None


register_panel("member", open_to_amendments)
