"""An import is undone as a whole while nothing has used what it wrote, or not at all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.imports import actions as imports
from assembly.imports.models import ImportBatch, ImportLine
from assembly.imports.workflow import IMPORT_BATCH
from mission.contracts.models import ContractOrder
from mission.partners.models import Partner
from mission.registers import actions
from mission.registers.declaration import registers
from tests.factories.mission import ContractFactory, PartnerFactory
from tests.mission.imports.test_pages import csv, page, sent, sent_lines

pytestmark = pytest.mark.django_db
TEXT = "Nom;Type;Sigle\nCerema;État;CRM\nNouveau;réseau;N\nAutre;réseau;\n"


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


@pytest.fixture
def cerema(people):
    return PartnerFactory(name="Cerema", kind="state", assembly=people.assembly, acronym="avant")


@pytest.fixture
def batch(desk, people, cerema):
    batch, _answer = sent(desk, csv(TEXT))
    imports.confirm(batch, by=people["officer"])
    return ImportBatch.objects.get(pk=batch.pk)


def undo(batch, by):
    IMPORT_BATCH.transition(ImportBatch.objects.get(pk=batch.pk), "undo", by=by)
    imports.continue_import(ImportBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()


def test_created_rows_go_and_changed_ones_get_their_values_back(desk, people, batch, cerema):
    assert Partner.objects.count() == 3
    shown = desk.get(page("page", batch))
    assert "Annuler cet import" in shown.text
    assert desk.post(f"{page('page', batch)}annuler/").status_code == 302
    batch.refresh_from_db()
    assert batch.state == "undoing"
    assert desk.get(page("page", batch)).status_code == 200
    imports.continue_import(ImportBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    cerema.refresh_from_db()
    assert (batch.state, cerema.acronym, list(Partner.objects.all())) == ("undone", "avant", [cerema])
    assert ImportLine.objects.count() == 0
    assert Entry.objects.filter(event_type="members.import_undone").count() == 1
    assert "Import annulé" in desk.get(page("page", batch)).text
    assert desk.post(f"{page('page', batch)}annuler/").status_code == 409


@pytest.mark.parametrize("touched", ["Nouveau", "Cerema"])
def test_one_row_that_changed_since_keeps_all_of_it(desk, people, batch, touched):
    row, register = Partner.objects.get(name=touched), registers["partners"]
    actions.edit(register, row, by=people["lead"], values={"notes": "Appelé"}, version=row.version)
    undo(batch, people["officer"])
    assert (batch.state, Partner.objects.count()) == ("confirmed", 3)
    assert Partner.objects.get(name="Cerema").acronym == "CRM"
    shown = desk.get(page("page", batch)).text
    assert f"« {touched} »" in shown.replace("\u00a0", " ")


def test_a_row_that_is_used_is_named(people, batch):
    row, register = Partner.objects.get(name="Nouveau"), registers["partners"]
    lines = register.line_kind("echanges")
    data = {"kind": "call", "held_on": timezone.localdate(), "summary": "Appelé"}
    actions.add_line(register, lines, row, by=people["officer"], data=data)
    undo(batch, people["officer"])
    assert batch.state == "confirmed"
    assert "« Nouveau »" in batch.counters["kept"][0]


def test_it_ends_after_a_week_and_keeps_nothing_then(desk, people, batch):
    later = timezone.now() - timedelta(days=7, minutes=1)
    ImportBatch.objects.filter(pk=batch.pk).update(confirmed_at=later, expires_at=later)
    assert imports.erase_expired_batches() == 1
    assert ImportLine.objects.count() == 0
    assert desk.get(page("page", batch)).status_code == 404


def test_two_hours_later_only_what_an_undo_needs_is_there(desk, people, batch):
    ImportBatch.objects.filter(pk=batch.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    imports.erase_expired_batches()
    assert {(line.line, tuple(line.cells), line.entry == {}) for line in ImportLine.objects.all()} == {
        (2, (), True), (3, (), True), (4, (), True),
    }  # fmt: skip
    undo(batch, people["officer"])
    assert batch.state == "undone"


def test_who_lost_the_right_undoes_nothing(people, batch):
    IMPORT_BATCH.transition(batch, "undo", by=people["officer"])
    people["officer"].roles.update(ended_at=timezone.now())
    imports.continue_import(ImportBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("confirmed", 3)


def test_a_list_that_deletes_nothing_says_so(desk, people):
    text = "Prénom;Nom;Courriel\nRosa;Vidal;r@exemple.fr\n"
    answer = desk.post(reverse("members:person-import-start"), {"file": csv(text)}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    if "colonnes" in answer.request["PATH_INFO"]:
        rows = answer.context["form"].rows()
        desk.post(answer.request["PATH_INFO"], {field.name: column.key for column, field in rows} | {"sheet": 0})
    imports.confirm(ImportBatch.objects.get(pk=batch.pk), by=people["officer"])
    here = reverse("members:person-import-page", args=[batch.public_id])
    assert "Rien ne retire une fiche de cette liste" in desk.get(here).text
    assert desk.post(f"{here}annuler/").status_code == 302
    batch.refresh_from_db()
    assert (batch.state, ImportLine.objects.count()) == ("confirmed", 0)


def test_lines_below_a_row_are_withdrawn(desk, people):
    contract = ContractFactory(assembly=people.assembly, name="Repas", state="running", ceiling=5000)
    text = f"Référence;Objet;Montant, en euros;Commandée le\n{contract.reference};Goûter;99,50;{contract.starts_on}\n"
    batch = sent_lines(desk, "contrats/importer/commandes", csv(text))
    assert batch.errors == []
    imports.confirm(batch, by=people["officer"])
    assert ContractOrder.objects.count() == 1
    undo(batch, people["officer"])
    assert (batch.state, ContractOrder.objects.count()) == ("undone", 0)
    contract.refresh_from_db()
    assert contract.ordered == 0
