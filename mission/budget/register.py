"""Register of the budget: its columns, form, lines and due dates; costs of a sitting."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.lists import Column, Filter, column
from assembly.lists.filters import by_year
from assembly.text.french import format_date, format_percent
from assembly.web.templatetags.ui import state
from mission.budget.models import BudgetAlert as A, BudgetContract, BudgetEntry, BudgetLine, BudgetState as S
from mission.budget.queries import entries_of_sitting, orders_of_sitting, sums_by_year, with_sums
from mission.budget.workflow import STEPS
from mission.registers.declaration import SITTING, Due, Lines, Register, Section, TotalsTable, register
from sessions.expenses.queries import CostSource, add_cost_source
from sessions.expenses.rules import euros

YEAR_ORDER = ("-year", "name__alphabetical")
CONTRACTS, ENTRIES = _("Contrats dont les commandes comptent ici"), _("Autres engagements et dépenses")
ALERT_BADGES: dict[str, str] = {A.NEAR: "warn", A.EXCEEDED: "late", A.ALLOWED: "partial"}


def share_used(row: BudgetLine) -> str:
    return format_percent(row.planned - row.left, row.planned)


def alert(row: BudgetLine) -> str:
    return state(ALERT_BADGES[row.alert], str(A(row.alert).label)) if row.alert else ""


def sentence(row: BudgetLine) -> str:
    """Return the share that is used; the excess over the plan, and who decided it."""
    params = {"state": row.get_state_display().capitalize(), "share": share_used(row), "over": euros(-row.left)}
    sentences = [gettext("%(state)s, %(share)s engagé ou dépensé.")]
    if row.left < 0:
        sentences.append(gettext("Le prévu est dépassé de %(over)s."))
    if row.allowed_by is not None:  # a constraint: with `allowed`, or neither
        sentences.append(gettext("Dépassement jusqu’à %(to)s décidé par %(who)s le %(day)s : %(why)s"))
        day, who = format_date(row.allowed_on, weekday=False), row.allowed_by.get_full_name()
        params |= {"to": euros(row.allowed), "who": who, "day": day, "why": row.allowed_why}
    if row.left < 0 and row.alert == A.EXCEEDED:
        decided = row.planned if row.allowed is None else row.allowed
        params["more"] = euros(row.planned - row.left - decided)
        sentences.append(
            gettext("Personne n’a décidé de ce dépassement.")
            if row.allowed is None
            else gettext("Cette limite est dépassée à son tour, de %(more)s : une nouvelle décision est attendue.")
        )
    return " ".join(sentences) % params


def totals_by_year(rows: QuerySet[BudgetLine]) -> TotalsTable:
    headings = [_("Année"), _("Prévu"), _("Engagé"), _("Dépensé"), _("Reste")]
    names = ("planned", "committed", "spent", "left")
    lines = [[str(year), *(euros(sums[name]) for name in names)] for year, sums in sums_by_year(rows)]
    return TotalsTable(gettext("Totaux par année"), headings, lines)


BUDGET = register(
    Register(
        key="budget",
        slug="budget",
        model=BudgetLine,
        prefix="BU",
        title=_("Budget"),
        noun_with_article=_("l’opération"),
        counted=ngettext_lazy("%(n)s opération", "%(n)s opérations", "n"),
        new=_("Ajouter une opération"),
        empty=_("Opérations de l’année : ce qui est prévu, engagé, dépensé."),
        order=30,
        sections=[Section(_("L’opération"), ["year", "name", "planned", "takes_expenses"])],
        helps={"takes_expenses": _("Les lots transmis aux finances y comptent d’eux-mêmes.")},
        readonly_fields=lambda row: ["year"],
        columns=[
            column(BudgetLine, "year", "annee", value="year", order=YEAR_ORDER, cell=lambda row: str(row.year)),
            column(BudgetLine, "planned", "prevu"),
            Column(_("Engagé, en euros"), "committed", "engage", number=True),
            Column(_("Dépensé, en euros"), "spent", "depense", number=True),
            Column(_("Reste, en euros"), "left", "reste", number=True),
            Column(
                _("Utilisé, en pour cent"),
                lambda row: row.planned and round((row.planned - row.left) / row.planned * 100),
                "part",
                number=True,
                short_label=_("Utilisé"),
                cell=share_used,
                note=alert,
            ),
            column(BudgetLine, "allowed", "autorise", is_default=False),
        ],
        default="annee",
        rows=with_sums,
        totals=totals_by_year,
        load=["allowed_by__person"],
        identity=("year", "name"),
        filters=[by_year(BudgetLine, "year"), Filter("alerte", _("Alerte"), "alert", A)],
        steps=STEPS,
        path=[S.DRAFT, S.OPEN, S.CLOSED],
        sentence=sentence,
        lines=[
            Lines(
                "contrats",
                BudgetContract,
                CONTRACTS,
                _("Ajouter un contrat"),
                ["contract"],
                editable_states=S.tagged("editable"),
            ),
            Lines(
                "ecritures", BudgetEntry, ENTRIES, _("Ajouter une écriture"), editable_states=S.tagged("editable")
            ).asking(
                ["day", "title", "kind", "amount", "sitting"],
                columns=["day", "title", "kind", "amount", SITTING],
                order=["-day", "-pk"],
            ),
        ],
        dues=[
            Due("", _("Décider du dépassement\u00a0: %(name)s"), when=Q(state=S.OPEN, alert=A.EXCEEDED)),
            Due("", _("« %(name)s » est à plus de 80 %% de son budget"), when=Q(state=S.OPEN, alert=A.NEAR)),
        ],
    )
)

add_cost_source(CostSource("orders", _("commandes des contrats"), orders_of_sitting))
add_cost_source(CostSource("entries", _("écritures du budget"), entries_of_sitting))
