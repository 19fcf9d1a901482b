"""Guard of the workflow of terms: volunteers who were called are drawn by lot."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.institution.models import Term
from assembly.institution.workflows import TERM
from draws.enums import CallState, DrawState
from draws.models import Call, Draw


def check_certified(term: Term) -> None:
    """Raise ValidationError where volunteers were called and the commissaire de justice attested no draw of theirs."""
    has_called = Call.objects.filter(term=term).exclude(state=CallState.DRAFT).exists()
    certified = Draw.objects.filter(call__term=term, state__in=DrawState.tagged("certified"))
    if has_called and not certified.exists():
        raise ValidationError(
            _("Un appel à candidatures a eu lieu : faites d’abord constater son tirage au sort."), code="draw"
        )


TERM.add_guard("draw", check_certified)
