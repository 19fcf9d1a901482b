"""Models of tasks (what somebody has to do, until when), notes and pins, each about a page of the site."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import key_to, optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import ModelPrivacy, months_later
from assembly.institution.models import Term
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import check, filled_only_in


class TaskState(States):
    OPEN = "open", State("todo"), _("à faire")
    DONE = "done", State("done", tags={"closed"}), _("faite")
    DROPPED = "dropped", State("refused", tags={"closed"}), _("abandonnée")


class Repeat(models.TextChoices):
    WEEKLY = "weekly", _("chaque semaine")
    MONTHLY = "monthly", _("chaque mois")
    YEARLY = "yearly", _("chaque année")


class NoteState(States):
    WRITTEN = "written", State("done"), _("écrite")
    ERASED = "erased", State("closed"), _("effacée")


class PageMixin(models.Model):
    """Mixin of the page that a row is about.

    `object_type` ("app.Model") and `object_id`: the object of the page, as in the journal; empty for a page without
    one. `path`: its address. `page_title`: its name when the row was written. `about`: the person whose page it is.
    """

    term = key_to(Term, _("mandature"), editable=False)
    object_type = models.CharField(max_length=80, blank=True, editable=False)
    object_id = models.CharField(max_length=40, blank=True, editable=False)
    path = models.CharField(max_length=300, blank=True, editable=False)
    page_title = models.CharField(_("sur"), max_length=200, blank=True, editable=False)
    about = optional_key(Person, editable=False)

    class Meta:
        abstract = True


class Task(PageMixin):
    """Something to do, by one person or by the team.

    `is_decided`: a sitting decided it. Then it has an owner, who may be anybody or be written out (`owner_text`), its
    facilitators read it too, and it is nobody’s personal data: it does not end with a retention period.

    `owner`: empty where it is the team’s. `starts_on`: the first day of a task that repeats; the others are counted
    from it, so that the 31st stays the 31st. `follows`: the task whose end made this one.
    """

    is_decided = models.BooleanField(_("décidée en séance"), default=False, db_default=False, editable=False)
    text = models.CharField(_("à faire"), max_length=400)
    owner = optional_key(Person, _("qui s’en charge"))
    owner_text = models.CharField(_("qui s’en charge, en toutes lettres"), max_length=160, blank=True, db_default="")
    due_on = models.DateField(_("pour le"), null=True, blank=True)
    repeat = models.CharField(_("se répète"), max_length=8, choices=Repeat, blank=True)
    starts_on = models.DateField(null=True, editable=False)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", editable=False)
    note = models.TextField(_("précisions"), max_length=2000, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=TaskState, default=TaskState.OPEN, editable=False)
    closed_at = models.DateTimeField(_("close le"), null=True, editable=False)
    closed_by = optional_user_key(_("close par"), editable=False)
    outcome = models.CharField(_("suite donnée"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("notée le"), default=timezone.now, editable=False)
    created_by = optional_user_key(_("notée par"), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    privacy = ModelPrivacy(
        _("Ce que l’équipe doit faire vous concernant"),
        owner="about",
        deletes_rows=True,
        internal=["object_type", "object_id", "path", "starts_on", "follows", "owner", "owner_text", "is_decided"],
    )
    objects = ScreenQuerySet["Task"].as_manager()

    class Meta:
        verbose_name = _("tâche")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["term", "state", "due_on"], name="task_by_day"),
            models.Index(fields=["owner", "state"], name="task_by_owner"),
            models.Index(fields=["object_type", "object_id"], name="task_by_object"),
        ]
        constraints = [
            filled_only_in(TaskState.tagged("closed"), "closed_at")(name="task_closed_at_iff_closed"),
            check(Q(object_type="", object_id="") | ~(Q(object_type="") | Q(object_id="")))(
                name="task_object_is_whole"
            ),
            check(
                Q(repeat="", starts_on=None) | (~Q(repeat="") & Q(starts_on__isnull=False, due_on__isnull=False)),
                _("Pour qu’une tâche se répète, donnez son premier jour."),
                "due_on",
            )(name="task_repeats_from_a_day"),
            models.UniqueConstraint(
                fields=["follows"], condition=~Q(state=TaskState.DROPPED), name="task_followed_once"
            ),
            check(Q(is_decided=True) | Q(owner_text=""))(name="task_owner_written_out_if_decided"),
            check(
                Q(is_decided=False)
                | (Q(about=None, repeat="", note="") & (Q(owner__isnull=False) | ~Q(owner_text="")))
            )(name="task_decided_has_owner"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def badge(self) -> str:
        return TaskState(self.state).badge

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def owner_name(self) -> str:
        """Return who does it: a name, or the team."""
        return self.owner_text or (self.owner.full_name if self.owner else str(_("l’équipe")))

    @property
    def is_free(self) -> bool:
        """Return whether it is nobody’s: the team’s."""
        return self.owner_id is None and not self.owner_text

    def next_day(self, today: date) -> date:
        """Return the next day of a task that repeats: after its own, and after today where it was done late."""
        if self.starts_on is None or self.due_on is None:
            raise ValueError("A task that does not repeat has no next day.")
        last = max(self.due_on, today)
        if self.repeat == Repeat.WEEKLY:
            return self.starts_on + timedelta(weeks=(last - self.starts_on).days // 7 + 1)
        step = 12 if self.repeat == Repeat.YEARLY else 1
        months = max(0, (last.year - self.starts_on.year) * 12 + last.month - self.starts_on.month) // step * step
        first = months_later(self.starts_on, months)
        return first if first > last else months_later(self.starts_on, months + step)


class TeamNote(PageMixin):
    """What somebody of the team wrote about an object (« appelé, rappellera »); an erased one has no text."""

    text = models.TextField(_("note"), max_length=2000, blank=True)
    author = user_key(_("écrite par"), editable=False)
    written_at = models.DateTimeField(_("écrite le"), default=timezone.now, editable=False)
    state = models.CharField(max_length=8, choices=NoteState, default=NoteState.WRITTEN, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    privacy = ModelPrivacy(
        _("Les notes de l’équipe vous concernant"),
        owner="about",
        deletes_rows=True,
        internal=["object_type", "object_id", "path"],
    )
    objects = ScreenQuerySet["TeamNote"].as_manager()

    class Meta:
        verbose_name = _("note")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "-written_at"], name="note_by_object")]
        constraints = [
            check(~(Q(object_type="") | Q(object_id="")))(name="note_has_object"),
            check(Q(state=NoteState.ERASED, text="") | (~Q(state=NoteState.ERASED) & ~Q(text="")))(
                name="note_text_iff_not_erased"
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class TaskSwitch(models.Model):
    """What « À faire » shows a reader: their own tasks, or those of the whole team."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+")
    shows_team = models.BooleanField(default=False)

    privacy = ModelPrivacy(_("Ce que montre votre page « À faire »"), owner="user__person", deletes_rows=True)

    def __str__(self) -> str:
        return f"switch of {self.user_id}"


MOST_PINS = 5


class Pin(PageMixin):
    """A page that stays in somebody’s menu. `place`: 1 to 5. The tabs of one object are one page."""

    user = user_key(editable=False)
    place = models.PositiveSmallIntegerField(editable=False)

    privacy = ModelPrivacy(
        _("Les pages que vous avez épinglées"),
        owner="user__person",
        deletes_rows=True,
        internal=["object_type", "object_id", "about", "place"],
    )
    objects = ScreenQuerySet["Pin"].as_manager()

    class Meta:
        verbose_name = _("épingle")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="pin_place_once"),
            models.UniqueConstraint(
                fields=["user", "object_type", "object_id"], condition=~Q(object_type=""), name="pin_object_once"
            ),
            models.UniqueConstraint(fields=["user", "path"], condition=Q(object_type=""), name="pin_page_once"),
            check(Q(place__range=(1, MOST_PINS)))(name="pin_at_most_five"),
            check(~Q(path="") & ~Q(page_title=""))(name="pin_has_page"),
        ]

    def __str__(self) -> str:
        return self.page_title
