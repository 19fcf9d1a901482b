"""The budget: what its register shows, asks and reminds of."""

from collections.abc import Iterable
from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.ui.lists import Column
from assembly.ui.templatetags.ui import state
from assembly.ui.words import date_words, percent_words
from mission.budget.enums import BudgetState as S
from mission.budget.models import BudgetContract, BudgetEntry, BudgetLine
from mission.budget.queries import EXCEEDED, NEAR, NEARLY, sums_by_year, with_sums
from mission.budget.workflow import MOVES
from mission.registers.columns import by_year, column
from mission.registers.declaration import Due, Filter, Lines, Register, RegisterColumn, Section, register
from sessions.forms.expenses import euros

SITTING = Column(_("Séance"), lambda line: line.sitting.reference if line.sitting else "")
CONTRACTS, ENTRIES = _("Contrats dont les commandes comptent ici"), _("Autres engagements et dépenses")
ALERT_WORDS = [("100", _("à 100 % et plus")), ("80", _("de 80 à 100 %"))]


def share_used(row: BudgetLine) -> str:
    return percent_words(row.used, row.planned)


def alert(row: BudgetLine) -> str:
    """Small words below the share: what is beyond the limits."""
    if row.used and row.used >= row.planned:
        return state("part", gettext("dépassement décidé")) if is_allowed(row) else state("late", gettext("à décider"))
    return state("warn", gettext("à surveiller")) if row.used and row.used >= row.planned * NEAR else ""


def is_allowed(row: BudgetLine) -> bool:
    return row.allowed is not None and row.used <= row.allowed


def sentence(row: BudgetLine) -> str:
    """The share that is used; what exceeds the plan, and who decided it."""
    told = {"state": row.get_state_display().capitalize(), "share": share_used(row), "over": euros(-row.left)}
    words = [gettext("%(state)s, %(share)s engagé ou dépensé.")]
    if row.left < 0:
        words.append(gettext("Le prévu est dépassé de %(over)s."))
    if row.allowed is not None:
        words.append(gettext("Dépassement jusqu’à %(to)s décidé par %(who)s le %(day)s : %(why)s"))
        day, who = date_words(row.allowed_on, weekday=False), row.allowed_by.get_full_name()
        told |= {"to": euros(row.allowed), "who": who, "day": day, "why": row.allowed_why}
    if row.left < 0 and not is_allowed(row):
        words.append(gettext("Personne n’a décidé de ce dépassement."))
    return " ".join(words) % told


def totals_by_year(rows: QuerySet[BudgetLine]) -> Iterable[str]:
    """One sentence a year."""
    words = gettext("%(year)s : %(planned)s prévus, %(committed)s engagés, %(spent)s dépensés, reste %(left)s.")
    for year, sums in sums_by_year(rows):
        yield words % {"year": year, **{name: euros(amount) for name, amount in sums.items()}}


lines_of_year = partial(
    Lines,
    write=lambda line, data, by: {**data, "year": line.row.year},
    written_in=[S.DRAFT, S.OPEN],
    closed=_("L’opération est close : rien ne s’y ajoute et rien n’y change."),
)
BUDGET = register(
    Register(
        key="budget",
        slug="budget",
        model=BudgetLine,
        prefix="BU",
        title=_("Budget"),
        the=_("l’opération"),
        counted=ngettext_lazy("%(n)s opération", "%(n)s opérations", "n"),
        new=_("Ajouter une opération"),
        empty=_("Opérations de l’année : ce qui est prévu, engagé, dépensé."),
        icon="receipt",
        order=30,
        sections=[Section(_("L’opération"), ["year", "name", "planned", "takes_expenses"])],
        helps={"takes_expenses": _("Les lots transmis aux finances y comptent d’eux-mêmes.")},
        fixed=lambda row: ["year"],
        columns=[
            RegisterColumn(_("Année"), "get_year_display", "annee", ["-year", "name__alphabetical"]),
            RegisterColumn(_("Prévu, €"), "planned", "prevu", ["planned"], number=True),
            RegisterColumn(_("Engagé, €"), "committed", "engage", number=True),
            RegisterColumn(_("Dépensé, €"), "spent", "depense", number=True),
            RegisterColumn(_("Reste, €"), "left", "reste", number=True),
            RegisterColumn(_("Utilisé"), share_used, "part", number=True, note=alert),
            column(BudgetLine, "allowed", "autorise", is_shown=False),
        ],
        default="annee",
        rows=with_sums,
        totals=totals_by_year,
        load=["allowed_by__person"],
        identity=("year", "name"),
        filters=[
            by_year(BudgetLine, "year"),
            Filter("alerte", _("Alerte"), choices=ALERT_WORDS, where={"100": EXCEEDED, "80": NEARLY}.__getitem__),
        ],
        moves=MOVES,
        path=[S.DRAFT, S.OPEN, S.CLOSED],
        sentence=sentence,
        lines=[
            lines_of_year("contrats", BudgetContract, CONTRACTS, _("Ajouter un contrat")).asking(["contract"]),
            lines_of_year("ecritures", BudgetEntry, ENTRIES, _("Ajouter une écriture")).asking(
                ["kind", "title", "amount", "day", "sitting"],
                columns=["day", "title", "kind", "amount", SITTING],
                order=["-day", "-pk"],
            ),
        ],
        dues=[
            Due("", _("Décider du dépassement\u00a0: %(name)s"), when=Q(state=S.OPEN) & EXCEEDED),
            Due("", _("« %(name)s » est à plus de 80 %% de son budget"), when=Q(state=S.OPEN) & NEARLY),
        ],
    )
)
