"""Steps of a call; volunteers who were called are drawn by lot (guard of terms)."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.institution.models import Term, TermState
from assembly.institution.rules import is_lead
from assembly.institution.workflow import TERM
from assembly.workflow import Permission, Step, Transition, Workflow
from draws.calls.forms import CloseCallForm, ExtendForm
from draws.calls.queries import has_ended, is_frozen
from draws.models import Call, CallState, CallState as S, Draw, DrawState
from members.models import Seat

LEAD: Permission[Call] = Permission(lambda user, call: is_lead(user, call.term_id), _("responsable"))


def check_decision(call: Call) -> None:
    """Check that the council’s decision is recorded in the term or the call; the step of the term requires it too."""
    if not call.term.decision_reference and not call.decision:
        message = gettext("Notez d’abord la délibération du Conseil qui ouvre l’appel.")
        raise ValidationError(message, code="decision")


def check_draw_day(call: Call) -> None:
    if call.draw_on is None:
        message = gettext("Notez le jour prévu du tirage : le jour d’effacement annoncé aux candidats en dépend.")
        raise ValidationError(message, code="draw_on")


def check_last_day(call: Call) -> None:
    if call.closes_on < timezone.localdate():
        raise ValidationError(gettext("Le dernier jour est déjà passé : changez les dates."), code="closes_on")


def check_seats(call: Call) -> None:
    """Check that there are seats: cells are counted by them, and whoever applies reads how many there are."""
    if not Seat.objects.filter(term=call.term_id).exists():
        raise ValidationError(gettext("Créez d’abord les sièges, canton par canton."), code="seats")


def term_is_before_its_draw(call: Call) -> bool:
    return call.term.state in TermState.tagged("undrawn")


def check_not_frozen(call: Call) -> None:
    if is_frozen(call):
        message = gettext("La liste des candidats est figée pour le tirage : l’appel ne change plus.")
        raise ValidationError(message, code="frozen")


def recruit(call: Call, taken: Transition) -> None:
    """Set the term to recruiting."""
    if call.term.state == TermState.PLANNED:
        TERM.transition(call.term, "recruit", by=taken.by)


CALL: Workflow[Call] = Workflow(
    [
        Step(
            "open",
            {S.DRAFT},
            S.OPEN,
            by=LEAD,
            when=term_is_before_its_draw,
            guards=(check_decision, check_draw_day, check_last_day, check_seats),
            history_text=_("a ouvert l’appel à candidatures"),
            then=recruit,
            locks_parent=True,
            slug="ouvrir",
            label=_("Ouvrir l’appel"),
            question=_("Ouvrir l’appel à candidatures ?"),
            success_message=_("L’appel est ouvert : le formulaire public est en ligne."),
            fresh=True,
        ),
        Step(
            "announce",
            {S.OPEN},
            by=LEAD,
            history_text=_("a annoncé l’appel à qui l’avait demandé"),
            slug="annoncer",
            label=_("Annoncer par courriel"),
            question=_("Annoncer l’appel à qui l’avait demandé ?"),
            success_message=_("L’annonce est en cours d’envoi."),
            fresh=True,
        ),
        Step(
            "extend",
            {S.OPEN, S.CLOSED},
            S.OPEN,
            by=LEAD,
            guards=(check_not_frozen,),
            history_text=_("a prolongé l’appel à candidatures"),
            needs_reason=True,
            changes=lambda call, taken: {"closed_on": None},
            slug="prolonger",
            label=_("Prolonger"),
            question=_("Prolonger l’appel à candidatures"),
            success_message=_("L’appel est prolongé."),
            consequences=[_("La décision et son motif restent, et seront dans le procès-verbal du tirage.")],
            form=ExtendForm,
            fresh=True,
        ),
        Step(
            "close",
            {S.OPEN},
            S.CLOSED,
            by=LEAD,
            when=has_ended,
            history_text=_("a clos l’appel à candidatures"),
            when_column="closed_on",
            slug="clore",
            label=_("Clore l’appel"),
            question=_("Clore l’appel à candidatures ?"),
            success_message=_("L’appel est clos."),
            form=CloseCallForm,
            fresh=True,
        ),
        Step(
            "close",
            {S.OPEN},
            S.CLOSED,
            by=LEAD,
            when=lambda call: not has_ended(call),
            event_type="call.closed_early",
            history_text=_("a clos l’appel à candidatures avant son dernier jour"),
            needs_reason=True,
            when_column="closed_on",
        ),
    ],
    parent="term",
    dossier=lambda call: call.term,
    noun="call",
)


def check_certified(term: Term) -> None:
    """Raise ValidationError where volunteers were called and the commissaire de justice attested no draw of theirs."""
    has_called = Call.objects.filter(term=term).exclude(state=CallState.DRAFT).exists()
    certified = Draw.objects.filter(call__term=term, state__in=DrawState.tagged("certified"))
    if has_called and not certified.exists():
        raise ValidationError(
            gettext("Un appel à candidatures a eu lieu : faites d’abord constater son tirage au sort."), code="draw"
        )


TERM.add_guard("draw", check_certified)
