"""List of the referrals in the back office."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.institution.queries import ReaderQuery, committee_choices
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    Unmatched,
    any_word_in,
    by_choice,
    by_conditions,
    reference_cell,
    stacked,
    standing_cell,
)
from assembly.lists.tables import kind_of
from assembly.text.french import due
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING
from consultations.models import Referral, ReferralDirectorate
from consultations.referrals.forms import ReferralForm
from consultations.referrals.queries import late_condition, listing
from consultations.referrals.rules import can_create, can_see_desk


def reviews_of(referral: Any, counted: str) -> int:
    """Return one count of a row of `listing`."""
    return referral.review_counts[counted] if referral.review_counts else 0


def referral_due_cell(referral: Referral) -> Any:
    if referral.due_on is None:
        return NOTHING
    late = state("late", due(referral.due_on), bare=True) if referral.is_late else ""
    return stacked(referral.due_on, late)


def reviews_cell(referral: Any) -> Any:
    if not (counts := referral.review_counts):
        return NOTHING
    late = ngettext("%(n)s en retard", "%(n)s en retard", counts["late"]) % {"n": counts["late"]}
    given = f"{counts['given']}/{counts['asked']} {_('contributions')}"
    return stacked(given, state("late", late, bare=True) if counts["late"] else "")


REFERRALS = List(
    _("Saisines"),
    [
        Column(
            _("Titre"),
            "title",
            key="titre",
            order=["title__alphabetical"],
            short_label=_("Saisine"),
            note=lambda row: _("Auto-saisine") if row.is_self_referral else "",
        ),
        Column(_("Référence"), "reference", "reference", ["reference__alphabetical"], cell=reference_cell),
        Column(_("Origine"), "get_origin_display"),
        Column(_("Question posée"), "question"),
        Column(_("Émise le"), "issued_at"),
        Column(_("Avis attendu le"), "due_on", key="avis", order=["due_on"], cell=referral_due_cell),
        Column(_("Décision que l’avis éclaire"), "target_decision"),
        Column(_("Date de cette décision"), "target_decision_on"),
        Column(_("Directions"), key="directions", number=True, cell=reviews_cell),
        Column(_("Contributions des directions demandées"), lambda row: reviews_of(row, "asked")),
        Column(_("Contributions des directions rendues"), lambda row: reviews_of(row, "given")),
        Column(_("En retard"), lambda row: reviews_of(row, "late")),
        Column(_("Suivie par"), lambda row: row.officer.get_full_name() if row.officer else ""),
        Column(_("État"), "get_state_display", "etat", ["state", "reference__alphabetical"], cell=standing_cell),
    ],
    default="-date",
    orders={"date": ["created_at"]},
    key="referrals",
    route="consultations:list",
    export="consultations:export",
    row_route="consultations:referral",
    can_open=can_see_desk,
    rows=lambda user, term: listing(user, term).select_related("officer__person"),
    first_page=lambda user, term: FIRST_PAGE(user, term),
    counted=ngettext_lazy("%(n)s saisine", "%(n)s saisines", "n"),
    filters=[
        by_choice(Referral, "origin", every=_("Toutes les origines")),
        by_choice(Referral, "state", every=_("Tous les états")),
        Filter(
            "committee",
            _("Groupe"),
            choices=lambda term: committee_choices(term.pk),
            every=_("Tous les groupes"),
            where=lambda value: Q(committees__committee=value, committees__ended_at=None),
        ),
        by_conditions(
            "late",
            _("Délai"),
            {
                "opinion": (_("Avis de l’assemblée en retard"), late_condition),
                "review": (_("Direction en retard"), lambda: Q(review_counts__late__gt=0)),
            },
            every=_("Tous"),
        ),
    ],
    search=any_word_in("title", "reference", "question"),
    buttons=[
        PageLink(_("Importer"), "consultations:import-start", can_create, "quiet"),
        PageLink(_("Préparer une saisine"), "consultations:create", can_create, "primary"),
    ],
    empty=Empty(
        _("Aucune saisine pour le moment"),
        _("Préparez la première : la question, son cadre, son calendrier."),
        _("Les saisines apparaîtront ici quand elles seront émises."),
    ),
    unmatched=Unmatched(_("Aucune saisine ne correspond"), label=_("Voir toutes les saisines")),
    for_directorates=True,
)
FIRST_PAGE: ReaderQuery[Referral] = ReaderQuery(
    lambda user, term: REFERRALS.first_rows(listing(user, term).for_screen())
)


def directorate_names(referral: Any, *, lead: bool) -> str:
    return " ; ".join(row.directorate.name for row in referral.named if row.is_lead == lead)


def referral_form_columns() -> list[Column]:
    """Return the columns of the file that hold the other fields of the form, for those who may fill it in."""
    values: dict[str, Any] = {
        "lead": partial(directorate_names, lead=True),
        "associated": partial(directorate_names, lead=False),
    }
    shown = {"title", "question", "due_on", "target_decision", "target_decision_on"}
    return [
        Column(str(field.label), values.get(name, name), can_see=can_create, kind=kind_of(field))
        for name, field in ReferralForm.base_fields.items()
        if name not in shown
    ]


def listed(user: Any, term: Any) -> QuerySet[Referral]:
    """Return the referrals with what page and file show of each."""
    named = ReferralDirectorate.objects.select_related("directorate").order_by("pk")
    return (
        listing(user, term)
        .select_related("officer__person")
        .prefetch_related(Prefetch("directorates", queryset=named, to_attr="named"))
    )


REFERRALS_IN_FILE = replace(REFERRALS, columns=[*REFERRALS.columns, *referral_form_columns()], rows=listed)
