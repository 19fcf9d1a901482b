"""Who asks the mission for help with a participation, what is advised, what is taught."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Directorate
from mission.methods.models import MethodSheet
from mission.partners.models import Partner
from mission.registers.models import RegisterLine, RegisterRow, row_constraints, row_indexes, state_field
from mission.support.enums import PublicPolicy, SupportState

S = SupportState
ANSWERED_NO = [S.REDIRECTED, S.DECLINED]
IN_HAND = [S.ASSIGNED, S.IN_PROGRESS, S.DELIVERED, S.EVALUATED, S.CLOSED]
EVALUATED = [S.EVALUATED, S.CLOSED]
DELIVERED = [S.DELIVERED, *EVALUATED]


class SupportRequest(RegisterRow):
    """Of a directorate, or of an EPCI or one of its communes. `due_on`: until when an answer is waited for.

    `answer_reason`, `delivered_at`, `rating` and `evaluation` are written by steps.
    """

    SHAPES = {
        S.RECEIVED: "todo",
        S.QUALIFIED: "todo",
        S.ACCEPTED: "wait",
        S.REDIRECTED: "part",
        S.DECLINED: "no",
        S.DELIVERED: "wait",
        S.EVALUATED: "done",
        S.CLOSED: "shut",
    }
    OVER = frozenset({*ANSWERED_NO, *DELIVERED})

    state = state_field(S, S.RECEIVED)
    received_on = models.DateField(_("reçue le"), default=timezone.localdate)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("direction")
    )
    epci = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("intercommunalité")
    )
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    need = models.TextField(_("besoin"), max_length=3000)
    policy = models.CharField(_("politique ou thème"), max_length=16, choices=PublicPolicy)
    advice = models.TextField(_("conseil"), max_length=6000, blank=True)
    answer_reason = models.TextField(_("motif"), max_length=1000, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("rendue le"), null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("note du demandeur, de 1 à 5"), null=True, editable=False)
    evaluation = models.TextField(_("évaluation"), max_length=2000, blank=True, editable=False)

    class Meta:
        verbose_name = _("demande d’appui")
        indexes = row_indexes("support_request")
        constraints = [
            *row_constraints("support_request", S),
            models.CheckConstraint(
                name="support_request_one_requester",
                condition=Q(directorate__isnull=False, epci=None, commune="")
                | Q(directorate=None, epci__isnull=False),
                violation_error_message=_("Qui demande : une direction, ou une intercommunalité (et sa commune)."),
            ),
            models.CheckConstraint(
                name="support_request_no_has_reason",
                condition=(Q(state__in=ANSWERED_NO) & ~Q(answer_reason=""))
                | (~Q(state__in=ANSWERED_NO) & Q(answer_reason="")),
            ),
            models.CheckConstraint(
                name="support_request_in_hand_of",
                condition=~Q(state__in=IN_HAND) | Q(owner__isnull=False),
                violation_error_code="owner",
                violation_error_message=_("Une demande confiée a quelqu’un qui la suit."),
            ),
            models.CheckConstraint(
                name="support_request_delivered_iff",
                condition=Q(state__in=DELIVERED, delivered_at__isnull=False)
                | (~Q(state__in=DELIVERED) & Q(delivered_at=None)),
            ),
            models.CheckConstraint(
                name="support_request_rated",
                condition=Q(state__in=EVALUATED, rating__isnull=False, rating__range=(1, 5))
                | (~Q(state__in=EVALUATED) & Q(rating=None)),
            ),
        ]

    @property
    def requester(self) -> str:
        """« Direction de l’Autonomie », « Revel (CC …) », « Toulouse Métropole »."""
        if self.directorate:
            return str(self.directorate)
        return f"{self.commune} ({self.epci})" if self.commune else str(self.epci)

    @property
    def is_delivered(self) -> bool:
        return self.delivered_at is not None


class SupportMethod(RegisterLine):
    """A method that is advised, and why that one."""

    row = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="methods")
    method = models.ForeignKey(MethodSheet, on_delete=models.PROTECT, related_name="+", verbose_name=_("méthode"))
    why = models.CharField(_("pourquoi elle"), max_length=300)

    class Meta:
        verbose_name = _("méthode conseillée")
        constraints = [
            models.UniqueConstraint(
                fields=["row", "method"],
                name="support_method_once",
                violation_error_message=_("Cette méthode est déjà conseillée."),
            )
        ]

    def __str__(self) -> str:
        return str(self.method)


class Training(RegisterLine):
    """One session. People are counted, never named; `attended` is empty until it is held."""

    row = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="trainings")
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
        verbose_name = _("session de formation")
        constraints = [
            models.CheckConstraint(
                name="training_lasts",
                condition=Q(hours__gt=0),
                violation_error_message=_("Une session dure plus que zéro heure."),
            ),
            models.CheckConstraint(
                name="training_attended_registered",
                condition=Q(attended=None) | Q(attended__lte=F("registered")),
                violation_error_message=_("Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents."),
            ),
            models.CheckConstraint(
                name="training_answers_attended",
                condition=Q(answers=0) | Q(attended__isnull=False, answers__lte=F("attended")),
                violation_error_message=_("Seules les personnes présentes répondent."),
            ),
            models.CheckConstraint(
                name="training_satisfaction_answered",
                condition=Q(answers=0, satisfaction=None)
                | Q(answers__gte=1, satisfaction__isnull=False, satisfaction__range=(1, 5)),
                violation_error_message=_("La satisfaction va de 1 à 5, et dit combien ont répondu."),
            ),
        ]
