"""Registers of resources and of bookings: columns, forms, filters and due dates; widgets of their pages."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.institution.menu import MenuHeading
from assembly.lists import Column, Filter, by_choice, column
from assembly.web.widgets import Widget, add_widget
from assembly.workflow import make_guard
from mission.registers.declaration import Due, Register, Section, register
from mission.rooms.models import Booking, BookingState as S, Resource, ResourceKind, ResourceState
from mission.rooms.queries import held_bookings
from mission.rooms.workflow import BOOKING_STEPS, RESOURCE_STEPS

RESOURCES = register(
    Register(
        key="resources",
        slug="salles-et-materiel",
        model=Resource,
        prefix="SM",
        title=_("Salles et matériel"),
        new=_("Ajouter une salle ou du matériel"),
        noun_with_article=_("la salle ou le matériel"),
        counted=ngettext_lazy("%(n)s salle ou matériel", "%(n)s salles et matériels", "n"),
        empty=_("Ce qui se réserve : salles, sonorisation, isoloirs, véhicules."),
        heading=MenuHeading.SITTINGS,
        order=51,
        tab_of="bookings",
        sections=[
            Section(_("Ce qui se réserve"), ["name", "kind", "place", "capacity", "is_accessible"]),
            Section(_("Suivi"), ["keeper", "owner", "notes"]),
        ],
        helps={"keeper": _("Le service, son numéro ou son courriel ; pas le nom d’une personne.")},
        columns=[
            column(Resource, "kind", "type"),
            column(Resource, "place", "lieu"),
            column(Resource, "capacity", "places"),
            column(Resource, "is_accessible", "fauteuil"),
        ],
        filters=[by_choice(Resource, "kind", "type")],
        search=("name", "place", "reference"),
        steps=RESOURCE_STEPS,
        path=[ResourceState.IN_SERVICE, ResourceState.WITHDRAWN],
        identity=("name", "place"),
    )
)

NOTHING_AHEAD = make_guard(
    lambda resource: not resource.bookings.filter(state__in=S.tagged("active"), ends_at__gt=timezone.now()).exists(),
    _("Des réservations sont à venir : déplacez-les d’abord."),
    "bookings",
)
RESOURCES.workflow.add_guard("withdraw", NOTHING_AHEAD)

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
        heading=MenuHeading.SITTINGS,
        order=50,
        sections=[Section(_("La réservation"), ["name", *MOMENT])],
        limits={"resource": Q(state=ResourceState.IN_SERVICE)},
        readonly_fields=lambda row: MOMENT,  # only « Déplacer » changes them, after which the keeper is informed again
        helps={"name": _("À quoi cela sert. La séance se lie ensuite, sous « Fichiers et liens ».")},
        columns=[
            Column(_("Quand"), "span_label", "quand", ["starts_at"]),
            column(Booking, "resource", "salle", order=["resource__name__alphabetical"]),
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
        steps=BOOKING_STEPS,
        path=[S.TO_CONFIRM, S.CONFIRMED],
        sentence=lambda row: f"{row.get_state_display().capitalize()}\u00a0: {row.span_label}",
        dues=[Due("starts_at__date", _("Confirmer la réservation\u00a0: %(name)s"), 14, Q(state=S.TO_CONFIRM))],
        identity=("name", "starts_at"),
        own_widgets=["sitting"],
    )
)


SHOWN = 10


def resource_widget(user: Any, subject: Resource) -> Widget:
    bookings = list(held_bookings(user).filter(resource=subject, ends_at__gt=timezone.now())[: SHOWN + 1])
    context = {"resource": subject, "bookings": bookings[:SHOWN], "has_more": len(bookings) > SHOWN}
    return Widget("mission/rooms/_resource_bookings.html", context)


def booking_widget(user: Any, subject: Booking) -> Widget:
    return Widget("mission/rooms/_booking_sheet.html", {"booking": subject})


add_widget("register-resources", resource_widget)
add_widget("register-bookings", booking_widget)
