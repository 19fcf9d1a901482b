"""Contracts with their lots and orders. The ceilings are constraints of the database."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.workflow import State, States
from mission.partners.models import Partner
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
)
from sessions.models import Sitting


class ContractState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    RUNNING = "running", State("in_progress"), _("en cours")
    ENDED = "ended", State("closed"), _("terminé")


class ContractKind(models.TextChoices):
    AMO = "amo", _("assistance à maîtrise d’ouvrage")
    CATERING = "catering", _("traiteur")
    INTERPRETING = "interpreting", _("interprétation")
    OTHER = "other", _("autre")


S = ContractState


WITHIN_CEILING = Q(ceiling__gt=0, ordered__gte=0, ordered__lte=F("ceiling"))


class CeilingMixin(models.Model):
    """Mixin of a ceiling. Orders change `ordered`, under the lock of the contract (`mission.contracts.register`)."""

    ceiling = money(_("plafond, en euros"))
    ordered = money(_("commandé, en euros"), default=Decimal(0), editable=False)

    class Meta:
        abstract = True

    @property
    def left(self) -> Decimal:
        return self.ceiling - self.ordered


class Contract(RegisterRow, CeilingMixin):  # noqa: DJ008 -- `RegisterRow` defines __str__
    """Contract. Its ceiling limits the sum of its orders over all lots; `due_on`: decide on the renewal before it."""

    state = state_field(S, S.DRAFT)
    name = models.CharField(_("objet"), max_length=160)
    kind = models.CharField(_("nature"), max_length=12, choices=ContractKind)
    holder = optional_key(Partner, _("titulaire"))
    holder_name = models.CharField(_("titulaire hors registre"), max_length=160, blank=True)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))

    privacy = IMPERSONAL  # its holder is a company

    class Meta:
        verbose_name = _("contrat")
        indexes = row_indexes("contract")
        constraints = row_constraints(
            "contract",
            S,
            within_ceiling=check(
                WITHIN_CEILING, _("Le plafond du contrat est positif et couvre toutes ses commandes."), "ceiling"
            ),
            has_holder=check(
                Q(holder__isnull=False) | ~Q(holder_name=""),
                _("Choisissez le titulaire, ou écrivez son nom."),
                "holder",
            ),
            ends_after_start=check(Q(ends_on__gte=F("starts_on")), _("La fin vient après le début."), "ends_on"),
        )


class ContractLot(RegisterLine, CeilingMixin):  # noqa: DJ008 -- `RegisterLine` defines __str__
    """Part of a contract, with its own ceiling."""

    row = key_to(Contract, related_name="lots")
    title = models.CharField(_("lot"), max_length=160)

    class Meta:
        verbose_name = _("lot d’un contrat")
        constraints = rules_of(
            "contract_lot",
            within_ceiling=check(
                WITHIN_CEILING, _("Le plafond du lot est positif et couvre ses commandes."), "ceiling"
            ),
        )


class ContractOrder(RegisterLine):
    """Order under a contract. The visa on its delivery dates it; after that it does not change.

    `keys.sql` ties (lot, contract) to the lot: an order cannot be in the lot of another contract.
    """

    row = key_to(Contract, related_name="orders")
    lot = optional_key(ContractLot, related_name="orders")
    title = models.CharField(_("objet"), max_length=160)
    details = models.TextField(_("lignes de la commande"), max_length=2000, blank=True)
    quantity = models.PositiveIntegerField(_("nombre"), null=True, blank=True)
    amount = money(_("montant, en euros"))
    ordered_on = models.DateField(_("commandée le"))
    sitting = optional_key(Sitting, _("séance"))
    delivery_on = models.DateField(_("livraison attendue le"), null=True, blank=True)
    accepted_on = models.DateField(_("livraison acceptée le"), null=True, editable=False)

    class Meta:
        verbose_name = _("commande")
        indexes = [models.Index(fields=["row", "ordered_on"], name="contract_order_by_day")]
        constraints = rules_of(
            "contract_order", positive=check(Q(amount__gt=0), _("Le montant d’une commande est positif."), "amount")
        )
