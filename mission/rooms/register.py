"""Register of bookings: its columns, form, filters and due dates."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assembly.lists import Column, Filter, column
from mission.registers.declaration import Due, Register, Section, register
from mission.resources.enums import ResourceKind, ResourceState
from mission.rooms.enums import BookingState as S
from mission.rooms.models import Booking
from mission.rooms.workflow import STEPS

MOMENT = ("resource", "starts_at", "ends_at")


DAYS = [
    ("jour", _("Aujourd’hui")),
    ("semaine", _("Sept jours")),
    ("mois", _("Trente jours")),
    ("avenir", _("À venir")),
    ("passees", _("Passées")),
]
AHEAD = {"jour": 0, "semaine": 6, "mois": 30}  # how many days after today


def within_days(value: str) -> Q:
    today = timezone.localdate()
    if value == "passees":
        return Q(ends_at__date__lt=today)
    until = Q(starts_at__date__lte=today + timedelta(days=AHEAD[value])) if value in AHEAD else Q()
    return Q(ends_at__date__gte=today) & until


BOOKINGS = register(
    Register(
        key="bookings",
        slug="reservations",
        model=Booking,
        prefix="RS",
        title=_("Réservations"),
        new=_("Réserver"),
        noun_with_article=_("la réservation"),
        counted=ngettext_lazy("%(n)s réservation", "%(n)s réservations", "n"),
        empty=_("Salles et matériel réservés, pour quoi, et si le gardien est prévenu."),
        icon="calendar-event",
        order=50,
        sections=[Section(_("La réservation"), ["name", *MOMENT])],
        limits={"resource": Q(state=ResourceState.IN_SERVICE)},
        readonly_fields=lambda row: MOMENT,  # only « Déplacer » changes them, after which the keeper is informed again
        helps={"name": _("À quoi cela sert. La séance se lie ensuite, sous « Fichiers et liens ».")},
        columns=[
            Column(_("Quand"), "span_label", "quand", ["starts_at"]),
            Column(_("Salle ou matériel"), lambda row: str(row.resource), "salle", ["resource__name__alphabetical"]),
            Column(_("Lieu"), "resource.place", "lieu", ["resource__place__alphabetical"], is_default=False),
            column(Booking, "starts_at", "debut", is_default=False),
            column(Booking, "ends_at", "fin", is_default=False),
            column(Booking, "keeper_informed_on", "gardien", is_default=False),
        ],
        filters=[
            Filter("jours", _("Jours"), choices=DAYS, every=_("Tous les jours"), where=within_days),
            Filter("type", _("Type"), "resource__kind", ResourceKind),
        ],
        search=("name", "reference", "resource__name", "resource__place"),
        default="-quand",
        steps=STEPS,
        path=[S.TO_CONFIRM, S.CONFIRMED],
        sentence=lambda row: f"{row.get_state_display().capitalize()}\u00a0: {row.span_label}",
        dues=[Due("starts_at__date", _("Confirmer la réservation\u00a0: %(name)s"), 14, Q(state=S.TO_CONFIRM))],
        identity=("name", "starts_at"),
    )
)
