"""A resource is held by one booking at a time; the second who asks is told who has it and when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from assembly.imports.actions import confirm
from assembly.imports.models import ImportBatch
from assembly.institution.todo import todo_for
from mission.registers import actions
from mission.registers.contributions import value_at
from mission.registers.declaration import registers
from mission.rooms.models import Booking
from mission.rooms.workflow import move_booking
from tests.factories.mission import BookingFactory, ResourceFactory

NEW = "/bureau/mission/reservations/nouveau/"
NINE, NOON, EVENING = (datetime(2026, 12, 12, hour, tzinfo=UTC) for hour in (8, 11, 16))  # 9 h, 12 h, 17 h in Toulouse


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["lead"]))


@pytest.fixture
def held(people):
    """Book Salle Garonne on 12 December from nine to five, as the officer."""
    room = ResourceFactory(assembly=people.assembly, name="Salle Garonne")
    return BookingFactory(
        assembly=people.assembly,
        resource=room,
        owner=people["officer"],
        name="Plénière",
        reference="RS-2026-07",
    )


def typed(room, start="2026-12-12T10:00", end="2026-12-12T11:00"):
    return {"name": "Atelier", "resource": room.pk, "starts_at": start, "ends_at": end}


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_second_is_told_who_has_it_and_when(desk, held, people):
    answer = desk.post(NEW, typed(held.resource))
    assert answer.status_code == 422
    who = people["officer"].get_full_name()
    when = "samedi 12 décembre 2026, de 9 h à 17 h"
    words = f"Déjà réservé : Salle Garonne, {when}, par {who} pour « Plénière » (RS-2026-07)."
    assert text_of(answer).count(words) == 1
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2026-12-12T17:00", "2026-12-12T18:00", 302),  # it begins when the other ends
        ("2026-12-12T07:00", "2026-12-12T09:00", 302),
        ("2026-12-12T16:59", "2026-12-12T18:00", 422),
        ("2026-12-11T09:00", "2026-12-14T18:00", 422),  # around it
        ("2026-12-12T09:00", "2026-12-12T17:00", 422),
        ("2026-12-12T19:00", "2026-12-12T18:00", 422),  # ends before it begins
        ("2026-12-12T11:00", "2026-12-12T10:00", 422),
        ("2026-12-12T18:00", "2026-12-12T18:00", 422),
        ("2099-12-31T18:00", "2099-12-31T23:59", 302),
        ("9999-12-31T18:00", "9999-12-31T23:59", 422),
        ("0001-01-01T00:00", "0001-01-01T01:00", 422),
        ("", "2026-12-12T18:00", 422),
        ("demain", "hier", 422),
        ("demain", "\x00", 400),
    ],
)
def test_edges(desk, held, start, end, status):
    assert desk.post(NEW, typed(held.resource, start, end)).status_code == status


def test_a_cancelled_booking_and_another_room_hold_nothing(desk, held, people):
    other = ResourceFactory(assembly=people.assembly)
    assert desk.post(NEW, typed(other)).status_code == 302
    registers["bookings"].workflow.transition(held, "cancel", by=people["officer"], reason="Reportée.")
    assert desk.post(NEW, typed(held.resource)).status_code == 302


def test_past_the_form_the_database_refuses(held):
    twin = {"resource": held.resource, "assembly": held.assembly, "created_by": held.created_by}
    late = [Booking(**twin, changed_by=held.created_by, reference="X", name="X", starts_at=NINE, ends_at=NOON)]
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        Booking.objects.bulk_create(late)
    free = BookingFactory(assembly=held.assembly, starts_at=NINE, ends_at=NOON)
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        Booking.objects.filter(pk=free.pk).update(resource=held.resource)
    with pytest.raises(IntegrityError, match="booking_ends_after_start"), transaction.atomic():
        Booking.objects.filter(pk=free.pk).update(ends_at=NINE)
    with pytest.raises(IntegrityError, match="booking_confirmed_keeper_informed"), transaction.atomic():
        Booking.objects.filter(pk=free.pk).update(state="confirmed", keeper_informed_on=None)


def test_past_the_form_the_action_says_the_same_sentence(held, people):
    values = {"name": "X", "resource": held.resource, "starts_at": NINE, "ends_at": NOON}
    with pytest.raises(ValidationError, match="Déjà réservé.*Salle Garonne.*RS-2026-07"):
        actions.create(registers["bookings"], people.term, by=people["lead"], values=values)


def test_a_move_is_to_be_confirmed_again(desk, held, people):
    registers["bookings"].workflow.transition(held, "confirm", by=people["officer"])
    assert (held.state, held.keeper_informed_on is None) == ("confirmed", False)
    free = ResourceFactory(assembly=people.assembly)
    data = {"resource": free.pk, "starts_at": "2026-12-13T09:00", "ends_at": "2026-12-13T17:00"}
    page = reverse("mission:bookings-step", args=[held.pk, "deplacer"])
    assert desk.get(page).status_code == 200
    assert desk.post(page, data).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.keeper_informed_on, held.resource) == ("to_confirm", None, free)
    assert held.starts_at == datetime(2026, 12, 13, 8, tzinfo=UTC)


def test_a_move_onto_another_is_told_who_has_it(desk, held, people):
    mine = BookingFactory(assembly=people.assembly)
    page = reverse("mission:bookings-step", args=[mine.pk, "deplacer"])
    answer = desk.post(page, typed(held.resource))
    assert answer.status_code == 422
    assert "par " + people["officer"].get_full_name() in text_of(answer)
    mine.refresh_from_db()
    assert mine.resource != held.resource
    # Within its own hours a booking meets only itself.
    move_booking(mine, resource=mine.resource, starts_at=NOON, ends_at=EVENING, by=people["lead"])


CENTURY = "Écrivez une année entre 2000 et 2099."


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "told"),
    [
        ("2026-12-13T09:00", "2026-12-13T08:00", {"ends_at": ["La fin vient après le début."]}),
        ("0026-12-13T08:00", "0026-12-13T09:00", dict.fromkeys(["starts_at", "ends_at"], [CENTURY])),
    ],
)
def test_a_move_says_at_its_field_what_it_refuses(desk, held, starts_at, ends_at, told):
    page = reverse("mission:bookings-step", args=[held.pk, "deplacer"])
    answer = desk.post(page, {"resource": held.resource_id, "starts_at": starts_at, "ends_at": ends_at})
    assert (answer.status_code, answer.context["form"].errors) == (422, told)


def test_an_edit_moves_nothing(desk, held):
    page = reverse("mission:bookings-edit", args=[held.pk])
    answer = desk.post(page, {**typed(ResourceFactory(assembly=held.assembly)), "version": 1})
    assert answer.status_code == 302
    held.refresh_from_db()
    assert (held.name, held.starts_at, held.resource.name) == ("Atelier", NINE, "Salle Garonne")


def test_what_is_out_of_service_or_elsewhere_is_not_booked(desk, people):
    for room in (ResourceFactory(assembly=people.assembly, state="withdrawn"), ResourceFactory(assembly__second=True)):
        assert desk.post(NEW, typed(room)).status_code == 422


def test_a_room_with_bookings_ahead_stays_in_service(held, people):
    workflow = registers["resources"].workflow
    BookingFactory(
        assembly=people.assembly, resource=held.resource, starts_at=EVENING, ends_at=EVENING.replace(year=2099)
    )
    with pytest.raises(ValidationError, match="à venir"):
        workflow.transition(held.resource, "withdraw", by=people["lead"], reason="Travaux.")


def test_an_unconfirmed_booking_is_told_before_its_day(people):
    def lines():
        return [
            line.title
            for line in todo_for(people["lead"], "desk", people.term).lines
            if "réservation" in str(line.title)
        ]

    soon = datetime.now(UTC) + timedelta(days=5)
    booking = BookingFactory(
        assembly=people.assembly, name="Atelier", starts_at=soon, ends_at=soon + timedelta(hours=2)
    )
    BookingFactory(assembly=people.assembly, starts_at=soon + timedelta(days=30), ends_at=soon + timedelta(days=31))
    assert lines() == ["Confirmer la réservation : Atelier"]
    registers["bookings"].workflow.transition(booking, "confirm", by=people["officer"])
    assert lines() == []


def test_the_sheet_of_the_keeper_has_the_day_of_the_place(desk, held, people):
    screen = ResourceFactory(assembly=people.assembly, name="Écran", kind="equipment")
    BookingFactory(assembly=people.assembly, resource=screen, name="Projection")
    BookingFactory(assembly=people.assembly, state="cancelled", name="Abandonnée")
    BookingFactory(
        assembly=people.assembly, resource=ResourceFactory(assembly=people.assembly, place="Muret"), name="Ailleurs"
    )
    BookingFactory(assembly__second=True, name="Chez d’autres")
    page = reverse("mission:keeper-sheet", args=[held.resource.pk])
    words = text_of(desk.get(page, {"jour": "2026-12-12"}))
    assert "samedi 12 décembre 2026" in words
    assert all(told in words for told in ("Plénière", "Projection", "de 9 h à 17 h", "Écran"))
    assert not any(told in words for told in ("Abandonnée", "Ailleurs", "Chez d’autres"))
    for odd in ("", "demain", "0001-01-01", "9999-12-31", "2026-12-13"):
        answer = desk.get(page, {"jour": odd})
        assert (answer.status_code, "Plénière" in text_of(answer)) == (200, False)


@pytest.mark.parametrize("days", ["jour", "semaine", "mois", "avenir", "passees", "x"])
def test_the_list_by_days(desk, people, days, django_assert_max_num_queries):
    now = datetime.now(UTC)
    for name, ahead in (("Hier", -3), ("Maintenant", 0), ("Bientôt", 4), ("Dans trois semaines", 21), ("Loin", 90)):
        start = now + timedelta(days=ahead)
        BookingFactory(assembly=people.assembly, name=name, starts_at=start, ends_at=start + timedelta(minutes=1))
    words = text_of(desk.get("/bureau/mission/reservations/", {"jours": days}))
    found = {name for name in ("Hier", "Maintenant", "Bientôt", "Dans trois semaines", "Loin") if f">{name}<" in words}
    assert (
        found
        == {
            "jour": {"Maintenant"},
            "semaine": {"Maintenant", "Bientôt"},
            "mois": {"Maintenant", "Bientôt", "Dans trois semaines"},
            "avenir": {"Maintenant", "Bientôt", "Dans trois semaines", "Loin"},
            "passees": {"Hier"},
            "x": {
                "Hier",
                "Maintenant",
                "Bientôt",
                "Dans trois semaines",
                "Loin",
            },  # what is not understood filters nothing
        }[days]
    )


def test_the_search_of_the_house_finds_a_booking_by_its_room(held):
    assert value_at(held, "resource__name") == "Salle Garonne"
    assert value_at(held, "owner__person__email") in (held.owner.person.email, "")
    held.owner = None
    assert value_at(held, "owner__person__email") == ""


LIST = "/bureau/mission/reservations/"


def previewed(desk, text):
    file = SimpleUploadedFile("reservations.csv", text.encode(), "text/csv")
    assert desk.post(f"{LIST}importer/", {"file": file}).status_code == 302
    return ImportBatch.objects.latest("pk")


def counted(batch):
    return {name: number for name, number in batch.counters.items() if number and name != "notes"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_went_out_comes_in_again_without_a_change(desk, held, people, kind):
    registers["bookings"].workflow.transition(held, "confirm", by=people["officer"])
    gone = ResourceFactory(assembly=people.assembly, name="Salle d’avant")
    past = {"starts_at": datetime(2026, 1, 5, 8, 30, tzinfo=UTC), "ends_at": datetime(2026, 1, 6, 9, 45, tzinfo=UTC)}
    BookingFactory(assembly=people.assembly, resource=gone, **past)
    registers["resources"].workflow.transition(gone, "withdraw", by=people["officer"], reason="Travaux.")
    BookingFactory(assembly=people.assembly, resource=held.resource, state="cancelled", name="=1+1")
    left = desk.get(f"{LIST}export/", {"format": kind} if kind == "xlsx" else {}).content
    for text in (left, left.replace(b"RS-2026-07", b"")) if kind == "csv" else (left,):
        file = SimpleUploadedFile(f"reservations.{kind}", text)
        assert desk.post(f"{LIST}importer/", {"file": file}).status_code == 302
        batch = ImportBatch.objects.latest("pk")
        assert (batch.errors, counted(batch)) == ([], {"same": 3})


def test_a_file_fills_an_empty_register_from_what_another_let_out(desk, held, people):
    left = desk.get(f"{LIST}export/").content.decode().removeprefix("\ufeff").replace("RS-2026-07", "")
    Booking.objects.all().delete()
    batch = previewed(desk, left)
    assert (batch.errors, counted(batch)) == ([], {"create": 1})
    confirm(batch, by=people["lead"])
    row = Booking.objects.get()
    assert (row.name, row.resource, row.starts_at, row.ends_at) == ("Plénière", held.resource, NINE, EVENING)
    assert row.owner == people["officer"]


def test_a_file_tells_each_line_who_has_it(desk, held, people):
    screen = ResourceFactory(assembly=people.assembly, name="Écran")
    text = (
        "Objet;Salle ou matériel;Début;Fin\n"
        f"Atelier;{held.resource};12/12/2026 10:00;12/12/2026 11:00\n"
        f"Projection;{screen};2026-12-12 09:00;2026-12-12 12:00\n"
        f"Débat;{screen};2026-12-12 11:00;2026-12-12 13:00\n"  # over the line above
        "Réunion;Salle inconnue;2026-12-12 09:00;2026-12-12 12:00\n"
    )
    batch = previewed(desk, text)
    told = [(error["line"], error["column"], error["message"].replace("\u00a0", " ")) for error in batch.errors]
    who = people["officer"].get_full_name()
    assert told[0][0] == 2
    assert f"par {who} pour « Plénière » (RS-2026-07)" in told[0][2]
    assert [line for line, _column, _words in told] == [2, 5]
    counts = confirm(batch, by=people["lead"])
    batch.refresh_from_db()
    assert (counts["create"], counts["refused"], counts["late"]) == (1, 2, 1)
    assert Booking.objects.filter(resource=screen).count() == 1
    late = next(error for error in batch.errors if error["line"] == 4)
    assert "pour « Projection »" in late["message"].replace("\u00a0", " ")
