"""Trips: what their register shows, asks and reminds of."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.ui.lists import Column
from mission.people.enums import PostState
from mission.registers.columns import by_canton, by_choice, column
from mission.registers.declaration import Due, Lines, Register, RegisterColumn, Section, register
from mission.registers.forms import RegisterForm, RowLineForm
from mission.resources.enums import ResourceKind
from mission.rooms.enums import HOLDING
from mission.trips.enums import TripState as S
from mission.trips.models import Trip, TripTraveller
from mission.trips.queries import who_words, with_travellers
from mission.trips.workflow import MOVES, remove_traveller, write_traveller

ORDER = ("name", "place", "starts_at", "ends_at", "means")  # what the signed order says


class TripForm(RegisterForm):
    """What a signed order says changes by taking the order back; a vehicle is one that is booked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ORDER:
            self.fields[name].disabled = self.is_signed
        booking: Any = self.fields["booking"]
        held = Q(resource__kind=ResourceKind.VEHICLE, state__in=HOLDING)
        booking.queryset = booking.queryset.filter(held | Q(pk=self.instance.booking_id))

    @property
    def is_signed(self) -> bool:
        return self.instance.pk is not None and self.instance.state != S.DRAFT

    def values(self) -> dict[str, Any]:
        kept = ORDER if self.is_signed else ()
        return {name: value for name, value in super().values().items() if name not in kept}


class TravellerForm(RowLineForm):
    """Whoever is in the team, once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post: Any = self.fields["post"]
        others = self.row.travellers.exclude(pk=self.instance.pk).values("post")
        offered = Q(state=PostState.ACTIVE) | Q(pk=self.instance.post_id)
        post.queryset = post.queryset.filter(offered).exclude(pk__in=others)
        post.label_from_instance = lambda found: found.who


TRIPS = register(
    Register(
        key="trips",
        slug="deplacements",
        model=Trip,
        noun="trip",
        prefix="DM",
        title=_("Déplacements"),
        new=_("Ajouter un déplacement"),
        count=lambda n: ngettext("%(n)s déplacement", "%(n)s déplacements", n) % {"n": n},
        empty=_("Qui part, où, comment, et si l’ordre de mission est signé."),
        icon="geo-alt",
        order=55,
        sections=[
            Section(_("Le déplacement"), ["name", "place", "starts_at", "ends_at", "means", "booking"]),
            Section(_("Pour quoi"), ["sitting", "referral", "canton"]),
            Section(_("Suivi"), ["owner", "notes"]),
        ],
        helps={
            "place": _("Commune et lieu, comme l’ordre de mission les écrit."),
            "booking": _("Pour un véhicule de service réservé au registre des réservations."),
        },
        form=TripForm,
        columns=[
            RegisterColumn(_("Quand"), "span_words", "quand", ["starts_at"]),
            column(Trip, "place", "destination"),
            RegisterColumn(_("Qui part"), who_words, "qui"),
            column(Trip, "means", "moyen", is_shown=False),
            column(Trip, "canton", "canton", is_shown=False),
            column(Trip, "ordered_on", "ordre", is_shown=False),
        ],
        filters=[by_choice(Trip, "means", "moyen"), by_canton()],
        search=("name", "reference", "place"),
        default="-quand",
        rows=with_travellers,
        load=["booking__resource"],
        moves=MOVES,
        path=[S.DRAFT, S.ORDERED, S.DONE],
        sentence=lambda row: f"{row.get_state_display().capitalize()}\u00a0: {row.span_words}",
        lines=[
            Lines(
                key="voyageurs",
                model=TripTraveller,
                title=_("Qui part"),
                add=_("Ajouter une personne"),
                fields=["post"],
                columns=[Column(_("Personne"), "post.who"), Column(_("Poste"), "post.name")],
                load=["post__holder__person"],
                form=TravellerForm,
                write=write_traveller,
                remove=remove_traveller,
            )
        ],
        dues=[
            Due(
                path="starts_at__date",
                words=lambda found: gettext("Faire signer l’ordre de mission : %(name)s") % found,
                ahead=7,
                when=Q(state=S.DRAFT),
            ),
            Due(
                path="ends_at__date",
                words=lambda found: gettext("Noter le retour : %(name)s") % found,
                ahead=0,
                when=Q(state=S.ORDERED),
            ),
        ],
        identity=("name", "starts_at"),
    )
)
