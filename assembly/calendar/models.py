"""Kinds of calendar items, with their icons; periods and rows of the page; the secret address of a team."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Term


class CalendarKind(models.TextChoices):
    """Kinds of items; the value is the one of the address."""

    SITTING = "seances", _("séances")
    HEARING = "auditions", _("auditions")
    TRIP = "deplacements", _("déplacements")
    BOOKING = "reservations", _("réservations")
    DEADLINE = "echeances", _("échéances")
    TASK = "taches", _("tâches")
    PUBLICATION = "publications", _("publications")
    ABSENCE = "absences", _("absences")


# Icon of Bootstrap Icons (static/build.mjs), and the noun in the singular.
KIND_LABELS = {
    CalendarKind.SITTING: ("calendar-event", _("séance")),
    CalendarKind.HEARING: ("mic", _("audition")),
    CalendarKind.TRIP: ("train-front", _("déplacement")),
    CalendarKind.BOOKING: ("door-open", _("réservation")),
    CalendarKind.DEADLINE: ("flag", _("échéance")),
    CalendarKind.TASK: ("check2-square", _("tâche")),
    CalendarKind.PUBLICATION: ("file-text", _("publication")),
    CalendarKind.ABSENCE: ("person-dash", _("absence")),
}


class Period(models.TextChoices):
    DAY = "jour", _("Jour")
    WEEK = "semaine", _("Semaine")
    MONTH = "mois", _("Mois")


class RowKind(models.TextChoices):
    """What a row of the page is. `WEEKS`: everybody together, one row a week."""

    PEOPLE = "personne", _("Par personne")
    ROOMS = "salle", _("Par salle")
    WEEKS = "ensemble", _("Ensemble")


class TeamCalendar(models.Model):
    """Secret calendar address of a team. It is signed with `version`: another number closes the old one."""

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="team_calendar")
    version = models.PositiveIntegerField(default=1)
    renewed_at = models.DateTimeField(_("changée le"), default=timezone.now)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("agenda de l’équipe")

    def __str__(self) -> str:
        return f"calendar of the team of {self.term_id}"
