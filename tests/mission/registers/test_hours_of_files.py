"""Files of bookings, trips and amounts: hours and sums enter as they are written, or the line is refused."""

import io
import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assembly.imports.actions import confirm
from assembly.imports.models import ImportBatch
from mission.contracts.models import Contract
from mission.rooms.models import Booking
from mission.trips.models import Trip
from tests.factories.mission import BookingFactory, PartnerFactory, ResourceFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
DAY = datetime(2026, 12, 5)  # noqa: DTZ001 -- cells have no zone
BOOKINGS, TRIPS = "/bureau/mission/reservations/", "/bureau/mission/deplacements/"
CONTRACTS = "/bureau/mission/contrats/"


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("liste.xlsx", out.getvalue())


def text_file(text):
    return SimpleUploadedFile("liste.csv", text.encode(), "text/csv")


def previewed(desk, address, file):
    answer = desk.post(f"{address}importer/", {"file": file}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " "))
    return batch, page


def test_a_booking_keeps_its_hours(desk, people):
    ResourceFactory(name="Salle Pyrène", assembly=people.assembly)
    header = ("Objet", "Salle ou matériel", "Début", "Fin")
    hours = (DAY.replace(hour=14, minute=30), DAY.replace(hour=17))
    batch, page = previewed(
        desk, BOOKINGS, workbook(header, ("Plénière", "Salle Pyrène, Hôtel du département", *hours))
    )
    assert batch.errors == []
    assert "Début : samedi 5 décembre 2026 à 14 h 30" in page
    assert "Fin : samedi 5 décembre 2026 à 17 h" in page
    confirm(batch, by=people["officer"])
    booking = Booking.objects.get()
    assert (booking.starts_at.astimezone(PARIS), booking.ends_at.astimezone(PARIS)) == (
        datetime(2026, 12, 5, 14, 30, tzinfo=PARIS),
        datetime(2026, 12, 5, 17, 0, tzinfo=PARIS),
    )


def test_a_trip_without_hours_is_refused(desk):
    header = ("Objet", "Destination", "Moyen de transport", "Départ", "Retour")
    day = DAY.date()
    batch, page = previewed(desk, TRIPS, workbook(header, ("Visite", "Luchon", "train", day, day)))
    assert (batch.rows, [error["column"] for error in batch.errors]) == ([], ["Départ", "Retour"])
    assert "L’heure manque. Écrivez le jour et l’heure, par exemple 05/12/2026 14:30." in page
    text = (
        "Objet;Destination;Moyen de transport;Départ;Retour\nVisite;Luchon;train;05/12/2026 8 h 30;05/12/2026 18:00\n"
    )
    batch, page = previewed(desk, TRIPS, text_file(text))
    assert batch.errors == []
    assert "Départ : samedi 5 décembre 2026 à 8 h 30" in page
    assert Trip.objects.count() == 0


def test_an_hour_that_the_clock_skips_is_refused(desk):
    header = "Objet;Destination;Moyen de transport;Départ;Retour\n"
    line = "Visite;Luchon;train;28/03/2027 02:30;28/03/2027 18:00\n"
    batch, _page = previewed(desk, TRIPS, text_file(header + line))
    assert (batch.rows, [error["column"] for error in batch.errors]) == ([], ["Départ"])


def test_what_a_file_may_not_change_is_said(desk, people):
    room = ResourceFactory(name="Salle Pyrène", assembly=people.assembly)
    row = BookingFactory(resource=room, assembly=people.assembly, reference="RS-2026-90", name="Réunion")
    text = "Référence;Objet;Début;Fin\nRS-2026-90;Réunion;12/12/2026 {};12/12/2026 17:00\n"
    batch, page = previewed(desk, BOOKINGS, text_file(text.format("10:00")))
    assert batch.rows == []
    assert "Un fichier ne change pas cette valeur. Changez-la sur la fiche." in page
    batch, _page = previewed(desk, BOOKINGS, text_file(text.format("9:00")))
    assert [(line["plan"], line["row"]) for line in batch.rows] == [("same", row.pk)]


def test_amounts_of_a_file_are_read_as_those_of_a_form(desk, people):
    PartnerFactory(name="Atelier", assembly=people.assembly)
    header = "Nom;Titulaire;Nature;Début;Fin;Plafond, en euros\n"
    lines = [
        "Un;Atelier;traiteur;01/12/2026;30/11/2027;1\u202f234,50 €\n",
        "Deux;Atelier;traiteur;01/12/2026;30/11/2027;1.234\n",
        "Trois;Atelier;traiteur;01/12/2026;30/11/2027;12 k€\n",
    ]
    batch, page = previewed(desk, CONTRACTS, text_file(header + "".join(lines)))
    assert [(error["line"], error["column"]) for error in batch.errors] == [
        (3, "Plafond, en euros"),
        (4, "Plafond, en euros"),
    ], batch.errors
    assert "Plafond, en euros : 1 234,50" in page
    assert "« 1.234 » se lit de deux façons. Écrivez « 1 234 » ou « 1,234 »." in page
    confirm(batch, by=people["officer"])
    assert Contract.objects.get().ceiling == Decimal("1234.50")
