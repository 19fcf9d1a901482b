"""Schemes with their criteria, pieces and readers; applications and payments; deposits; marks and interests."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Assembly
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from mission.registers.models import (
    RegisterLine,
    RegisterRow,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
    user_key,
)

AGREEMENT_ABOVE = Decimal(23000)  # decree 2001-495: a grant above it needs an agreement; its data are public


class SchemeState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    PUBLISHED = "published", State("in_progress"), _("publié")
    CLOSED = "closed", State("closed"), _("clos")


class GrantState(States):
    """States of an application; what is done within one is a column, `register.WAITS` says what comes next.

    `examined`: declared complete, before the vote. `decided`: voted or refused. `dropped`: refused or withdrawn.
    """

    RECEIVED = "received", State("todo", tags={"undecided"}), _("reçue")
    INCOMPLETE = "incomplete", State("waiting", tags={"undecided"}), _("pièces manquantes")
    ASSESSMENT = "assessment", State("in_progress", tags={"undecided", "examined"}), _("en instruction")
    COMMITTEE = "committee", State("waiting", tags={"undecided", "examined"}), _("au comité")
    VOTED = "voted", State("partial", tags={"awarded", "decided"}), _("votée")
    PAID = "paid", State("waiting", tags={"awarded", "decided"}), _("versée")
    REJECTED = "rejected", State("refused", tags={"decided", "dropped"}), _("refusée")
    WITHDRAWN = "withdrawn", State("closed", tags={"dropped"}), _("retirée")


class InterestKind(models.TextChoices):
    BELONGS = "belongs", _("adhérent·e, salarié·e ou au bureau")
    CLOSE = "close", _("un proche en fait partie")
    OTHER = "other", _("autre lien")


class GrantScheme(RegisterRow):
    """Scheme that associations apply for. Once published its rules are locked; the last day may move to a later one.

    `closes_on`: this day counts until midnight, Paris time. `discussion_gap`: difference between the two readers, in
    points out of a hundred, beyond which they must talk before an opinion is given.
    """

    state = state_field(SchemeState, SchemeState.DRAFT)
    purpose = models.TextField(_("ce qui est soutenu"), max_length=3000)
    opens_on = models.DateField(_("ouvert à partir du"))
    closes_on = models.DateField(_("ouvert jusqu’au"))
    least_amount = models.DecimalField(_("montant minimum, en euros"), max_digits=9, decimal_places=2)
    most_amount = models.DecimalField(_("montant maximum, en euros"), max_digits=9, decimal_places=2)
    envelope = models.DecimalField(_("enveloppe, en euros"), max_digits=10, decimal_places=2)
    discussion_gap = models.PositiveSmallIntegerField(
        _("écart qui demande un échange, en points sur 100"), default=20, validators=[MaxValueValidator(100)]
    )
    publishes_all = models.BooleanField(
        _("publier toutes les subventions votées, et pas seulement celles de 23 000 euros et plus"), default=False
    )

    class Meta:
        verbose_name = _("dispositif")
        indexes = row_indexes("scheme")
        constraints = [
            *row_constraints("scheme", SchemeState),
            models.CheckConstraint(
                name="scheme_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("Le dernier jour vient après le premier."),
                violation_error_code="closes_on",
            ),
            models.CheckConstraint(
                name="scheme_amounts_in_order",
                condition=Q(least_amount__gt=0, most_amount__gte=F("least_amount"), envelope__gte=0),
                violation_error_message=_("Le montant minimum est au-dessus de zéro, et le maximum au-dessus de lui."),
                violation_error_code="most_amount",
            ),
            models.CheckConstraint(
                name="scheme_gap_of_hundred",
                condition=Q(discussion_gap__lte=100),
                violation_error_message=_("L’écart est de 100 points au plus."),
                violation_error_code="discussion_gap",
            ),
        ]


class SchemeLine(RegisterLine):
    """Rule of a scheme: it can be deleted only before publication."""

    CALLED = ("label",)
    row: Any

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.row.state != SchemeState.DRAFT:
            raise models.ProtectedError("The rules of a published scheme stay.", {self.row})
        return super().delete(*args, **kwargs)


class SchemeCriterion(SchemeLine):
    """Line of the grid: a mark from 0 to 5, multiplied by its weight."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="criteria")
    label = models.CharField(_("critère"), max_length=160)
    weight = models.PositiveSmallIntegerField(_("poids"), validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        verbose_name = _("critère d’un dispositif")
        constraints = [
            models.CheckConstraint(
                name="criterion_weight_between",
                condition=Q(weight__gte=1, weight__lte=100),
                violation_error_message=_("Le poids va de 1 à 100."),
                violation_error_code="weight",
            ),
        ]


class SchemePiece(SchemeLine):
    """Document that the scheme asks for."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="pieces")
    label = models.CharField(_("pièce"), max_length=160)
    is_required = models.BooleanField(_("obligatoire"), default=True)

    class Meta:
        verbose_name = _("pièce d’un dispositif")


class SchemeReader(RegisterLine):
    """Somebody of the team who may read the applications of the scheme."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="readers")
    user = user_key(_("lit les demandes"))

    privacy = ModelPrivacy(_("Les dispositifs dont vous lisez les demandes"), owner="user__person")

    class Meta:
        verbose_name = _("personne qui lit un dispositif")
        constraints = rules_of(
            "scheme_reader", once=unique(["row", "user"], _("Cette personne lit déjà ce dispositif."), "user")
        )

    def __str__(self) -> str:
        return f"reader {self.pk}"


S = GrantState


class GrantApplication(RegisterRow):
    """Application of an association (`name`) for a grant; `created_by` is None if it came by the public form.

    `first_reader`, `second_reader` and the moments of their marks are columns here, so that the next reader is known
    without a query. `score`: out of a hundred, once both have read. `complete_on`: when its pieces were declared
    complete; `opinion`: written once, ends the reading; `reported_on`: when the use of the grant was reported, after
    which nothing is paid; `ended_on`: refused, withdrawn, or closed after the report. `contact_…`: erased a year
    later.
    """

    created_by = optional_user_key(blank=False, editable=False)  # type: ignore[assignment]  # -- the public form has no account
    changed_by = optional_user_key(blank=False, editable=False)  # type: ignore[assignment]  # -- the public form has no account
    name = models.CharField(_("association"), max_length=160)
    state = state_field(S, S.RECEIVED, max_length=20)
    scheme = models.ForeignKey(
        GrantScheme, on_delete=models.PROTECT, related_name="applications", verbose_name=_("dispositif")
    )
    siret = models.CharField(_("numéro SIRET"), max_length=14, blank=True)
    rna = models.CharField(_("numéro RNA"), max_length=10, blank=True)
    contact_name = models.CharField(_("personne à joindre"), max_length=120, blank=True)
    contact_email = models.EmailField(_("courriel"), blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    project = models.CharField(_("projet"), max_length=160)
    description = models.TextField(_("ce qui sera fait, pour qui"), max_length=4000, blank=True)
    starts_on = models.DateField(_("début du projet"))
    ends_on = models.DateField(_("fin du projet"))
    cost = models.DecimalField(_("coût du projet, en euros"), max_digits=10, decimal_places=2)
    requested = models.DecimalField(_("montant demandé, en euros"), max_digits=9, decimal_places=2)
    other_funders = models.TextField(_("autres financeurs, et ce qu’ils ont décidé"), max_length=1000, blank=True)
    has_committed = models.BooleanField(_("a souscrit le contrat d’engagement républicain"), default=False)
    received_on = models.DateField(_("reçue le"), default=timezone.localdate)
    deposited_at = models.DateTimeField(null=True, editable=False)
    asked_for = models.TextField(max_length=3000, blank=True, editable=False)
    complete_on = models.DateField(_("déclarée complète le"), null=True, editable=False)
    first_reader = optional_user_key(blank=False, editable=False)
    second_reader = optional_user_key(blank=False, editable=False)
    first_read_at = models.DateTimeField(null=True, editable=False)
    second_read_at = models.DateTimeField(null=True, editable=False)
    score = models.DecimalField(_("note sur 100"), max_digits=4, decimal_places=1, null=True, editable=False)
    gap = models.DecimalField(max_digits=4, decimal_places=1, null=True, editable=False)
    discussion = models.TextField(max_length=2000, blank=True, editable=False)
    opinion = models.TextField(max_length=3000, blank=True, editable=False)
    proposed_amount = models.DecimalField(
        _("montant proposé, en euros"), max_digits=9, decimal_places=2, null=True, editable=False
    )
    voted_amount = models.DecimalField(
        _("montant voté, en euros"), max_digits=9, decimal_places=2, null=True, editable=False
    )
    decided_on = models.DateField(_("décidée le"), null=True, editable=False)
    decision_reference = models.CharField(max_length=80, blank=True, editable=False)
    agreement_signed_on = models.DateField(_("convention signée le"), null=True, editable=False)
    spent_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, editable=False)
    account = models.TextField(max_length=3000, blank=True, editable=False)
    reported_on = models.DateField(_("compte rendu reçu le"), null=True, editable=False)
    ended_on = models.DateField(null=True, editable=False)
    refusal = models.TextField(max_length=2000, blank=True, editable=False)
    decision_text = models.TextField(_("message"), max_length=6000, blank=True, editable=False)
    decision_sent_at = models.DateTimeField(null=True, editable=False)

    privacy = IMPERSONAL  # its contact is no `Person`: mission/grants/contributions.py empties the columns

    class Meta:
        verbose_name = _("demande de subvention")
        indexes = [*row_indexes("grant"), models.Index(fields=["siret"], name="grant_by_siret")]
        constraints = [
            *row_constraints("grant", S),
            models.UniqueConstraint(
                name="grant_one_examined_a_scheme",
                fields=["scheme", "siret"],
                condition=Q(state__in=S.tagged("examined", "awarded")) & ~Q(siret=""),
                violation_error_message=_("Une autre demande de cette association est déjà à l’étude ici."),
            ),
            models.UniqueConstraint(
                name="grant_one_examined_a_scheme_by_rna",
                fields=["scheme", "rna"],
                condition=Q(state__in=S.tagged("examined", "awarded")) & ~Q(rna=""),
                violation_error_message=_("Une autre demande de cette association est déjà à l’étude ici."),
            ),
            models.CheckConstraint(
                name="grant_contact_is_no_link",
                condition=plain_names("contact_name"),
                violation_error_message=LINK_IN_NAME,
                violation_error_code="contact_name",
            ),
            models.CheckConstraint(
                name="grant_siret_of_14_digits",
                condition=Q(siret__regex=r"^(\d{14})?$"),
                violation_error_message=_("Le numéro SIRET a 14 chiffres."),
                violation_error_code="siret",
            ),
            models.CheckConstraint(
                name="grant_has_a_number",
                condition=~Q(siret="", rna=""),
                violation_error_message=_("Donnez le numéro SIRET ; sans SIRET, le numéro RNA."),
                violation_error_code="siret",
            ),
            models.CheckConstraint(
                name="grant_requested_within_cost",
                condition=Q(requested__gt=0, cost__gte=F("requested")),
                violation_error_message=_("Le montant demandé est au-dessus de zéro, et au plus le coût du projet."),
                violation_error_code="requested",
            ),
            models.CheckConstraint(
                name="grant_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("La fin du projet vient après le début."),
                violation_error_code="ends_on",
            ),
            models.CheckConstraint(
                name="grant_two_readers", condition=Q(first_reader=None) | ~Q(first_reader=F("second_reader"))
            ),
            models.CheckConstraint(
                name="grant_voted_iff_awarded",
                condition=Q(
                    state__in=S.tagged("awarded"),
                    voted_amount__gt=0,
                    voted_amount__isnull=False,
                    decided_on__isnull=False,
                )
                | (~Q(state__in=S.tagged("awarded")) & Q(voted_amount=None)),
            ),
            models.CheckConstraint(
                name="grant_voted_within_requested",
                condition=Q(voted_amount=None) | Q(voted_amount__lte=F("requested")),
                violation_error_message=_("Le montant voté ne dépasse pas le montant demandé."),
            ),
            models.CheckConstraint(
                name="grant_complete_iff_examined",
                condition=Q(~Q(state__in=S.tagged("examined", "awarded")), complete_on=None)
                | Q(~Q(state__in=[S.RECEIVED, S.INCOMPLETE]), complete_on__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_opinion_before_committee",
                condition=~Q(opinion="") | ~Q(state__in=[S.COMMITTEE, *S.tagged("awarded")]),
            ),
            models.CheckConstraint(
                name="grant_signed_after_vote",
                condition=Q(agreement_signed_on=None)
                | Q(state__in=S.tagged("awarded"), agreement_signed_on__gte=F("decided_on")),
            ),
            models.CheckConstraint(
                name="grant_agreement_before_payment",
                condition=~Q(state=S.PAID)
                | Q(voted_amount__lte=AGREEMENT_ABOVE)
                | Q(agreement_signed_on__isnull=False),
                violation_error_message=_("Au-dessus de 23 000 euros, une convention est signée avant le versement."),
            ),
            models.CheckConstraint(
                name="grant_reported_once_paid",
                condition=Q(reported_on=None) | Q(state=S.PAID, spent_amount__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_closed_after_report",
                condition=Q(ended_on=None)
                | Q(state__in=S.tagged("dropped"))
                | Q(state=S.PAID, reported_on__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_decision_sent_once_decided",
                condition=Q(decision_sent_at=None) | Q(state__in=S.tagged("decided")) & ~Q(decision_text=""),
            ),
            models.CheckConstraint(
                name="grant_score_after_two_readings",
                condition=Q(score=None) | Q(first_read_at__isnull=False, second_read_at__isnull=False),
            ),
        ]

    @property
    def readers(self) -> list[tuple[int | None, bool]]:
        """Return the key of each reader, and whether their marks are given."""
        return [
            (self.first_reader_id, self.first_read_at is not None),
            (self.second_reader_id, self.second_read_at is not None),
        ]

    @property
    def needs_agreement(self) -> bool:
        return self.voted_amount is not None and self.voted_amount > AGREEMENT_ABOVE

    @property
    def state_badge(self) -> str:
        """Return the badge of its state; « done » once the use of the grant is reported."""
        return "done" if self.reported_on else super().state_badge


class GrantPayment(RegisterLine):
    """Payment of a grant. A trigger ensures that their sum never exceeds the voted amount (`triggers.sql`)."""

    CALLED = ("order",)
    row = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("versée le"))
    amount = models.DecimalField(_("montant, en euros"), max_digits=9, decimal_places=2)
    order = models.CharField(_("numéro de mandat"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("versement d’une subvention")
        constraints = [
            models.CheckConstraint(
                name="grant_payment_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("Un versement est au-dessus de zéro."),
                violation_error_code="amount",
            ),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the payment; raise ProtectedError for the only one of a paid grant."""
        if self.row.state == S.PAID and not self.row.payments.exclude(pk=self.pk).exists():
            raise models.ProtectedError("A grant that is paid has a payment.", {self.row})
        return super().delete(*args, **kwargs)


class GrantDeposit(models.Model):
    """Draft or sent application of one address.

    `typed`: the form as it was left, valid or not; empty once it is sent. `email`: the address that was confirmed, or
    that received the link to an empty form; once sent, links go to the address of the application, which the team may
    correct.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="deposits")
    email = models.EmailField(_("courriel"), blank=True)
    typed = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True)
    application = models.OneToOneField(GrantApplication, on_delete=models.PROTECT, null=True, related_name="deposit")

    privacy = IMPERSONAL  # the same

    class Meta:
        verbose_name = _("dépôt d’une demande")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "email"], condition=Q(application=None), name="grant_draft_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def address(self) -> str:
        """Return the address that its mails go to."""
        return self.application.contact_email if self.application else self.email

    @property
    def is_confirmed(self) -> bool:
        """Return whether a reader of the address opened a link, and confirmed it for an application."""
        return bool(self.email) and self.email.lower() == self.address.lower()


class DepositLink(models.Model):
    """Personal link, stored as its digest alone: the mail had the only copy.

    It opens its deposit until its last day, while the address is still the one that it was sent to, of which it stores
    a keyed digest.
    """

    deposit = models.ForeignKey(GrantDeposit, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    address_digest = models.CharField(max_length=20, default="", db_default="", editable=False)
    ends_on = models.DateField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("lien personnel d’un dépôt")

    def __str__(self) -> str:
        return f"link {self.pk}"


class GrantDocument(models.Model):
    """Checked file of an application or of a draft. Without `piece`: another document."""

    deposit = models.ForeignKey(GrantDeposit, on_delete=models.PROTECT, null=True, related_name="documents")
    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, null=True, related_name="documents")
    piece = models.ForeignKey(SchemePiece, on_delete=models.PROTECT, null=True, related_name="+")
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("document d’une demande")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="grant_document_of_something",
                condition=Q(deposit__isnull=False) | Q(application__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class GrantScore(models.Model):
    """Mark from 0 to 5. A trigger refuses it from a non-reader, or after a declared interest (`triggers.sql`)."""

    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="scores")
    reader = user_key()
    criterion = models.ForeignKey(SchemeCriterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("note d’une demande")
        constraints = [
            models.UniqueConstraint(fields=["application", "reader", "criterion"], name="grant_score_once"),
            models.CheckConstraint(name="grant_score_of_five", condition=Q(points__lte=5)),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


class ReaderInterest(models.Model):
    """Tie between somebody of the team and an association, whose applications this person never reads."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    user = user_key()
    siret = models.CharField(max_length=14, blank=True)
    rna = models.CharField(max_length=10, blank=True)
    kind = models.CharField(_("lien"), max_length=8, choices=InterestKind)
    declared_on = models.DateField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Les liens d’intérêt que vous avez déclarés"),
        owner="user__person",
        default=retained(_("qui a décidé de l’argent public")),
    )

    class Meta:
        verbose_name = _("lien d’intérêt déclaré")
        constraints = [models.UniqueConstraint(fields=["user", "siret", "rna"], name="reader_interest_once")]

    def __str__(self) -> str:
        return f"interest {self.pk}"
