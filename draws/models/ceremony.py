"""What happens in public: digits read twice, the lot that they name, incidents. Append-only (trigger)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.draws.models import Draw
from draws.models.computation import Computation


class BallReading(models.Model):
    """Balls and dice as one person typed them.
    Two people type each round; when they differ, a new round begins and both readings stay for the record."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="readings")
    round = models.PositiveSmallIntegerField(_("lecture"))
    place = models.PositiveSmallIntegerField()
    balls = models.CharField(_("boules"), max_length=7)
    dice = models.CharField(_("dés"), max_length=39)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
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
