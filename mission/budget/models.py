"""Operations of a year and what counts on each. No sum is stored: `mission.budget.queries.with_sums` computes them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.workflow import State, States
from mission.contracts.models import Contract
from mission.registers.models import (
    RegisterLine,
    RegisterRow,
    check,
    key_to,
    money,
    optional_key,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
)
from sessions.models import Sitting


class BudgetState(States):
    DRAFT = "draft", State("todo", tags={"editable"}), _("en préparation")
    OPEN = "open", State("in_progress", tags={"editable"}), _("ouverte")
    CLOSED = "closed", State("closed"), _("close")


class BudgetAlert(models.TextChoices):
    NEAR = "80", _("à surveiller")
    EXCEEDED = "100", _("à décider")
    ALLOWED = "decide", _("dépassement décidé")


class EntryKind(models.TextChoices):
    COMMITTED = "committed", _("engagé")
    SPENT = "spent", _("dépensé")


S = BudgetState
YEARS = range(2020, 2051)


class BudgetLine(RegisterRow):
    """Operation of a year, with its planned amount. A decision may let it exceed the plan, up to `allowed`."""

    committed: Decimal  # `with_sums` annotates it, `spent` and `alert`
    spent: Decimal
    alert: str
    state = state_field(S, S.DRAFT)
    name = models.CharField(_("intitulé"), max_length=160)
    year = models.PositiveSmallIntegerField(_("année"), choices=[(year, str(year)) for year in YEARS])
    planned = money(_("prévu, en euros"))
    takes_expenses = models.BooleanField(_("reçoit les remboursements de frais de l’année"), default=False)
    allowed = money(_("autorisé jusqu’à, en euros"), null=True, editable=False)
    allowed_by = optional_user_key(_("dépassement décidé par"), blank=False, editable=False)
    allowed_on = models.DateField(_("dépassement décidé le"), null=True, editable=False)
    allowed_why = models.CharField(_("motif du dépassement"), max_length=1000, blank=True, editable=False)

    class Meta:
        verbose_name = _("opération du budget")
        indexes = row_indexes("budget_line")
        constraints = row_constraints(
            "budget_line",
            S,
            once_a_year=unique(["assembly", "year", "name"], _("Cette opération existe déjà cette année."), "name"),
            one_takes_expenses=unique(
                ["assembly", "year"],
                _("Une autre opération de l’année les reçoit déjà."),
                "takes_expenses",
                condition=Q(takes_expenses=True),
            ),
            year_known=check(Q(year__gte=YEARS.start, year__lt=YEARS.stop)),
            planned_positive=check(Q(planned__gte=0), _("Le montant prévu n’est pas négatif."), "planned"),
            allowed_by_decision=check(
                Q(allowed=None, allowed_by=None, allowed_on=None, allowed_why="")
                | Q(allowed__gt=F("planned"), allowed_by__isnull=False, allowed_on__isnull=False) & ~Q(allowed_why=""),
                _("Le montant autorisé est plus grand que le montant prévu."),
                "planned",
            ),
        )

    @property
    def left(self) -> Decimal:
        return self.planned - self.committed - self.spent


class YearMixin(RegisterLine):
    """Line below an operation, of the same year: a foreign key of `keys.sql` ties (row, year) to the operation."""

    year = models.PositiveSmallIntegerField(_("année"), editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        self.year = self.row.year


class BudgetContract(YearMixin):
    """Contract whose orders of that year count on this operation, and on no other."""

    CALLED = ("contract",)
    row = key_to(BudgetLine, related_name="contracts")
    contract = key_to(Contract, _("contrat"), "budget_lines")

    class Meta:
        verbose_name = _("contrat d’une opération")
        constraints = rules_of("budget_contract", once_a_year=unique(["contract", "year"]))

    def unique_error_message(self, *names: object) -> ValidationError:
        """Return the error that names the operation where the contract counts; "another" if deleted since."""
        counts_on = BudgetLine.objects.filter(contracts__contract=self.contract, year=self.year)
        params = {"name": counts_on.first() or _("une autre opération")}
        return ValidationError(_("Il compte déjà sur « %(name)s » cette année."), "contract", params)


class BudgetEntry(YearMixin):
    """Amount that is in no order and in no expense claim: committed, then spent."""

    row = key_to(BudgetLine, related_name="entries")
    kind = models.CharField(_("nature"), max_length=10, choices=EntryKind)
    title = models.CharField(_("objet"), max_length=160)
    amount = money(_("montant, en euros"))
    day = models.DateField(_("date"))
    sitting = optional_key(Sitting, _("séance"))

    class Meta:
        verbose_name = _("écriture du budget")
        constraints = rules_of(
            "budget_entry",
            kind_known=check(Q(kind__in=EntryKind.values)),
            positive=check(Q(amount__gt=0), _("Le montant est positif."), "amount"),
            of_the_year=check(Q(year=ExtractYear("day")), _("Ce jour n’est pas de l’année de l’opération."), "day"),
        )
