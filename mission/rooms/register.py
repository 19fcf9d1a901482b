"""Bookings: what their register shows, asks and reminds of."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mission.registers.columns import column
from mission.registers.declaration import Due, Filter, Register, RegisterColumn, Section, register
from mission.registers.forms import RegisterForm
from mission.resources.enums import ResourceKind, ResourceState
from mission.rooms.enums import BookingState as S
from mission.rooms.models import Booking
from mission.rooms.workflow import MOVES

MOMENT = ("resource", "starts_at", "ends_at")


class BookingForm(RegisterForm):
    """Where and when are chosen once; afterwards the step « Déplacer » changes them, and the keeper is told again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MOMENT:
            self.fields[name].disabled = bool(self.instance.pk)
        if not self.instance.pk:
            choice: Any = self.fields["resource"]
            choice.queryset = choice.queryset.filter(state=ResourceState.IN_SERVICE)

    def values(self) -> dict[str, Any]:
        kept = MOMENT if self.instance.pk else ()
        return {name: value for name, value in super().values().items() if name not in kept}


def within_days(value: str) -> Q:
    """Bookings of these days; of a word that is none of the choices, none."""
    today = timezone.localdate()
    days = {"avenir": Q(ends_at__date__gte=today), "passees": Q(ends_at__date__lt=today)}
    spans = {"jour": 0, "semaine": 6, "mois": 30}
    days |= {
        name: Q(starts_at__date__lte=today + timedelta(days=span), ends_at__date__gte=today)
        for name, span in spans.items()
    }
    return days.get(value, Q(pk=None))


DAYS = [
    ("jour", _("Aujourd’hui")),
    ("semaine", _("Sept jours")),
    ("mois", _("Trente jours")),
    ("avenir", _("À venir")),
    ("passees", _("Passées")),
]

BOOKINGS = register(
    Register(
        key="bookings",
        slug="reservations",
        model=Booking,
        noun="booking",
        prefix="RS",
        title=_("Réservations"),
        new=_("Réserver"),
        count=lambda n: ngettext("%(n)s réservation", "%(n)s réservations", n) % {"n": n},
        empty=_("Salles et matériel réservés, pour quoi, et si le gardien est prévenu."),
        icon="calendar-event",
        order=50,
        sections=[
            Section(_("La réservation"), ["name", *MOMENT]),
            Section(_("Suivi"), ["owner", "notes"]),
        ],
        form=BookingForm,
        helps={"name": _("À quoi cela sert. La séance se lie ensuite, sous « Fichiers et liens ».")},
        columns=[
            RegisterColumn(_("Quand"), "span_words", "quand", ["starts_at"]),
            RegisterColumn(
                _("Salle ou matériel"), lambda row: str(row.resource), "salle", ["resource__name__alphabetical"]
            ),
            RegisterColumn(_("Lieu"), "resource.place", "lieu", ["resource__place__alphabetical"], is_shown=False),
            column(Booking, "starts_at", "debut", is_shown=False),
            column(Booking, "ends_at", "fin", is_shown=False),
            column(Booking, "keeper_told_on", "gardien", is_shown=False),
        ],
        filters=[
            Filter("jours", _("Jours"), choices=DAYS, every=_("Tous les jours"), where=within_days),
            Filter("type", _("Type"), "resource__kind", ResourceKind),
        ],
        search=("name", "reference", "resource__name", "resource__place"),
        default="-quand",
        moves=MOVES,
        path=[S.TO_CONFIRM, S.CONFIRMED],
        sentence=lambda row: f"{row.get_state_display().capitalize()}\u00a0: {row.span_words}",
        dues=[
            Due(
                "starts_at__date",
                lambda found: gettext("Confirmer la réservation %(name)s") % found,
                ahead=14,
                when=Q(state=S.TO_CONFIRM),
            ),
        ],
        identity=("name", "starts_at"),
    )
)
