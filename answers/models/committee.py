"""Remarks of the follow-up committee and the services that it asks to hear; protected by triggers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answers.follow_up.models import FollowUp
from assembly.identity.personal_data import ModelPrivacy, retained

COMMITTEE = _("travail du comité de suivi, lu par les services qui en répondent")


class FollowUpRemark(models.Model):
    """A remark of the committee, read by the team, the directorate in charge, the offices and the committee."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField(_("remarque"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("dite le"), default=timezone.now)

    privacy = ModelPrivacy(_("Vos remarques au comité de suivi"), owner="by__person", default=retained(COMMITTEE))

    class Meta:
        verbose_name = _("remarque du comité de suivi")
        ordering = ["follow_up", "-pk"]
        constraints = [models.CheckConstraint(name="follow_up_remark_is_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.pk}"


class FollowUpHearing(models.Model):
    """A service that the committee asks to hear; later when it was heard, by whom, and what it said."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="hearings")
    service = models.CharField(_("service à entendre"), max_length=200)
    question = models.TextField(_("ce que le comité veut savoir"), max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    heard_on = models.DateField(_("entendu le"), null=True, blank=True)
    heard_by = models.CharField(_("par qui"), max_length=300, blank=True)
    summary = models.TextField(_("ce qui a été dit"), max_length=4000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    privacy = ModelPrivacy(
        _("Les auditions que vous avez demandées au comité de suivi"),
        owner="asked_by__person",
        default=retained(COMMITTEE),
        internal=["heard_by", "summary"],
    )

    class Meta:
        verbose_name = _("audition demandée par le comité de suivi")
        ordering = ["follow_up", "-pk"]
        constraints = [
            models.CheckConstraint(name="follow_up_hearing_has_question", condition=~Q(service="") & ~Q(question="")),
            models.CheckConstraint(
                name="follow_up_hearing_is_whole",
                condition=Q(heard_on=None, heard_by="", summary="", recorded_by=None)
                | (Q(heard_on__isnull=False, recorded_by__isnull=False) & ~Q(heard_by="") & ~Q(summary="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.service}"
