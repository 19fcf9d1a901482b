"""Guards of the workflow of terms: plenaries held or to come, minutes sealed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.institution.models import Term
from assembly.institution.workflows import TERM
from sessions.enums import SittingKind, SittingState
from sessions.models import Minutes, Sitting


def check_first_plenary_held(term: Term) -> None:
    """Raise ValidationError unless the term has held its first plenary, which installs it."""
    if not Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=SittingState.tagged("held")).exists():
        raise ValidationError(_("Tenez d’abord la première séance plénière."), code="plenary")


def check_no_plenary_ahead(term: Term) -> None:
    """Raise ValidationError if a plenary is still to come; follow-up committees go on after the closing."""
    plenaries = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY)
    ahead = plenaries.filter(state__in=SittingState.tagged("upcoming", "running")).count()
    message = ngettext(
        "%(n)s séance plénière est encore à tenir, ou à annuler.",
        "%(n)s séances plénières sont encore à tenir, ou à annuler.",
        ahead,
    )
    if ahead:
        raise ValidationError(message % {"n": ahead}, code="plenary")


def check_minutes_sealed(term: Term) -> None:
    """Raise ValidationError if minutes of a plenary are not sealed: only finished texts go to the archives."""
    rows = Minutes.objects.filter(sitting__term=term, sitting__kind=SittingKind.PLENARY, signed_at=None).count()
    message = ngettext(
        "%(n)s compte rendu de plénière n’est pas scellé.",
        "%(n)s comptes rendus de plénière ne sont pas scellés.",
        rows,
    )
    if rows:
        raise ValidationError(message % {"n": rows}, code="minutes")


TERM.add_guard("install", check_first_plenary_held)
TERM.add_guard("close", check_no_plenary_ahead)
TERM.add_guard("archive", check_minutes_sealed)
