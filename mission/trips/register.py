"""Register of trips: its columns, forms, lines and due dates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.lists import Column, by_choice, column
from mission.people.models import PostState, TeamPost
from mission.registers.declaration import Due, Lines, Register, Section, by_canton, register
from mission.registers.forms import RegisterForm, RowLineForm
from mission.rooms.models import BookingState, ResourceKind
from mission.trips.models import Trip, TripState as S, TripTraveller
from mission.trips.queries import away_at, away_message, travellers_label, with_travellers
from mission.trips.workflow import STEPS

ORDER = ("name", "place", "starts_at", "ends_at", "means")  # what the signed order contains


class TripForm(RegisterForm):
    """Form of a trip; it may not overlap another trip of whoever goes."""

    def clean(self) -> dict[str, Any]:
        data, trip = super().clean(), self.instance
        if trip.pk and trip.state in S.tagged("planned") and data.get("starts_at") and data.get("ends_at"):
            posts = trip.travellers.values("post")
            if other := away_at(posts, data["starts_at"], data["ends_at"], but=trip):
                self.add_error("starts_at", away_message(other))
        return data


class TravellerForm(RowLineForm):
    """Form of a traveller: whoever is in the team, by name, and on no other trip then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post: Any = self.fields["post"]
        post.label_from_instance = lambda row: row.who

    def clean_post(self) -> TeamPost:
        post: TeamPost = self.cleaned_data["post"]
        if other := away_at([post], self.row.starts_at, self.row.ends_at, but=self.row):
            raise ValidationError(away_message(other), code="away")
        return post


TRIPS = register(
    Register(
        key="trips",
        slug="deplacements",
        model=Trip,
        prefix="DM",
        title=_("Déplacements"),
        new=_("Ajouter un déplacement"),
        noun_with_article=_("le déplacement"),
        counted=ngettext_lazy("%(n)s déplacement", "%(n)s déplacements", "n"),
        empty=_("Qui part, où, comment, et si l’ordre de mission est signé."),
        order=55,
        tab_of="people",
        sections=[
            Section(_("Le déplacement"), ["name", "place", "starts_at", "ends_at", "means", "booking"]),
            Section(_("Pour quoi"), ["sitting", "referral", "canton"]),
        ],
        helps={
            "place": _("Commune et lieu, comme l’ordre de mission les écrit."),
            "booking": _("Pour un véhicule de service réservé au registre des réservations."),
        },
        form=TripForm,
        limits={"booking": Q(resource__kind=ResourceKind.VEHICLE, state__in=BookingState.tagged("active"))},
        readonly_fields=lambda row: [] if row.state == S.DRAFT else ORDER,
        columns=[
            Column(_("Quand"), "span_label", "quand", ["starts_at"]),
            column(Trip, "place", "destination"),
            Column(_("Qui part"), travellers_label, "qui"),
            column(Trip, "means", "moyen", is_default=False),
            column(Trip, "canton", "canton", is_default=False),
            column(Trip, "ordered_on", "ordre", is_default=False),
        ],
        filters=[by_choice(Trip, "means", "moyen"), by_canton()],
        search=("name", "reference", "place"),
        default="-quand",
        rows=with_travellers,
        load=["booking__resource"],
        steps=STEPS,
        path=[S.DRAFT, S.ORDERED, S.DONE],
        sentence=lambda row: f"{row.get_state_display().capitalize()}\u00a0: {row.span_label}",
        lines=[
            Lines("voyageurs", TripTraveller, _("Qui part"), _("Ajouter une personne")).asking(
                ["post"],
                columns=[Column(_("Personne"), "post.who"), Column(_("Poste"), "post.name")],
                load=["post__holder__person"],
                form=TravellerForm,
                in_file={"post": "post.who"},
                limits={"post": Q(state=PostState.ACTIVE)},
                distinct="post",
                editable_states=[S.DRAFT],
                closed=_("L’ordre est signé : reprenez-le pour changer les personnes qui partent."),
            )
        ],
        dues=[
            Due("starts_at__date", _("Faire signer l’ordre de mission : %(name)s"), 7, Q(state=S.DRAFT)),
            Due("ends_at__date", _("Noter le retour : %(name)s"), 0, Q(state=S.ORDERED)),
        ],
        identity=("name", "starts_at"),
    )
)
