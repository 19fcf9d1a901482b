"""List of the suggested subjects in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    Unmatched,
    any_word_in,
    reference_cell,
    small,
    stacked,
    standing_cell,
)
from assembly.text.french import format_date
from consultations.models import Referral, ReferralState
from consultations.referrals.models import ReferralQuerySet
from consultations.self_referrals import rules
from consultations.self_referrals.queries import suggestions


def author_cell(referral: Referral) -> Any:
    author = referral.suggested_by.get_full_name() if referral.suggested_by else ""
    via = "" if referral.suggested_via == "site" else f", {referral.get_suggested_via_display()}"
    return stacked(format_date(referral.created_at, weekday=False), small(f"{author}{via}"))


def suggested(user: Any, term: Term) -> ReferralQuerySet:
    return suggestions(term).select_related("suggested_by__person")


SUGGESTIONS = List(
    _("Sujets proposés"),
    [
        Column(_("Référence"), "reference"),
        Column(
            _("Sujet"),
            "title",
            "titre",
            ["title__alphabetical"],
            note=lambda row: row.reference and reference_cell(row),
        ),
        Column(_("Points"), "dots", key="points", order=["dots", "supporters"], number=True),
        Column(_("Membres"), "supporters", key="membres", order=["supporters", "dots"], number=True),
        Column(_("Proposé par"), "suggested_by.get_full_name"),
        Column(_("Reçu"), "get_suggested_via_display"),
        Column(_("Proposé le"), "created_at", key="date", order=["created_at"], cell=author_cell),
        Column(_("Pourquoi"), "context"),
        Column(_("Lien avec le Département"), "powers_link"),
        Column(_("État"), "get_state_display", "etat", ["state", "title__alphabetical"], cell=standing_cell),
    ],
    default="-points",
    key="suggestions",
    route="consultations:suggestions",
    export="consultations:suggestions-export",
    row_route="consultations:suggestion",
    can_open=is_team,
    rows=suggested,
    counted=ngettext_lazy("%(n)s sujet", "%(n)s sujets", "n"),
    heading=_("Sujets proposés par les membres"),
    filters=[
        Filter(
            "state",
            _("État"),
            "state",
            [(one.value, one.label) for one in ReferralState.tagged("self_referral", "started", "stopped")],
            _("Tous les états"),
        )
    ],
    search=any_word_in("title", "reference"),
    buttons=[
        PageLink(_("Enregistrer un sujet reçu"), "consultations:suggestion-record", rules.can_record_for, "primary"),
        PageLink(_("Régler les points"), "consultations:settings", rules.can_set, "quiet"),
    ],
    empty=Empty(
        _("Aucun sujet pour le moment"),
        _("Les sujets que les membres proposent paraîtront ici, avec leurs soutiens."),
        has_button=False,
    ),
    unmatched=Unmatched(_("Aucun sujet ne correspond"), label=_("Voir tous les sujets")),
    parent=PageLink(_("Saisines"), "consultations:list"),
)
