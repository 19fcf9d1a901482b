"""Lists of the back office: sittings, expense claims."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assembly.institution.models import Committee, Term
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
    each_word,
    reference_cell,
    small,
    stacked,
    standing_cell,
    state_cell,
)
from assembly.lists.filters import FilterForm
from assembly.text.alphabetical import alphabetical
from assembly.text.french import format_date, format_moment, format_number, in_days
from sessions.enums import ExpenseState, SittingKind
from sessions.forms.sittings import PLENARY
from sessions.models import ExpenseClaim, ExpenseRate, Sitting
from sessions.queries import expenses
from sessions.queries.sittings import listing
from sessions.rules.expenses import can_see_expenses
from sessions.rules.sittings import can_create, can_see_term


def committee_note(sitting: Sitting) -> str:
    """Return the name of the committee that meets, where the title does not say it."""
    name = sitting.committee.name if sitting.committee else ""
    return "" if name == sitting.title else name


def date_cell(sitting: Sitting) -> Any:
    day = capfirst(format_moment(sitting.starts_at))
    return stacked(day, small(in_days(sitting.starts_at)) if sitting.is_upcoming else "")


def coming_cell(sitting: Any) -> object:
    if not (sitting.asked and sitting.notified_at):
        return None
    return _("%(coming)s sur %(asked)s") % {"coming": sitting.coming, "asked": sitting.asked}


def bodies(term: Term) -> list[tuple[str, Any]]:
    committees = Committee.objects.filter(term=term).order_by("name__alphabetical")
    return [(PLENARY, _("Séances plénières")), *((str(row.pk), row.name) for row in committees)]


SITTINGS = List(
    _("Séances"),
    [
        Column(
            _("Titre"),
            "title",
            key="titre",
            order=["title__alphabetical"],
            short_label=_("Séance"),
            note=committee_note,
        ),
        Column(_("Instance"), lambda row: row.committee.name if row.committee else _("Assemblée plénière")),
        Column(_("Date"), key="date", order=["starts_at"], cell=date_cell),
        Column(_("Début"), "starts_at"),
        Column(_("Fin"), "ends_at"),
        Column(_("Lieu"), "place_name"),
        Column(_("Référence"), "reference", key="reference", order=["reference"], cell=reference_cell),
        Column(_("Convoqués"), "asked"),
        Column(_("Viennent"), "coming", key="viennent", number=True, cell=coming_cell),
        Column(_("État"), "standing.word", "etat", ["state", "starts_at"], cell=standing_cell),
    ],
    default="-date",
    key="sittings",
    route="sittings:list",
    export="sittings:export",
    row_route="sittings:sitting",
    can_open=can_see_term,
    rows=listing,
    counted=ngettext_lazy("%(n)s séance", "%(n)s séances", "n"),
    filters=[
        Filter(
            "body",
            _("Instance"),
            choices=bodies,
            every=_("Toutes les instances"),
            where=lambda value: Q(kind=SittingKind.PLENARY) if value == PLENARY else Q(committee=int(value)),
        ),
        by_choice(Sitting, "state", every=_("Tous les états")),
        by_conditions(
            "period",
            _("Période"),
            {
                "next": (_("À venir"), lambda: Q(ends_at__gte=timezone.now())),
                "past": (_("Passées"), lambda: Q(ends_at__lt=timezone.now())),
            },
            every=_("Toutes"),
        ),
    ],
    search=any_word_in("title", "reference", "place_name"),
    buttons=[PageLink(_("Créer une séance"), "sittings:start", can_create, "primary")],
    empty=Empty(
        _("Aucune séance pour le moment"),
        _("Créez la première : son ordre du jour et sa convocation suivront."),
        _("Les séances apparaîtront ici quand l’équipe les aura créées."),
    ),
    unmatched=Unmatched(_("Aucune séance ne correspond"), label=_("Voir toutes les séances")),
)

NAME = "invitee__person__sort_name"


def sitting_day(claim: ExpenseClaim) -> date:
    return timezone.localdate(claim.invitee.sitting.starts_at)


def total_cell(claim: Any) -> str:
    return f"{format_number(claim.total, 2)} €"


def sitting_cell(claim: ExpenseClaim) -> Any:
    sitting = claim.invitee.sitting
    return format_html("{} {}", sitting.reference, small(format_date(sitting.starts_at, weekday=False)))


def named_claims(word: str) -> Q:
    return Q(invitee__person__sort_name__contains=word) | Q(reference__icontains=word)


def expense_context(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the quick filters of the list, what can be sent to finance, and whether a rate was set."""
    counts, present = expenses.claims_by_state(user, term), form.used.get("etat", "")
    chips = [{"label": _("Toutes"), "url": "?", "current": not present, "count": sum(counts.values())}]
    chips += [
        {"label": state.label, "url": f"?etat={state}", "current": present == state, "count": counts.get(state, 0)}
        for state in ExpenseState.tagged("waiting")
    ]
    return {
        "chips": chips,
        "to_send": counts.get(ExpenseState.CHECKED, 0),
        "has_rates": ExpenseRate.objects.filter(term=term).exists(),
    }


EXPENSES = List(
    _("Remboursements"),
    [
        Column(_("Référence"), "reference", key="reference", order=["reference"], cell=reference_cell),
        Column(
            _("Nom"), "invitee.person.last_name", "nom", [NAME], cell=lambda claim: claim.invitee.person.listed_name
        ),
        Column(_("Prénom"), "invitee.person.first_name"),
        Column(_("Séance"), "invitee.sitting.reference", "seance", ["invitee__sitting__starts_at"], cell=sitting_cell),
        Column(_("Date de la séance"), sitting_day),
        Column(_("Total"), "total", "total", number=True, cell=total_cell),
        Column(_("État"), "get_state_display", key="etat", order=["state", NAME], cell=state_cell),
        Column(_("Envoyée le"), "submitted_at"),
        Column(_("Lot"), lambda claim: claim.batch.reference if claim.batch else ""),
        Column(_("Payée le"), "paid_on"),
        Column(_("Référence du paiement"), "payment_reference"),
    ],
    default="-reference",
    key="expenses",
    route="sittings:expenses",
    export="sittings:expenses-export",
    row_route="sittings:expense",
    can_open=can_see_expenses,
    rows=lambda user, term: expenses.claims_of(user).filter(term=term),
    counted=ngettext_lazy("%(n)s demande", "%(n)s demandes", "n"),
    filters=[
        by_choice(ExpenseClaim, "state", "etat", every=_("Tous les états")),
        Filter(
            "seance",
            _("Séance"),
            "invitee__sitting",
            lambda term: [(row.pk, f"{row.reference} {row.title}") for row in expenses.costs_by_sitting(term)],
            _("Toutes les séances"),
        ),
    ],
    search=each_word(named_claims, alphabetical),
    search_label=_("Chercher un nom ou une référence"),
    more=expense_context,
    empty=Empty(
        _("Aucune demande de remboursement"),
        _("Les membres demandent depuis leur espace. Pour une demande sur papier, ouvrez la fiche du membre."),
        button=PageLink(_("Voir les membres"), "members:member-list"),
    ),
    unmatched=Unmatched(_("Aucune demande ne correspond")),
    template="sessions/expense_list.html",
)
