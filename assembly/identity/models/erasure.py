"""Model of erasure requests, answered by the data protection officer within a month."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.enums import ErasureState
from assembly.identity.models.person import PROOF, Person
from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.speed.queryset import ScreenQuerySet


class ErasureRequest(models.Model):
    """Request of a person to be erased. The row itself stays, by pseudonym, as proof of the answer."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasure_requests")
    state = models.CharField(_("état"), max_length=10, choices=ErasureState, default=ErasureState.PENDING)
    asked_at = models.DateTimeField(_("demandé le"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="erasures_asked",
        verbose_name=_("demandé par"),
    )
    statement = models.TextField(_("ce que dit la personne"), blank=True, max_length=2000)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures_answered"
    )
    answer = models.TextField(_("réponse"), blank=True, max_length=2000)

    privacy = ModelPrivacy(
        _("Vos demandes d’effacement"), owner="person", default=retained(PROOF), statement=erased(), answer=erased()
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=ErasureState.PENDING), name="erasure_one_pending_request"
            ),
            models.CheckConstraint(
                name="erasure_answered_iff_not_pending",
                condition=Q(state=ErasureState.PENDING, answered_at=None)
                | (~Q(state=ErasureState.PENDING) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
