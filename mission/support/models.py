"""Requests for support, the methods advised to whoever asked, and sessions of training.

Who registered for a session, who came and how they rate it are counts: nobody is named.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Directorate
from assembly.workflow import State, States
from mission.partners.models import Partner
from mission.registers.models import (
    RegisterLine,
    RegisterRow,
    check,
    filled_in,
    filled_only_in,
    key_to,
    optional_key,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
)


class SupportState(States):
    """States of a request. `declined` is the one end without support: refused with a reason, or withdrawn on a day."""

    RECEIVED = "received", State("todo"), _("reçue")
    ACCEPTED = "accepted", State("waiting"), _("acceptée")
    IN_PROGRESS = "in_progress", State("in_progress", tags={"in_hand"}), _("en cours")
    DELIVERED = "delivered", State("done", tags={"in_hand", "over"}), _("rendue")
    DECLINED = "declined", State("closed"), _("sans suite")


class PublicPolicy(models.TextChoices):
    AUTONOMY = "autonomy", _("autonomie, grand âge, handicap")
    CHILDHOOD = "childhood", _("enfance et famille")
    INCLUSION = "inclusion", _("insertion et action sociale")
    EDUCATION = "education", _("éducation et collèges")
    MOBILITY = "mobility", _("routes et mobilités")
    ENVIRONMENT = "environment", _("transition écologique, agriculture")
    HOUSING = "housing", _("habitat et logement")
    CULTURE = "culture", _("culture, sport, jeunesse")
    DIGITAL = "digital", _("numérique")
    CROSS_CUTTING = "cross_cutting", _("dialogue citoyen, transversal")


class MethodState(States):
    DRAFT = "draft", State("todo"), _("à relire")
    IN_USE = "in_use", State("done"), _("en usage")
    RETIRED = "retired", State("closed"), _("retirée")


class Effort(models.TextChoices):
    LIGHT = "light", _("léger")
    MEDIUM = "medium", _("moyen")
    HEAVY = "heavy", _("lourd")


class MethodSheet(RegisterRow):
    """Way to involve people, on one page: a public meeting, a mini-public, an exploratory walk."""

    state = state_field(MethodState, MethodState.DRAFT)
    name = models.CharField(_("titre"), max_length=160)
    purpose = models.CharField(_("à quoi elle sert"), max_length=300)
    method = models.TextField(_("déroulé"), max_length=4000)
    effort = models.CharField(_("effort"), max_length=8, choices=Effort)
    work_days = models.PositiveSmallIntegerField(_("travail, en jours"), null=True, blank=True)
    group_min = models.PositiveSmallIntegerField(_("groupe, au moins"))
    group_max = models.PositiveSmallIntegerField(_("groupe, au plus"))
    cost = models.DecimalField(_("coût indicatif, en euros"), max_digits=9, decimal_places=2)

    class Meta:
        verbose_name = _("fiche méthode")
        indexes = row_indexes("method_sheet")
        constraints = row_constraints(
            "method_sheet",
            MethodState,
            group_sizes=check(
                Q(group_min__gte=1, group_max__gte=F("group_min")),
                _("Le groupe va d’une taille à une autre, plus grande ou égale."),
                "group_max",
            ),
            cost_positive=check(Q(cost__gte=0), _("Le coût n’est pas négatif."), "cost"),
        )

    @property
    def group_label(self) -> str:
        """Return a label such as « 8 à 12 »."""
        return f"{self.group_min}" if self.group_min == self.group_max else f"{self.group_min} à {self.group_max}"


ADVISED_ONCE = unique(["row", "method"], _("Cette méthode est déjà conseillée."), "method")


class MethodLine(RegisterLine):
    """Method advised to whoever a row is about, and the reason; a subclass adds `row`."""

    CALLED = ("method",)
    method = key_to(MethodSheet, _("méthode"))
    why = models.CharField(_("pourquoi elle"), max_length=300)

    class Meta:
        abstract = True
        verbose_name = _("méthode conseillée")


class TrainingLine(RegisterLine):
    """Session; a subclass, `Training`, adds `row`. People are counted, never named: `attended` is empty before."""

    title = models.CharField(_("formation"), max_length=160)
    held_on = models.DateField(_("date"))
    hours = models.DecimalField(_("durée, en heures"), max_digits=4, decimal_places=1)
    place = models.CharField(_("lieu"), max_length=160)
    registered = models.PositiveSmallIntegerField(_("inscrits"), default=0)
    attended = models.PositiveSmallIntegerField(_("présents"), null=True, blank=True)
    answers = models.PositiveSmallIntegerField(_("réponses au questionnaire"), default=0)
    satisfaction = models.DecimalField(
        _("satisfaction, de 1 à 5"), max_digits=2, decimal_places=1, null=True, blank=True
    )

    class Meta:
        abstract = True
        verbose_name = _("session de formation")
        constraints = rules_of(
            "training",
            lasts=check(Q(hours__gt=0), _("Une session dure plus que zéro heure."), "hours"),
            attended_registered=check(
                Q(attended=None) | Q(attended__lte=F("registered")),
                _("Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents."),
                "attended",
            ),
            answers_attended=check(
                Q(answers=0) | Q(attended__isnull=False, answers__lte=F("attended")),
                _("Seules les personnes présentes répondent."),
                "answers",
            ),
            satisfaction_answered=check(
                Q(answers=0, satisfaction=None)
                | Q(answers__gte=1, satisfaction__isnull=False, satisfaction__range=(1, 5)),
                _("La satisfaction va de 1 à 5, et dit combien ont répondu."),
                "satisfaction",
            ),
        )


S = SupportState


class SupportRequest(RegisterRow):
    """Request of a directorate, or of an EPCI or one of its communes. `due_on`: when an answer is due.

    `answer_reason`, `withdrawn_on`, `delivered_at`, `rating` and `evaluation` are written by steps.
    """

    state = state_field(S, S.RECEIVED)
    name = models.CharField(_("objet"), max_length=160)
    received_on = models.DateField(_("reçue le"), default=timezone.localdate)
    directorate = optional_key(Directorate, _("direction"))
    epci = optional_key(Partner, _("intercommunalité"))
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    need = models.TextField(_("besoin"), max_length=3000)
    policy = models.CharField(_("politique ou thème"), max_length=16, choices=PublicPolicy)
    advice = models.TextField(_("conseil"), max_length=6000, blank=True)
    answer_reason = models.TextField(_("motif"), max_length=1000, blank=True, editable=False)
    withdrawn_on = models.DateField(_("retirée le"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("rendue le"), null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("note du demandeur, de 1 à 5"), null=True, editable=False)
    evaluation = models.TextField(_("évaluation"), max_length=2000, blank=True, editable=False)

    class Meta:
        verbose_name = _("demande d’appui")
        indexes = row_indexes("support_request")
        constraints = row_constraints(
            "support_request",
            S,
            one_requester=check(
                Q(directorate__isnull=False, epci=None, commune="") | Q(directorate=None, epci__isnull=False),
                _("Qui demande : une direction, ou une intercommunalité (et sa commune)."),
                "directorate",
            ),
            no_has_reason=check(
                ~Q(state=S.DECLINED) & Q(answer_reason="", withdrawn_on=None)
                | Q(state=S.DECLINED, withdrawn_on=None) & ~Q(answer_reason="")
                | Q(state=S.DECLINED, withdrawn_on__isnull=False, answer_reason="")
            ),
            in_hand_of=filled_in(
                S.tagged("in_hand"), "owner", _("Une demande en cours a quelqu’un qui la suit."), "owner"
            ),
            delivered_iff=filled_only_in(S.DELIVERED, "delivered_at"),
            rated=check(Q(rating=None) | Q(state=S.DELIVERED, rating__range=(1, 5))),
        )

    @property
    def requester(self) -> str:
        """Return « Direction de l’Autonomie », « Revel (CC …) » or « Toulouse Métropole »."""
        if self.directorate:
            return str(self.directorate)
        return f"{self.commune} ({self.epci})" if self.commune else str(self.epci)


class SupportMethod(MethodLine):
    """Method advised for a request."""

    row = key_to(SupportRequest, related_name="methods")

    class Meta(MethodLine.Meta):
        constraints = rules_of("support_method", once=ADVISED_ONCE)


class Training(TrainingLine):
    """Training that a request asks for."""

    row = key_to(SupportRequest, related_name="trainings")
