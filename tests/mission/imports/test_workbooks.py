"""One workbook per list, as officers keep them: from the file to written rows, through the pages, in six clicks."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.models import ImportBatch
from mission.registers.declaration import registers
from tests.factories.mailings import MailingListFactory
from tests.factories.mission import GrantSchemeFactory, ResourceFactory
from tests.mission.imports.workbooks import WORKBOOKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, people):
    """Open the desk; the rows that workbooks name exist."""
    assert people.directorate.closed_on is None
    ResourceFactory(name="Salle Pyrène", assembly=people.assembly)
    GrantSchemeFactory(name="Vie associative", assembly=people.assembly)
    MailingListFactory(name="Lettre", assembly=people.assembly)
    return signed_in("officer")


def imported(desk, people, key, workbook=None):
    """Send the workbook of a register and follow the pages; return its batch, the clicks and the result."""
    workbook, register = workbook or WORKBOOKS[key], registers[key]
    start = f"/bureau/mission/{register.slug}/importer/"
    clicks = 3  # « Importer », the choice of the file, « Envoyer et vérifier »
    answer = desk.post(start, {"file": workbook.file()}, follow=True)
    assert answer.status_code == 200, answer.text
    batch = ImportBatch.objects.latest("pk")
    if "colonnes" in answer.request["PATH_INFO"]:
        form = answer.context["form"]
        data = {"sheet": 0} | {field.name: column.key for column, field in form.rows()}
        for column, field in form.rows():
            data[field.name] = workbook.choose.get(column.title, data[field.name])
        clicks += 1
        answer = desk.post(answer.request["PATH_INFO"], data, follow=True)
        assert answer.status_code == 200, answer.context["form"].errors
        batch.refresh_from_db()
    desk.post(reverse(f"mission:{key}-import-confirm", args=[batch.public_id]))
    clicks += 1
    errors = batch.errors
    batch.refresh_from_db()
    imports.write_rows(batch)
    batch.refresh_from_db()
    return batch, clicks, errors


@pytest.mark.parametrize("key", WORKBOOKS)
def test_a_workbook_writes_its_rows(desk, people, key):
    workbook, model = WORKBOOKS[key], registers[key].model
    before = model.objects.count()
    batch, clicks, errors = imported(desk, people, key)
    left_out = [error for error in errors if not error["column"]]
    assert errors == left_out, errors
    assert len(left_out) == len(workbook.last)
    assert (batch.counters["create"], batch.counters["late"]) == (len(workbook.rows), 0), (
        batch.counters,
        batch.errors,
    )
    assert model.objects.count() == before + len(workbook.rows)
    assert clicks <= 6


@pytest.mark.parametrize("key", WORKBOOKS)
def test_the_columns_are_chosen_once(desk, people, key):
    imported(desk, people, key)
    workbook, register = WORKBOOKS[key], registers[key]
    answer = desk.post(f"/bureau/mission/{register.slug}/importer/", {"file": workbook.file()}, follow=True)
    assert "colonnes" not in answer.request["PATH_INFO"]
    created = ImportBatch.objects.latest("pk").counters["create"]
    assert created == 0  # also where an association may apply twice: its lines are equal in all cells


def test_a_line_that_repeats_another_is_left_out(desk, people):
    """An association may apply twice, but not with the same line."""
    twice = replace(WORKBOOKS["grants"], rows=[*WORKBOOKS["grants"].rows, WORKBOOKS["grants"].rows[0]])
    batch, _clicks, errors = imported(desk, people, "grants", twice)
    assert "La ligne 5 dit la même chose." in [error["message"] for error in errors]
    assert batch.counters["create"] == 2


def test_values_are_those_of_the_sheet(desk, people):
    for key in ("contracts", "grants", "trips"):
        imported(desk, people, key)
    rows = {row.name: row for row in registers["contracts"].model.objects.all()}
    meals = rows["Repas des plénières"]
    assert (meals.kind, meals.ceiling, str(meals.starts_on)) == ("catering", 12450, "2026-01-01")
    assert str(rows["Interprètes LSF"].ends_on) == "2027-02-28"
    grant = registers["grants"].model.objects.get(name="Les Ateliers du Volvestre")
    assert (grant.contact_phone, grant.requested, grant.scheme.name) == ("06 12 34 56 78", 4000, "Vie associative")
    trip = registers["trips"].model.objects.get(name="Réunion à Revel")
    assert re.sub(r"\s", " ", trip.span_label).count("14 h") == 1
