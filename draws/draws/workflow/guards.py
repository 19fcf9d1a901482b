"""Rights on a draw, who takes its steps, what must be true before, and the columns that they write.

What is not granted is refused; the README has the same table.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.documents.actions.renditions import is_up_to_date
from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.text.french import format_date
from assembly.workflow import Permission, Transition
from draws.calls.queries import count_unexamined
from draws.draws.queries.draw import (
    RECORD_KIND,
    latest_trial,
    open_contestations,
    outcome_of,
    portfolio_of,
    record_of,
    running_computation,
    trial_pool,
)
from draws.models import CallState, ComputationState, Draw
from draws.succession.queries import drawn_without_mandate
from members.sortition.reading import InvalidInput, read_instance


def can_see_draws(user: Any, term: Term | int) -> bool:
    """Return whether the user is in the team or the commissaire de justice, who reads and attests."""
    return has_role(user, TEAM_ROLES | {Role.WITNESS}, term=term)


def can_prepare(user: Any, term: Term | int) -> bool:
    return is_team(user, term)


def can_see_names(user: Any, draw: Draw) -> bool:
    """Return whether the user may read names: the team; the commissaire de justice once the list is frozen."""
    term = draw.term_id
    return is_team(user, term) or (draw.frozen_at is not None and has_role(user, Role.WITNESS, term=term))


def is_witness(user: Any, draw: Draw) -> bool:
    return has_role(user, Role.WITNESS, term=draw.term_id)


def may_freeze(user: Any, draw: Draw) -> bool:
    """Return whether the user is the lead and prepared neither the draw nor the quotas that count."""
    prepared = {draw.prepared_by_id, draw.quotas.created_by_id if draw.quotas else None}
    return is_lead(user, draw.term_id) and user.pk not in prepared


TEAM: Permission[Draw] = Permission(lambda user, draw: is_team(user, draw.term_id), _("équipe"))
LEAD: Permission[Draw] = Permission(lambda user, draw: is_lead(user, draw.term_id), _("responsable"))
FREEZER: Permission[Draw] = Permission(may_freeze, _("responsable, qui n’a pas préparé ce tirage"))
WITNESS: Permission[Draw] = Permission(is_witness, _("commissaire de justice"))


def check_quotas(draw: Draw) -> None:
    if draw.quotas is None:
        raise ValidationError(gettext("Écrivez d’abord les quotas."), code="quotas")


def check_idle(draw: Draw) -> None:
    if running_computation(draw):
        raise ValidationError(gettext("Un calcul est en cours : attendez sa fin, ou arrêtez-le."), code="computation")


def check_call_closed(draw: Draw) -> None:
    if draw.volunteer_call.state != CallState.CLOSED:
        raise ValidationError(gettext("L’appel à candidatures n’est pas clos."), code="call")


def unexamined_message(n: int) -> str:
    message = ngettext(
        "%(n)s candidature attend encore son examen : examinez-la, ou écartez-la avec son motif.",
        "%(n)s candidatures attendent encore leur examen : examinez-les, ou écartez-les avec leur motif.",
        n,
    )
    return message % {"n": n}


def check_all_examined(draw: Draw) -> None:
    """Check that nobody is left out of the list for want of examination; the database refuses it too."""
    if n := count_unexamined(draw.volunteer_call):
        raise ValidationError(unexamined_message(n), code="unexamined")


def check_feasible(draw: Draw) -> None:
    """Check that a trial of these quotas, on the volunteers as they are now, found a panel."""
    trial = latest_trial(draw)
    if trial is None or trial.state != ComputationState.READY:
        raise ValidationError(gettext("Faites d’abord un essai à blanc de ces quotas."), code="trial")
    if trial.findings.get("impossible"):
        raise ValidationError(
            gettext("L’essai dit que le tirage est impossible : choisissez un remède."), code="trial"
        )
    try:
        digest = read_instance(trial_pool(draw), bytes(trial.quotas.content), trial.quotas.seats).digest
    except InvalidInput as changed:
        raise ValidationError(str(changed), code="trial") from changed
    if digest != trial.digest:
        message = gettext("Des candidatures ont changé depuis l’essai à blanc : refaites-le.")
        raise ValidationError(message, code="trial")


def check_portfolio(draw: Draw) -> None:
    if portfolio_of(draw) is None:
        raise ValidationError(gettext("Calculez d’abord les lots, avec le plafond retenu."), code="portfolio")


def is_inexact(draw: Draw) -> bool:
    """Return whether the panels miss the fairest chances and nobody has decided to go on."""
    portfolio = portfolio_of(draw)
    return portfolio is not None and not portfolio.findings.get("exact") and not draw.gap_decision


def check_gap_decision(draw: Draw) -> None:
    if is_inexact(draw):
        message = gettext("Les lots n’atteignent pas les chances les plus justes : décidez par écrit.")
        raise ValidationError(message, code="gap")


def check_contestations(draw: Draw) -> None:
    """Check that the period to contest is over and each contestation has its answer."""
    waiting = open_contestations(draw).count()
    if waiting:
        message = gettext("Des contestations attendent une réponse : %(n)s.") % {"n": waiting}
        raise ValidationError(message, code="contestations")
    ends_at = draw.contest_ends_at
    if ends_at and timezone.now() < ends_at:
        raise ValidationError(gettext("Le délai pour contester la liste n’est pas fini."), code="delay")


def check_place(draw: Draw) -> None:
    if not (draw.place and draw.takes_place_at):
        raise ValidationError(gettext("Dites où et quand le tirage a lieu : l’annonce le publie."), code="place")


def check_day_has_come(draw: Draw) -> None:
    """Check that the announced day has come: nobody reads balls before."""
    if draw.takes_place_at and timezone.localdate() < timezone.localdate(draw.takes_place_at):
        message = gettext("Le tirage est annoncé pour le %(day)s : les boules se lisent ce jour-là, devant le public.")
        raise ValidationError(message % {"day": format_date(draw.takes_place_at)}, code="day")


def check_record(draw: Draw) -> None:
    """Check that the sealed record, which the commissaire de justice attests, holds everything noted since."""
    if record_of(draw) is None:
        raise ValidationError(gettext("Scellez d’abord le procès-verbal du tirage."), code="record")
    if not is_up_to_date(draw, RECORD_KIND):
        message = gettext("Quelque chose a changé depuis le procès-verbal : scellez-le de nouveau.")
        raise ValidationError(message, code="record_changed")


def has_drawn_to_propose(draw: Draw) -> bool:
    outcome = outcome_of(draw)
    return outcome is not None and bool(drawn_without_mandate(draw, outcome))


def attestation_columns(draw: Draw, taken: Transition) -> dict[str, Any]:
    """Return the dates: without a commissaire de justice, whoever was there signs the record."""
    now = timezone.now()
    return {"certified_at": now, "revealed_at": now}


def unfreeze_columns(draw: Draw, taken: Transition) -> dict[str, Any]:
    return {"frozen_at": None, "frozen_by": None, "pool": None}
