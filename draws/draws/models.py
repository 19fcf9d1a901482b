"""Draws: quotas, frozen lists, computations, digits of the ceremony, who an internal draw named."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import Upload
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, Committee, Role, Term
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from draws.calls.models import Call
from draws.candidates.models import Candidate
from members.models import Mandate


class DrawTable(models.TextChoices):
    """Workflow of a draw: among the volunteers of a call, or among the members."""

    VOLUNTEERS = "volunteers", _("appel à candidatures")
    INTERNAL = "internal", _("tirage interne")


class DesignationOutcome(models.TextChoices):
    """Outcome for somebody whom an internal draw named."""

    NAMED = "named", _("désignée")
    DECLINED = "declined", _("a renoncé")
    LEFT = "left", _("ne siège plus")


class DrawState(States):
    """State of a draw (domain.md B3).

    An announced draw has a public page and is never withdrawn, only voided with its reason.
    """

    DRAFT = "draft", State("in_progress", tags={"preparing"}), _("en préparation")
    CHECKED = "checked", State("in_progress", tags={"preparing"}), _("vérifié")
    FROZEN = "frozen", State("in_progress", tags={"frozen", "computable"}), _("liste figée")
    COMPUTED = "computed", State("in_progress", tags={"frozen", "computable"}), _("lots calculés")
    ANNOUNCED = "announced", State("waiting", tags={"frozen", "announced", "ceremony"}), _("annoncé")
    DRAWN = "drawn", State("waiting", tags={"frozen", "announced", "ceremony", "drawn"}), _("tiré")
    CERTIFIED = "certified", State("partial", tags={"frozen", "announced", "drawn", "certified"}), _("constaté")
    REVEALED = "revealed", State("done", tags={"frozen", "announced", "drawn", "certified"}), _("révélé")
    VOID = "void", State("closed"), _("annulé")


class ComputationKind(models.TextChoices):
    TRIAL = "trial", _("essai à blanc")
    PORTFOLIO = "portfolio", _("calcul des lots")


class ComputationState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    RUNNING = "running", _("en cours")
    READY = "ready", _("fini")
    FAILED = "failed", _("échoué")
    CANCELLED = "cancelled", _("arrêté")


RUNNING_COMPUTATIONS = (ComputationState.QUEUED, ComputationState.RUNNING)

S = DrawState


def dated(name: str, states: list[DrawState]) -> models.CheckConstraint:
    """Return a constraint: a state's date is set from that state on; a void draw retains the dates it had."""
    column = name.removeprefix("draw_").removesuffix("_iff_state")
    missing, present = {f"{column}": None}, {f"{column}__isnull": False}
    condition = Q(state=S.VOID) | Q(state__in=states, **present) | ~Q(state__in=[*states, S.VOID]) & Q(**missing)
    return models.CheckConstraint(name=name, condition=condition)


TERM_PATHS = ("call__term", "within_term")


def of_terms(terms: Any) -> Q:
    """Return the condition for draws of both kinds in these terms."""
    return Q(call__term__in=terms) | Q(within_term__in=terms)


class DrawQuerySet(ScreenQuerySet["Draw"]):
    def visible_to(self, user: Any) -> Self:
        """Return the draws of the terms where `user` is in the team or certifies."""
        return self.filter(of_terms(term_ids(user, TEAM_ROLES | {Role.WITNESS})))

    def public(self) -> Self:
        """Return the announced draws, voided ones included: they are never erased."""
        return self.filter(announced_at__isnull=False)

    def of_main_assembly(self) -> Self:
        """Return the draws of the main assembly, whose site this is."""
        main = main_assembly_key()
        return self.filter(Q(call__term__assembly=main) | Q(within_term__assembly=main))

    def with_dossier(self) -> Self:
        logos = [f"{path}__assembly__logo_png" for path in TERM_PATHS]
        return self.select_related(
            *(f"{path}__assembly" for path in TERM_PATHS),
            "prepared_by__person",
            "frozen_by__person",
            "statement",
            "quotas",
            "pool__quotas",
            "drawn_among",
            "committee",
        ).defer(*logos)


class Draw(models.Model):
    """Draw by lot. `quotas`, `pool`: the versions that count now. `number` is the `tirage=` of the protocol.

    An internal draw: `title` names the function, `purpose` is its key, drawn once; `drawn_among`: a committee whose
    members alone may be drawn; `committee`: the one that whoever is drawn becomes a member of.
    """

    call = optional_key(Call, _("appel"), "draws")
    within_term = optional_key(Term, related_name="internal_draws")
    title = models.CharField(_("fonction"), max_length=160, blank=True, default="", db_default="")
    purpose = models.CharField(max_length=180, blank=True, default="", db_default="")
    drawn_among = optional_key(Committee)
    committee = optional_key(Committee)
    number = models.PositiveSmallIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=DrawState, default=DrawState.DRAFT)
    prepared_by = user_key()
    created_at = models.DateTimeField(auto_now_add=True)
    quotas = optional_key("draws.QuotaVersion")
    pool = optional_key("draws.FrozenPool")
    ceiling = models.DecimalField(
        _("plafond des chances"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(1)],
    )
    alternates = models.PositiveSmallIntegerField(
        _("suppléantes et suppléants prévenus par case"), default=2, validators=[MaxValueValidator(20)]
    )
    contest_days = models.PositiveSmallIntegerField(
        _("jours pour contester"), default=7, validators=[MaxValueValidator(60)]
    )
    gap_decision = models.TextField(_("décision sur l’écart"), max_length=1000, blank=True)
    takes_place_at = models.DateTimeField(_("date et heure du tirage"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    frozen_at = models.DateTimeField(_("liste figée le"), null=True, blank=True)
    frozen_by = optional_user_key()
    announced_at = models.DateTimeField(_("annoncé le"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("tiré le"), null=True, blank=True)
    attendees = models.TextField(_("personnes présentes"), max_length=2000, blank=True)
    certified_at = models.DateTimeField(_("constaté le"), null=True, blank=True)
    witness_name = models.CharField(_("commissaire de justice"), max_length=120, blank=True)
    witness_office = models.CharField(_("étude"), max_length=160, blank=True)
    statement_reference = models.CharField(_("référence du constat"), max_length=80, blank=True)
    statement = optional_key(Upload, _("constat"))
    revealed_at = models.DateTimeField(_("révélé le"), null=True, blank=True)
    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    void_reason = models.TextField(_("motif de l’annulation"), max_length=1000, blank=True)

    privacy = IMPERSONAL
    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("tirage au sort")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["call"],
                condition=~Q(state=DrawState.VOID),
                name="draw_one_at_a_time",
                violation_error_message=_("Un tirage est déjà en cours pour cet appel."),
            ),
            models.UniqueConstraint(
                fields=["within_term", "purpose"],
                condition=~Q(state=DrawState.VOID),
                name="draw_purpose_once",
                violation_error_message=_("Un tirage pour cette fonction existe déjà."),
            ),
            models.UniqueConstraint(fields=["within_term", "purpose", "number"], name="draw_purpose_number_once"),
            models.CheckConstraint(
                name="draw_of_call_or_internal",
                condition=Q(call__isnull=False, within_term=None, purpose="", title="")
                | Q(call=None, within_term__isnull=False) & ~Q(purpose="") & ~Q(title=""),
            ),
            models.CheckConstraint(name="draw_state_known", condition=Q(state__in=DrawState.values)),
            dated("draw_frozen_at_iff_state", S.tagged("frozen")),
            dated("draw_announced_at_iff_state", S.tagged("announced")),
            dated("draw_drawn_at_iff_state", S.tagged("drawn")),
            dated("draw_certified_at_iff_state", S.tagged("certified")),
            dated("draw_revealed_at_iff_state", [S.REVEALED]),
            models.CheckConstraint(
                name="draw_void_has_reason",
                condition=Q(state=DrawState.VOID, voided_at__isnull=False) & ~Q(void_reason="")
                | ~Q(state=DrawState.VOID) & Q(voided_at=None, void_reason=""),
            ),
            models.CheckConstraint(
                name="draw_frozen_has_files",
                condition=Q(frozen_at=None) | Q(pool__isnull=False, quotas__isnull=False, frozen_by__isnull=False),
            ),
            models.CheckConstraint(
                name="draw_certified_has_witness",
                condition=Q(certified_at=None) | ~Q(witness_name="") | Q(call=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_internal(self) -> bool:
        return self.call_id is None

    @property
    def table(self) -> DrawTable:
        """Return which steps the draw follows."""
        return DrawTable.INTERNAL if self.is_internal else DrawTable.VOLUNTEERS

    @property
    def term(self) -> Term:
        return require_row(self.within_term if self.call is None else self.call.term)

    @property
    def term_id(self) -> int:
        return require_row(self.within_term_id if self.call is None else self.call.term_id)

    @property
    def volunteer_call(self) -> Call:
        """Return the call of a draw of volunteers."""
        return require_row(self.call)

    @property
    def state_badge(self) -> str:
        return DrawState(self.state).badge

    @property
    def contest_ends_at(self) -> Any:
        """Return the end of the period in which a volunteer may contest what the frozen list states; None before."""
        return self.frozen_at + timedelta(days=self.contest_days) if self.frozen_at else None


def require_row[Row](row: Row | None) -> Row:
    """Return the row that the state of a draw guarantees (constraints). Raise LookupError where it is missing."""
    if row is None:
        raise LookupError("The state of this draw promises a row that is not there.")
    return row


class QuotaVersion(models.Model):
    """Version of the quotas. `content`: canonical bytes of `quotas.csv`. `decision`: why, as it was decided."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="quota_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    seats = models.PositiveSmallIntegerField(_("sièges"))
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    decision = models.TextField(_("décision"), max_length=2000)
    remedy = models.CharField(max_length=20, blank=True)
    created_by = user_key()
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("version des quotas")
        ordering = ["draw", "-number"]
        constraints = [models.UniqueConstraint(fields=["draw", "number"], name="quota_version_once")]

    def __str__(self) -> str:
        return f"quotas {self.number} of draw {self.draw_id}"


class FrozenPool(models.Model):
    """Frozen list, never changed (trigger). `content`: canonical bytes of `pool.csv`, never public.
    `table_sha256`: of the sealed table. `counts`: applications by state and ground on that day, for the record."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="pools")
    version = models.PositiveSmallIntegerField(_("version"))
    quotas = models.ForeignKey(QuotaVersion, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    table_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("candidatures"))
    counts = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(_("figée le"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("liste figée")
        ordering = ["draw", "-version"]
        constraints = [models.UniqueConstraint(fields=["draw", "version"], name="pool_version_once")]

    def __str__(self) -> str:
        return f"pool {self.version} of draw {self.draw_id}"


def private_key() -> str:
    return secrets.token_urlsafe(24)


class PoolEntry(models.Model):
    """Line of the sealed table: a candidate, or a member in an internal draw.
    `key` opens the volunteer’s own page; it is deleted with the candidate."""

    pool = models.ForeignKey(FrozenPool, on_delete=models.PROTECT, related_name="entries")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, null=True, blank=True, related_name="pool_entries"
    )
    mandate = optional_key(Mandate, related_name="pool_entries")
    key = models.CharField(max_length=40, unique=True, default=private_key, editable=False)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "pseudonym"], name="pool_entry_pseudonym_once"),
            models.UniqueConstraint(fields=["pool", "candidate"], name="pool_entry_candidate_once"),
            models.UniqueConstraint(fields=["pool", "mandate"], name="pool_entry_mandate_once"),
            models.CheckConstraint(
                name="pool_entry_candidate_or_mandate",
                condition=Q(candidate__isnull=False, mandate=None) | Q(candidate=None, mandate__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of pool {self.pool_id}"

    @property
    def applicant(self) -> Candidate:
        """Return the candidate of this line in a draw of volunteers."""
        return require_row(self.candidate)

    @property
    def table_reference(self) -> str:
        """Return the reference of this person in the sealed table: never a name."""
        return self.candidate.reference if self.candidate else f"mandat-{self.mandate_id}"


class Contestation(models.Model):
    """Error that a volunteer reports in the frozen list; the team answers before any ball is drawn."""

    entry = models.ForeignKey(PoolEntry, on_delete=models.CASCADE, related_name="contestations")
    text = models.TextField(_("ce qui est faux"), max_length=1000)
    made_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("réponse"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = optional_user_key()

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(answered_at=None), name="contestation_open_once"),
            models.CheckConstraint(
                name="contestation_answer_has_author",
                condition=Q(answered_at=None, answer="", answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"contestation {self.pk}"


KINDS, STATES = ComputationKind, ComputationState


class Computation(models.Model):
    """Computation of a draw. `digest` is that of its input: equal digests and ceilings give equal bytes.

    A trial stores in `findings` its result: sentence and remedies of an impossible pool, or who is in every panel and
    who in none. A portfolio stores `lots` and `certificate`, never changed once they are there (trigger).
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="computations")
    kind = models.CharField(max_length=10, choices=ComputationKind)
    state = models.CharField(_("état"), max_length=10, choices=ComputationState, default=ComputationState.QUEUED)
    quotas = models.ForeignKey(QuotaVersion, on_delete=models.PROTECT, related_name="+")
    pool = optional_key(FrozenPool, related_name="computations")
    ceiling = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    digest = models.CharField(max_length=64)
    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    findings = models.JSONField(default=dict)
    lots = models.BinaryField(null=True)
    lots_sha256 = models.CharField(max_length=64, blank=True)
    certificate = models.BinaryField(null=True)
    error = models.CharField(max_length=2000, blank=True)
    asked_by = user_key()
    asked_at = models.DateTimeField(auto_now_add=True)
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw"], condition=Q(state__in=RUNNING_COMPUTATIONS), name="computation_one_at_a_time"
            ),
            models.CheckConstraint(
                name="computation_portfolio_has_pool",
                condition=Q(kind=KINDS.TRIAL, pool=None) | Q(kind=KINDS.PORTFOLIO, pool__isnull=False),
            ),
            models.CheckConstraint(
                name="computation_ready_portfolio_has_lots",
                condition=~Q(kind=KINDS.PORTFOLIO, state=STATES.READY)
                | Q(lots__isnull=False, certificate__isnull=False) & ~Q(lots_sha256=""),
            ),
            models.CheckConstraint(
                name="computation_finished_iff_over",
                condition=Q(state__in=RUNNING_COMPUTATIONS, finished_at=None)
                | ~Q(state__in=RUNNING_COMPUTATIONS) & Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of draw {self.draw_id}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_COMPUTATIONS


class BallReading(models.Model):
    """Balls and dice as one person typed them.
    Two people type each round; when they differ, a new round begins and both readings stay for the record."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="readings")
    round = models.PositiveSmallIntegerField(_("lecture"))
    place = models.PositiveSmallIntegerField()
    balls = models.CharField(_("boules"), max_length=7)
    dice = models.CharField(_("dés"), max_length=39)
    by = user_key()
    at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["round", "place"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "round", "place"], name="ball_reading_place_once"),
            models.UniqueConstraint(fields=["draw", "round", "by"], name="ball_reading_person_once"),
            models.CheckConstraint(name="ball_reading_two_places", condition=Q(place__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"reading {self.round}.{self.place} of draw {self.draw_id}"


class DrawResult(models.Model):
    """Lot that the balls named. One for each draw and one for each portfolio, never changed."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="result")
    portfolio = models.OneToOneField(Computation, on_delete=models.PROTECT, related_name="result")
    balls = models.CharField(_("boules"), max_length=7)
    dice = models.CharField(_("dés"), max_length=39)
    ticket = models.PositiveSmallIntegerField(_("billet"))
    lot = models.PositiveIntegerField(_("lot"))
    seed = models.CharField(_("graine"), max_length=64)
    drawn_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [models.CheckConstraint(name="draw_result_ticket_known", condition=Q(ticket__lt=10_000))]

    def __str__(self) -> str:
        return f"ticket {self.ticket} of draw {self.draw_id}"


class Incident(models.Model):
    """Anything that was not as planned, for the record: without rows the record prints « rien à signaler »."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="incidents")
    text = models.TextField(_("incident"), max_length=1000)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"incident {self.pk} of draw {self.draw_id}"


class Designation(models.Model):
    """Result for one person. `rank`: of those named, in the order of the lot. `instead_of`: pseudonym drawn first."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="designations")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="designations")
    outcome = models.CharField(_("issue"), max_length=10, choices=DesignationOutcome)
    rank = models.PositiveSmallIntegerField(_("rang"), null=True, blank=True)
    instead_of = models.CharField(_("à la place de"), max_length=16, blank=True)
    noted_by = user_key()
    noted_at = models.DateTimeField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Vos tirages au sort parmi les membres"),
        owner="mandate__member__person",
        default=retained(_("tirage au sort parmi les membres, gardé sans votre nom")),
    )

    class Meta:
        verbose_name = _("désignation")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="designation_pseudonym_once"),
            models.UniqueConstraint(fields=["draw", "rank"], name="designation_rank_once"),
            models.CheckConstraint(
                name="designation_outcome_known", condition=Q(outcome__in=DesignationOutcome.values)
            ),
            models.CheckConstraint(
                name="designation_rank_iff_named",
                condition=Q(outcome=DesignationOutcome.NAMED, rank__isnull=False)
                | ~Q(outcome=DesignationOutcome.NAMED) & Q(rank=None, instead_of=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of draw {self.draw_id}"
