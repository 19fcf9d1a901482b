"""The budget: what its register shows, asks and reminds of."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.ui.lists import Column
from assembly.ui.templatetags.ui import state
from assembly.ui.words import date_words, percent_words
from mission.budget.enums import BudgetState as S
from mission.budget.models import BudgetContract, BudgetEntry, BudgetLine, OfYear
from mission.budget.queries import sums_by_year, with_sums
from mission.budget.workflow import MOVES
from mission.registers.columns import by_year, column
from mission.registers.declaration import Due, Filter, Lines, Register, RegisterColumn, Section, register
from mission.registers.forms import RegisterForm, RowLineForm
from sessions.forms.expenses import euros

SITTING = Column(_("Séance"), lambda line: line.sitting.reference if line.sitting else "")
EXCEEDED = Q(used__gt=0, used__gte=F("planned")) & (Q(allowed=None) | Q(used__gt=F("allowed")))
NEARLY = Q(used__gte=F("planned") * Decimal("0.8"), used__lt=F("planned"))
CONTRACTS, ENTRIES = _("Contrats dont les commandes comptent ici"), _("Autres engagements et dépenses")
ALERT_WORDS = [("100", _("à 100 % et plus")), ("80", _("de 80 à 100 %"))]
ALERTS = {"100": EXCEEDED, "80": NEARLY}


class BudgetForm(RegisterForm):
    """The name of an operation stands once in its year, and one operation a year takes the expense claims."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        others = BudgetLine.objects.filter(assembly=self.term.assembly_id, year=data.get("year") or 0)
        others = others.exclude(pk=self.instance.pk)
        if others.filter(name=data.get("name")).exists():
            self.add_error("name", _("Cette opération existe déjà pour cette année."))
        if data.get("takes_expenses") and (other := others.filter(takes_expenses=True).first()):
            self.add_error("takes_expenses", _("« %(name)s » les reçoit déjà.") % {"name": other})
        return data


class YearForm(RowLineForm):
    """A contract counts on one operation a year."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        tied = BudgetContract.objects.filter(contract=data.get("contract"), year=self.row.year)
        if other := tied.exclude(pk=self.instance.pk).select_related("row").first():
            self.add_error("contract", _("Il compte déjà sur « %(name)s » cette année.") % {"name": other.row})
        return data


def share_used(row: BudgetLine) -> str:
    return percent_words(row.used, row.planned)


def alert(row: BudgetLine) -> Any:
    """Small words below the share: what is beyond the limits."""
    if row.used and row.used >= row.planned:
        return state("part", gettext("dépassement décidé")) if is_allowed(row) else state("late", gettext("à décider"))
    return state("warn", gettext("à surveiller")) if row.used >= row.planned * Decimal("0.8") and row.used else ""


def is_allowed(row: BudgetLine) -> bool:
    return row.allowed is not None and row.used <= row.allowed


def sentence(row: BudgetLine) -> str:
    """The share that is used; what exceeds the plan, and who decided it."""
    told = [
        gettext("%(state)s, %(share)s engagé ou dépensé.")
        % {"state": row.get_state_display().capitalize(), "share": share_used(row)}
    ]
    if row.used > row.planned:
        told.append(gettext("Le prévu est dépassé de %(over)s.") % {"over": euros(row.used - row.planned)})
    if row.allowed is not None:
        decision = {"to": euros(row.allowed), "who": row.allowed_by.get_full_name(), "why": row.allowed_why}
        words = gettext("Dépassement jusqu’à %(to)s décidé par %(who)s le %(day)s : %(why)s")
        told.append(words % {**decision, "day": date_words(row.allowed_on, weekday=False)})
    if row.used > row.planned and not is_allowed(row):
        told.append(gettext("Personne n’a décidé de ce dépassement."))
    return " ".join(told)


def totals_by_year(rows: QuerySet[BudgetLine]) -> Iterable[str]:
    """One sentence a year."""
    words = gettext("%(year)s : %(planned)s prévus, %(committed)s engagés, %(spent)s dépensés, reste %(left)s.")
    for year, sums in sums_by_year(rows):
        yield words % {"year": year, **{name: euros(amount) for name, amount in sums.items()}}


def of_its_year(line: OfYear, data: dict[str, Any], by: User) -> dict[str, Any]:
    return {**data, "year": line.row.year}


lines_of_year = partial(
    Lines,
    form=YearForm,
    write=of_its_year,
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
        form=BudgetForm,
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
            Filter("alerte", _("Alerte"), choices=ALERT_WORDS, where=lambda value: ALERTS[value]),
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
