"""A file of candidates: shown line by line, written once, whatever wrote it and however often it is sent."""

import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.models import ImportBatch
from draws.candidates.imports import CANDIDATES, COLUMNS, EXAMPLE
from draws.models import Candidate
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory

pytestmark = pytest.mark.django_db
HEADER = ";".join(str(column.title) for column in COLUMNS)
AMINA = "Amina;Diallo;14/03/1968;F;employe;3 rue du Moulin;31190;Auterive;Auterive;amina@example.org;639980000;marché"
HUGO = "Hugo;Vidal;1990-07-02;homme;Retraité·e;1 place;9100;Toulouse;;;;"


@pytest.fixture
def call(people):
    CantonFactory(assembly=people.assembly, number=1, name="Auterive", slug="auterive")
    return CallFactory(term=people.term)


def preview(people, *lines, header=HEADER, encoding="utf-8"):
    content = "\n".join([header, *lines]).encode(encoding)
    return imports.preview(people.term, content, "candidats.csv", by=people["officer"], kind=CANDIDATES)


def test_a_file_becomes_candidates(people, call):
    batch = preview(people, AMINA, HUGO)
    assert (batch.errors, batch.counters["create"], Candidate.objects.count()) == ([], 2, 0)
    result = imports.confirm(batch, by=people["officer"])
    assert result == {"create": 2, "update": 0, "same": 0, "late": 0, "refused": 0}
    amina, hugo = Candidate.objects.order_by("number")
    assert (amina.state, amina.channel, amina.canton.name, amina.phone) == (
        "submitted",
        "market",
        "Auterive",
        "06 39 98 00 00",
    )
    assert (hugo.postcode, hugo.canton, hugo.is_canton_checked, hugo.occupation) == ("09100", None, False, "retraite")
    assert amina.recorded_by == people["officer"]
    assert amina.erase_on is not None
    batch.refresh_from_db()
    assert batch.rows == []


def test_the_same_file_twice_changes_nothing(people, call):
    imports.confirm(preview(people, AMINA), by=people["officer"])
    again = preview(people, unicodedata.normalize("NFD", AMINA.replace("Diallo", "DIALLO")), HUGO)
    assert (again.counters["create"], again.counters["same"]) == (1, 1)
    imports.confirm(again, by=people["officer"])
    assert Candidate.objects.count() == 2


def test_whoever_applied_since_the_preview_is_not_written_twice(people, call):
    batch = preview(people, AMINA)
    CandidateFactory(call=call, first_name="Amina", last_name="Diallo", birth_date="1968-03-14")
    assert imports.confirm(batch, by=people["officer"])["same"] == 1
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({0: ""}, "prénom"),
        ({1: "=HYPERLINK(1)"}, "nom"),
        ({2: "14/13/1968"}, "date de naissance"),
        ({2: "1850-01-01"}, "date de naissance"),
        ({2: "hier"}, "date de naissance"),
        ({3: "Z"}, "genre"),
        ({4: "roi"}, "profession"),
        ({5: "+33"}, "adresse"),
        ({6: "abc"}, "code postal"),
        ({8: "Nulle-Part"}, "canton"),
        ({9: "a@b"}, "courriel"),
        ({11: "pigeon"}, "canal"),
    ],
)
def test_errors_say_the_line_and_the_column_and_leave_the_others(people, call, changed, column):
    cells = AMINA.split(";")
    for place, text in changed.items():
        cells[place] = text
    batch = preview(people, HUGO, ";".join(cells))
    assert [(error["line"], error["column"]) for error in batch.errors] == [(3, column)]
    assert batch.counters["create"] == 1


def test_one_person_on_two_lines_is_left_out_the_second_time(people, call):
    batch = preview(people, AMINA, AMINA.replace("Auterive;Auterive", "Muret;"))
    assert [(error["line"], error["message"]) for error in batch.errors] == [
        (3, "Cette personne est déjà à la ligne 2.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(people, call, encoding):
    batch = preview(people, AMINA.replace("Diallo", "Fauré"), encoding=encoding)
    assert batch.rows[0]["person"]["last_name"] == "Fauré"


def test_a_file_of_the_whole_call_is_read_by_a_worker(people, call):
    lines = [AMINA.replace("Diallo", f"Diallo{'a' * (n % 40)}{'b' * (n // 40)}") for n in range(1059)]
    batch = preview(people, *lines)
    imports.continue_import(batch)
    batch.refresh_from_db()
    assert batch.counters["create"] == 1059


def test_nothing_is_added_without_a_call_nor_after_the_freeze(people):
    assert preview(people, AMINA).counters["stops"]
    CandidateFactory(call=CallFactory(term=people.term), state="in_pool")
    batch = preview(people, AMINA)
    assert "figée" in batch.counters["stops"][0]
    assert batch.rows == []


def test_the_pages_from_the_list_to_the_result(people, call, signed_in):
    browser = signed_in("officer")
    start = reverse("draws:import-start")
    assert start in browser.get("/bureau/candidatures/").text
    assert "date de naissance" in browser.get(start).text
    model = browser.get(reverse("draws:import-model")).content.decode("utf-8-sig")
    assert EXAMPLE[5] in model
    file = SimpleUploadedFile("candidats.csv", "\n".join([HEADER, AMINA, "Hugo;;;;;;;;;;;"]).encode())
    sent = browser.post(start, {"file": file})
    page = browser.get(sent.url)
    assert "Importer 1 candidature" in page.text.replace("\u00a0", " ")
    assert "Cette case est vide" in page.text
    batch = ImportBatch.objects.get()
    confirm = reverse("draws:import-confirm", args=[batch.public_id])
    assert browser.post(confirm, {}).status_code == 422
    assert browser.post(confirm, {"consent": "on"}).status_code == 302
    assert 'id="import-progress"' in browser.get(sent.url).text
    imports.write_rows(ImportBatch.objects.select_related("term", "started_by__person").get())
    assert "Candidatures ajoutées" in browser.get(sent.url).text
    assert Candidate.objects.count() == 1
    errors = browser.get(reverse("draws:import-errors", args=[batch.public_id])).content.decode("utf-8-sig")
    assert "3;nom" in errors


def test_a_preview_is_of_one_kind(people, call, signed_in):
    batch = preview(people, AMINA)
    browser = signed_in("officer")
    assert browser.get(reverse("members:import-page", args=[batch.public_id])).status_code == 404
    assert browser.get(reverse("draws:import-page", args=[batch.public_id])).status_code == 200
    assert (
        signed_in(people.elsewhere("lead")).get(reverse("draws:import-page", args=[batch.public_id])).status_code
        == 404
    )
