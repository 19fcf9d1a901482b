"""Menu entry of the draw in the back office, and the pending tasks of the team and of the lead."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution import todo
from assembly.institution.enums import Role
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.workflows import TERM
from draws import labels
from draws.enums import CallState, DrawState
from draws.models import Call, Draw
from draws.queries.confirmation import draws_to_call_again
from draws.queries.next_acts import contested_draws, day_of_draw, next_acts
from draws.rules.draw import SEES_DRAWS

add_menu_entry(
    "desk",
    gettext_lazy("Assemblée"),
    gettext_lazy("Tirage au sort"),
    "draws:list",
    SEES_DRAWS,
    order=18,
    icon="check2-square",
)

add_menu_entry(
    "member",
    "",
    gettext_lazy("Tirages au sort"),
    "draws:my-places",
    [Role.MEMBER],
    order=65,
    icon="check2-square",
)

NAMED = {"pk": "pk", "reference": "reference"}
NEXT_ACTS = todo.PendingRows(next_acts, {**NAMED, "act": F("act")}, labels.act_line, due=day_of_draw)
CONTESTATIONS = todo.PendingRows(contested_draws, {**NAMED, "n": F("waiting")}, labels.contested_line, due=day_of_draw)
CALLS = todo.PendingRows(
    draws_to_call_again, {**NAMED, "n": F("calls")}, labels.call_again_line, due=lambda: F("first_day")
)


def check_certified(term: Term) -> None:
    """Raise ValidationError where volunteers were called and the commissaire de justice attested no draw of theirs."""
    has_called = Call.objects.filter(term=term).exclude(state=CallState.DRAFT).exists()
    certified = Draw.objects.filter(call__term=term, state__in=DrawState.tagged("certified"))
    if has_called and not certified.exists():
        raise ValidationError(
            _("Un appel à candidatures a eu lieu : faites d’abord constater son tirage au sort."), code="draw"
        )


TERM.add_guard("draw", check_certified)
