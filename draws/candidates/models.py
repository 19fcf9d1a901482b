"""Volunteers. There is no `Person` before the draw: whoever is not drawn leaves nothing behind but counts."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.models import sort_key
from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import TEAM_ROLES, Assembly, Canton
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_in
from draws.calls.models import Call, Ground
from members.enums import Gender, NeedKind, RecordChannel


class CandidateState(States):
    """State of a candidature. A purged one has no row any more: counts stay.

    `open`: examined, or to examine. `standing`: may be drawn, or was in the draw. `listed`: in the frozen list, where
    the draw alone changes it. `seated`: retained until the end of the term.
    """

    UNCONFIRMED = (
        "unconfirmed",
        State("waiting", tags={"correctable", "withdrawable", "undecided", "uncounted"}),
        _("adresse à confirmer"),
    )
    SUBMITTED = (
        "submitted",
        State("todo", tags={"correctable", "withdrawable", "undecided", "open", "standing"}),
        _("à examiner"),
    )
    ELIGIBLE = (
        "eligible",
        State("done", tags={"correctable", "withdrawable", "open", "decided", "standing", "admitted"}),
        _("recevable"),
    )
    INELIGIBLE = "ineligible", State("refused", tags={"withdrawable", "decided"}), _("irrecevable")
    DUPLICATE = "duplicate", State("refused", tags={"withdrawable", "decided", "uncounted"}), _("doublon")
    EXCLUDED = "excluded", State("refused", tags={"withdrawable", "decided"}), _("écartée sans examen")
    WITHDRAWN = "withdrawn", State("closed", tags={"uncounted"}), _("retirée")
    IN_POOL = "in_pool", State("in_progress", tags={"standing", "admitted", "listed"}), _("dans la liste figée")
    DRAWN = "drawn", State("done", tags={"standing", "admitted", "listed", "seated"}), _("tirée au sort")
    ALTERNATE = "alternate", State("partial", tags={"standing", "admitted", "listed", "seated"}), _("suppléante")
    NOT_DRAWN = "not_drawn", State("closed", tags={"standing", "admitted", "listed"}), _("non tirée")


class Examination(models.TextChoices):
    """Opinion of one of the two people who examine a candidature."""

    ADMIT = "admit", _("recevable")
    REJECT = "reject", _("irrecevable")


class Channel(models.TextChoices):
    """How a candidature arrived: by the public form, or typed in by an officer."""

    WEB = "web", _("formulaire en ligne")
    PAPER = "paper", _("bulletin papier")
    MARKET = "market", _("rencontre sur un marché")
    PHONE = "phone", _("téléphone")
    FILE = "file", _("fichier importé")


class Occupation(models.TextChoices):
    """Eight groups of occupations of INSEE (PCS 2020, level 1), by the values that pools and quotas use."""

    FARMER = "agriculteur", _("agriculteur ou agricultrice")
    SELF_EMPLOYED = "artisan_chef", _("artisanat, commerce, direction d’entreprise")
    MANAGER = "cadre", _("cadre, profession intellectuelle supérieure")
    INTERMEDIATE = "intermediaire", _("profession intermédiaire")
    EMPLOYEE = "employe", _("employé ou employée")
    WORKER = "ouvrier", _("ouvrier ou ouvrière")
    RETIRED = "retraite", _("retraité ou retraitée")
    NOT_WORKING = "sans_activite", _("sans activité professionnelle, en études")


class AgeBand(models.TextChoices):
    """Age classes of the census (INSEE, F48), by which panel and population are compared."""

    TO_29 = "-29", _("moins de 30 ans")
    TO_44 = "30-44", _("30 à 44 ans")
    TO_59 = "45-59", _("45 à 59 ans")
    TO_74 = "60-74", _("60 à 74 ans")
    FROM_75 = "75-", _("75 ans et plus")


class ExclusionReason(models.TextChoices):
    """Reason why a candidature that nobody could examine is left out of the list of a draw: printed in the record."""

    UNREACHABLE = "unreachable", _("personne injoignable")
    INCOMPLETE = "incomplete", _("dossier incomplet")
    UNVERIFIED = "unverified", _("adresse ou identité non vérifiée")
    LATE = "late", _("reçue après le dernier jour")


class CandidateQuerySet(ScreenQuerySet["Candidate"]):
    def visible_to(self, user: Any) -> Self:
        """Return the candidates of the terms where `user` is in the team."""
        return self.filter(call__term__in=term_ids(user, TEAM_ROLES))


class Candidate(models.Model):
    """Volunteer of a call. `number` is given on the phone and never reused in a call; `public_id` opens their page.

    `household` is equal for people of one home, and empty when unknown (then everybody is a separate household).
    `erase_on`: the day announced to this candidate. `verdict`: opinion of the first of the two examiners; the second
    one decides. `is_canton_checked`: False where the commune does not determine the canton. `renounced_on`: of
    somebody in a frozen list, which never changes: the state stays, and no seat is proposed. `exclusion`: why somebody
    whom nobody examined is left out of the list; triggers refuse a candidate to examine beside a frozen list.
    `confirmed_email`: the address that somebody confirmed; as soon as `email` is another one, that one is to be
    confirmed.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("appel"))
    number = models.PositiveIntegerField(_("numéro"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("état"), max_length=12, choices=CandidateState, default=CandidateState.SUBMITTED)
    channel = models.CharField(_("reçue par"), max_length=8, choices=Channel)
    received_at = models.DateTimeField(_("reçue le"))
    recorded_by = optional_user_key()
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    sort_name = models.CharField(max_length=170, editable=False)
    email = models.EmailField(_("adresse électronique"), blank=True)
    confirmed_email = models.EmailField(_("adresse confirmée"), blank=True, default="", db_default="", editable=False)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.TextField(_("adresse postale"), max_length=500)
    postcode = models.CharField(_("code postal"), max_length=5)
    city = models.CharField(_("commune"), max_length=80)
    canton = optional_key(Canton, _("canton"))
    gender = models.CharField(_("genre"), max_length=1, choices=Gender)
    birth_date = models.DateField(_("date de naissance"))
    occupation = models.CharField(_("profession"), max_length=16, choices=Occupation)
    household = models.CharField(max_length=64, blank=True, editable=False)
    is_canton_checked = models.BooleanField(_("canton vérifié"), default=True)
    ground = models.CharField(_("motif"), max_length=16, choices=Ground, blank=True)
    verdict = models.CharField(_("premier avis"), max_length=6, choices=Examination, blank=True)
    verdict_ground = models.CharField(max_length=16, choices=Ground, blank=True)
    verdict_by = optional_user_key()
    decided_by = optional_user_key()
    exclusion = models.CharField(
        _("écartée sans examen"), max_length=12, choices=ExclusionReason, blank=True, default="", db_default=""
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("doublon de")
    )
    decision_sent_at = models.DateTimeField(_("décision envoyée le"), null=True, blank=True)
    consented_at = models.DateTimeField(_("accord donné le"), null=True, blank=True)
    erase_on = models.DateField(_("effacement annoncé le"), null=True, blank=True)
    wants_news = models.BooleanField(_("prévenir du prochain appel"), default=False)
    guardian_name = models.CharField(_("nom du parent ou tuteur"), max_length=160, blank=True)
    guardian_email = models.EmailField(_("courriel du parent ou tuteur"), blank=True)
    guardian_agreed_on = models.DateField(_("autorisation parentale du"), null=True, blank=True)
    renounced_on = models.DateField(_("a renoncé le"), null=True, blank=True)
    renounced_through = models.CharField(
        _("a renoncé"), max_length=6, choices=RecordChannel, blank=True, default="", db_default=""
    )

    privacy = (
        IMPERSONAL  # no `Person`: the whole row is deleted on the announced day (draws/candidates/contributions.py)
    )
    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidature")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["call", "state"], name="candidate_call_state"),
            models.Index(fields=["call", "sort_name", "birth_date"], name="candidate_same_name"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="candidate_number_once"),
            models.CheckConstraint(name="candidate_state_known", condition=Q(state__in=CandidateState.values)),
            models.CheckConstraint(name="candidate_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="candidate_gender_known", condition=Q(gender__in=Gender.values)),
            models.CheckConstraint(name="candidate_occupation_known", condition=Q(occupation__in=Occupation.values)),
            models.CheckConstraint(
                name="candidate_ground_iff_ineligible",
                condition=Q(state=CandidateState.INELIGIBLE, ground__in=Ground.values)
                | (~Q(state=CandidateState.INELIGIBLE) & Q(ground="")),
                violation_error_message=_("Une candidature irrecevable a un motif."),
            ),
            models.CheckConstraint(
                name="candidate_exclusion_has_reason",
                condition=Q(state=CandidateState.EXCLUDED, exclusion__in=ExclusionReason.values)
                | (~Q(state=CandidateState.EXCLUDED) & Q(exclusion="")),
                violation_error_message=_("Une candidature écartée sans examen a un motif."),
            ),
            models.CheckConstraint(
                name="candidate_verdict_has_author",
                condition=Q(verdict="", verdict_by=None, verdict_ground="")
                | (
                    Q(verdict=Examination.ADMIT, verdict_ground="")
                    | Q(verdict=Examination.REJECT, verdict_ground__in=Ground.values)
                )
                & Q(verdict_by__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_decided_by_two",
                condition=Q(decided_by=None) | (Q(verdict_by__isnull=False) & ~Q(decided_by=F("verdict_by"))),
                violation_error_message=_("La même personne ne peut pas donner les deux avis."),
            ),
            models.CheckConstraint(
                name="candidate_names_are_no_links",
                condition=plain_names("first_name", "last_name", "guardian_name"),
                violation_error_message=LINK_IN_NAME,
            ),
            models.CheckConstraint(
                name="candidate_unconfirmed_address",
                condition=~Q(state=CandidateState.UNCONFIRMED) | Q(confirmed_email=""),
            ),
            models.CheckConstraint(
                name="candidate_renounced_once_frozen",
                condition=Q(renounced_on=None, renounced_through="")
                | Q(
                    renounced_on__isnull=False,
                    renounced_through__in=RecordChannel.values,
                    state__in=CandidateState.tagged("listed"),
                ),
                violation_error_message=_("On renonce à une liste figée, un jour et par un moyen que l’on note."),
            ),
            filled_in(CandidateState.tagged("admitted"), "canton", _("Une candidature recevable a un canton."))(
                name="candidate_in_pool_has_canton"
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk} of call {self.call_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.last_name, self.first_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # -- Model.save's signature varies with the backend

    @property
    def term_id(self) -> int:
        """Return the key of the term whose history shows the journal of this candidate."""
        return self.call.term_id

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def has_confirmed_address(self) -> bool:
        """Return whether somebody confirmed the address on file; before, it gets one mail, which asks for that."""
        return bool(self.email) and self.confirmed_email == self.email

    @property
    def state_badge(self) -> str:
        return CandidateState(self.state).badge

    @property
    def reference(self) -> str:
        """Return the number that the candidate gives on the phone, such as C-0042."""
        return f"C-{self.number:04}"


class CandidateNeed(models.Model):
    """Measure to arrange, should this candidate be drawn: no examiner reads it and no pool holds it."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(_("mesure"), max_length=16, choices=NeedKind)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(name="candidate_need_known", condition=Q(kind__in=NeedKind.values)),
            models.UniqueConstraint(fields=["candidate", "kind"], name="candidate_need_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for candidate {self.candidate_id}"


class NextCallAddress(models.Model):
    """Address that asked for news of the next call, and nothing else about its owner; two years at most."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("adresse électronique"))
    agreed_on = models.DateField(_("accord du"))

    privacy = IMPERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "email"], name="next_call_address_once")]

    def __str__(self) -> str:
        return str(self.public_id)
