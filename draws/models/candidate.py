"""A volunteer. No `Person` before the draw: whoever is not drawn leaves nothing behind but counts."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models.person import sort_key
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Canton
from assembly.institution.rules import term_ids
from assembly.ui.queryset import ScreenQuerySet
from draws.enums import CandidateState, Channel, Ground, Occupation
from draws.models.call import Call
from members.enums import Gender


class CandidateQuerySet(ScreenQuerySet["Candidate"]):
    def visible_to(self, user: Any) -> Self:
        """Candidates of the terms where `user` is in the team."""
        return self.filter(call__term__in=term_ids(user, TEAM_ROLES))


class Candidate(models.Model):
    """`number` is said on the phone and never given twice in a call; `public_id` opens the candidate’s own page.

    `household` is equal for people of one home, and empty when unknown (then everybody is a household apart).
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("appel"))
    number = models.PositiveIntegerField(_("numéro"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("état"), max_length=12, choices=CandidateState, default=CandidateState.SUBMITTED)
    channel = models.CharField(_("reçue par"), max_length=8, choices=Channel)
    received_at = models.DateTimeField(_("reçue le"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    sort_name = models.CharField(max_length=170, editable=False)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.TextField(_("adresse postale"), max_length=500)
    postcode = models.CharField(_("code postal"), max_length=5)
    city = models.CharField(_("commune"), max_length=80)
    canton = models.ForeignKey(
        Canton, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("canton")
    )
    gender = models.CharField(_("genre"), max_length=1, choices=Gender)
    birth_date = models.DateField(_("date de naissance"))
    occupation = models.CharField(_("profession"), max_length=16, choices=Occupation)
    household = models.CharField(max_length=64, blank=True, editable=False)
    ground = models.CharField(_("motif"), max_length=16, choices=Ground, blank=True)

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
                name="candidate_in_pool_has_canton",
                condition=~Q(
                    state__in=[
                        CandidateState.ELIGIBLE,
                        CandidateState.IN_POOL,
                        CandidateState.DRAWN,
                        CandidateState.ALTERNATE,
                        CandidateState.NOT_DRAWN,
                    ]
                )
                | Q(canton__isnull=False),
                violation_error_message=_("Une candidature recevable a un canton."),
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk} of call {self.call_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.last_name, self.first_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # -- Model.save's signature varies with the backend

    @property
    def reference(self) -> str:
        """What the candidate says on the phone: C-0042."""
        return f"C-{self.number:04}"
