"""A field that a file lacks is given once, for all its lines."""

import pytest
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.models import ImportBatch, ImportSource
from mission.contracts.models import ContractOrder
from mission.partners.models import Partner
from tests.factories.mission import ContractFactory
from tests.mission.imports.test_pages import csv, page, sent

pytestmark = pytest.mark.django_db
TEXT = "Nom;Sigle\nCerema;CRM\nRéseau des aînés;RDA\n"
COLUMNS = {"sheet": "0", "header": "1", "colonne-0": "name", "colonne-1": "acronym"}


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


def test_what_the_file_lacks_is_asked_once_and_written_for_each_line(desk, people):
    batch, answer = sent(desk, csv(TEXT))
    assert batch.counters["refused"] == 2
    assert "Donner une valeur pour toutes les lignes" in answer.text
    asked = desk.get(page("columns", batch))
    assert [field.label for field in asked.context["form"].values_for_all()] == ["Type"]
    shown = desk.post(page("columns", batch), COLUMNS | {"toutes-kind": "réseau"}, follow=True)
    assert "Donner une valeur" not in shown.text
    assert desk.get(page("columns", batch)).context["form"]["toutes-kind"].value() == "réseau"
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert [row["plan"] for row in batch.rows] == ["create", "create"]
    assert imports.confirm(batch, by=people["officer"])["create"] == 2
    assert set(Partner.objects.values_list("kind", flat=True)) == {"network"}


def test_a_value_that_the_field_does_not_read_is_refused_there(desk):
    batch, _answer = sent(desk, csv(TEXT))
    answer = desk.post(page("columns", batch), COLUMNS | {"toutes-kind": "planète"})
    assert answer.status_code == 422
    assert "toutes-kind" in answer.context["form"].errors
    assert ImportSource.objects.get().for_all == {}


def test_a_cell_of_the_line_itself_comes_first(desk, people):
    batch, _answer = sent(desk, csv("Nom;Type\nCerema;État\nAutre;\n"))
    columns = {0: "name", 1: "kind"}
    imports.choose_columns(batch, by=people["officer"], sheet=0, columns=columns, for_all={"kind": "réseau"})
    imports.confirm(ImportBatch.objects.get(pk=batch.pk), by=people["officer"])
    assert dict(Partner.objects.values_list("name", "kind")) == {"Cerema": "state", "Autre": "network"}


def test_lines_of_one_row_name_it_once(desk, people):
    contract = ContractFactory(assembly=people.assembly, state="running", name="Repas des plénières")
    address = reverse("mission:contracts-commandes-import-start")
    answer = desk.post(address, {"file": csv("Objet;Montant\nDéjeuner;100\nDîner;200\n")}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    assert answer.request["PATH_INFO"] == page("columns", batch, "contracts-commandes")
    asked = answer.context["form"]
    assert "Repas des plénières" in str(asked["toutes-row"])
    data = {"sheet": "0", "header": "1"} | {field.name: column.key for column, field in asked.rows()}
    data |= {"toutes-row": contract.name, "toutes-ordered_on": "3/2/2026"}
    answer = desk.post(page("columns", batch, "contracts-commandes"), data, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    imports.confirm(ImportBatch.objects.get(pk=batch.pk), by=people["officer"])
    assert set(ContractOrder.objects.values_list("row", "title")) == {
        (contract.pk, "Déjeuner"),
        (contract.pk, "Dîner"),
    }
