"""The pages between a file and written rows: columns, corrections, what is left out, imports begun by two."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.models import HeaderChoice, ImportBatch, ImportSource
from mission.contracts.models import ContractOrder
from mission.partners.models import Partner, PartnerContact
from tests.factories.mission import ContractFactory, PartnerFactory

pytestmark = pytest.mark.django_db
LIST = "/bureau/mission/partenaires/"


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


def csv(text, name="partenaires.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("classeur.xlsx", target.getvalue())


def sent(desk, file, address=LIST):
    answer = desk.post(f"{address}importer/", {"file": file}, follow=True)
    assert answer.status_code == 200, answer.text
    return ImportBatch.objects.latest("pk"), answer


def page(name, batch, prefix="partners"):
    return reverse(f"mission:{prefix}-import-{name}", args=[batch.public_id])


def test_the_page_of_the_columns_shows_values_and_remembers_choices(desk):
    batch, answer = sent(desk, csv("Structure;Genre de chose;Mél\nCDCA;réseau;a@exemple.fr\n"))
    assert answer.request["PATH_INFO"] == page("columns", batch)
    form = answer.context["form"]
    guesses = {column.title: (column.key, column.samples) for column, _field in form.rows()}
    assert guesses == {
        "Structure": ("name", ["CDCA"]),
        "Genre de chose": ("kind", ["réseau"]),
        "Mél": ("email", ["a@exemple.fr"]),
    }
    data = {"sheet": 0, "colonne-0": "name", "colonne-1": "kind", "colonne-2": ""}
    assert desk.post(page("columns", batch), data).status_code == 302
    batch.refresh_from_db()
    assert [(row["plan"], row["data"]["email"]) for row in batch.rows] == [("create", "")]
    assert "La colonne « Mél » n’est pas lue." in batch.counters["notes"]
    assert dict(HeaderChoice.objects.values_list("header", "key")) == {
        "structure": "name", "genre de chose": "kind", "mel": "",
    }  # fmt: skip
    _batch, answer = sent(desk, csv("Structure;Mél;Genre de chose\nCerema;b@exemple.fr;État\n"))
    assert "colonnes" not in answer.request["PATH_INFO"]


def test_two_columns_of_one_field_must_be_told_apart(desk):
    batch, answer = sent(desk, csv("Nom;Type;Mail;E-mail\nCDCA;réseau;a@exemple.fr;b@exemple.fr\n"))
    assert "Deux colonnes disent « Courriel »." in answer.text.replace("\u00a0", " ")
    keys = {"sheet": 0, "colonne-0": "name", "colonne-1": "kind", "colonne-2": "email", "colonne-3": "email"}
    refused = desk.post(page("columns", batch), keys)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"colonne-2", "colonne-3"})
    assert desk.post(page("columns", batch), keys | {"colonne-0": ""}).status_code == 422
    assert desk.post(page("columns", batch), keys | {"colonne-2": "state"}).status_code == 422
    assert desk.post(page("columns", batch), keys | {"colonne-2": ""}).status_code == 302
    batch.refresh_from_db()
    assert batch.rows[0]["data"]["email"] == "b@exemple.fr"


def test_the_sheet_is_asked(desk):
    file = workbook(
        Agenda=[("Jour", "Heure"), ("lundi", "9h")], Partenaires=[("Nom", "Type"), ("CDCA", "réseau")],
        Archives=[("Nom", "Type"), ("Ancien", "réseau")],
    )  # fmt: skip
    batch, answer = sent(desk, file)
    assert answer.context["sheet"] == 1
    answer = desk.get(f"{page('columns', batch)}?feuille=2")
    assert [column.samples for column, _field in answer.context["form"].rows()][0] == ["Ancien"]
    assert desk.get(f"{page('columns', batch)}?feuille=3").status_code == 404
    data = {"sheet": 2, "colonne-0": "name", "colonne-1": "kind"}
    assert desk.post(page("columns", batch), data).status_code == 302
    batch.refresh_from_db()
    assert [row["name"] for row in batch.rows] == ["Ancien"]


def test_wrong_cells_are_corrected_on_the_page(desk, people):
    text = "Nom;Type;Échéance\nUn;réseau;31/02/2027\nDeux;;4/5/2027\nTrois;réseau;4/5/2027\nTotal;;\n"
    batch, answer = sent(desk, csv(text))
    assert answer.text.count('name="ligne-2-due_on"') == 1
    assert answer.text.count('name="ligne-3-kind"') == 1
    assert "C’est une ligne de total." in answer.text
    typed = {"ligne-2-due_on": "28/02/2027", "ligne-3-kind": "faux"}
    assert desk.post(page("correct", batch), typed).status_code == 302
    batch.refresh_from_db()
    assert [row["name"] for row in batch.rows] == ["Un", "Trois"]
    assert [error["line"] for error in batch.errors] == [3, 5]
    assert desk.post(page("correct", batch), {"ligne-3-kind": "réseau", "ligne-4-kind": "commune"}).status_code == 302
    batch.refresh_from_db()
    assert [(row["name"], row["data"]["kind"]) for row in batch.rows] == [
        ("Un", "network"), ("Deux", "network"), ("Trois", "network"),
    ]  # fmt: skip
    assert Partner.objects.count() == 0
    imports.confirm(batch, by=people["officer"])
    assert str(Partner.objects.get(name="Un").due_on) == "2027-02-28"


@pytest.mark.parametrize("text", ["\x00", "x" * 40_000, "\ud800", "=1+1"])
def test_bad_corrections_are_refused_not_written(desk, text):
    batch, _answer = sent(desk, csv("Nom;Type\nUn;\n"))
    body = {"ligne-2-kind": text.encode("utf-8", "surrogatepass")}
    assert desk.post(page("correct", batch), body).status_code in (302, 400, 422)
    batch.refresh_from_db()
    assert batch.rows == []


def test_lines_left_out_come_back_with_their_cells(desk, people):
    batch, _answer = sent(desk, csv("Nom;Type;Sigle\nUn;réseau;U\nDeux;?;D\n"))
    for written in (False, True):
        if written:
            imports.confirm(batch, by=people["officer"])
        lines = desk.get(page("errors", batch)).content.decode("utf-8-sig").splitlines()
        assert lines[0] == "Ligne;Problème;Nom;Type;Sigle"
        assert lines[1].startswith("3;Type : ")
        assert lines[1].endswith(";Deux;?;D")
        assert len(lines) == 2
    source = ImportSource.objects.get()
    assert (source.sheets, source.titles) == ([], ["Nom", "Type", "Sigle"])
    kept = [(2, "create", [], {}), (3, "refused", ["Deux", "?", "D"], {})]  # of the first, what an undo needs
    assert list(batch.lines.order_by("line").values_list("line", "plan", "cells", "entry")) == kept
    ImportBatch.objects.update(expires_at="2026-01-01T00:00:00Z")
    imports.erase_expired_batches()
    assert not ImportSource.objects.exists()


def test_an_import_begun_by_two_writes_once(desk, people):
    known = PartnerFactory(name="Cerema", assembly=people.assembly, acronym="")
    text = "Nom;Type;Sigle\nCerema;État;CRM\nNouveau;réseau;N\n"
    first, _answer = sent(desk, csv(text))
    second, _answer = sent(desk, csv(text))
    assert imports.confirm(first, by=people["officer"])["late"] == 0
    assert imports.confirm(second, by=people["lead"])["late"] == 2
    second.refresh_from_db()
    assert {error["message"] for error in second.errors} == {
        "Cette fiche a changé depuis l’aperçu.", "Cette fiche existe depuis l’aperçu.",
    }  # fmt: skip
    known.refresh_from_db()
    assert (known.acronym, Partner.objects.count()) == ("CRM", 2)


def test_a_confirmed_import_takes_no_correction(desk, people):
    batch, _answer = sent(desk, csv("Nom;Type\nUn;réseau\nDeux;\n"))
    imports.confirm(batch, by=people["officer"])
    assert desk.post(page("correct", batch), {"ligne-3-kind": "réseau"}).status_code == 302
    assert desk.get(page("columns", batch)).status_code == 302
    assert Partner.objects.count() == 1


def sent_lines(desk, kind, file, choose=None):
    """Send a file of lines, with the columns as they are guessed but for some."""
    answer = desk.post(f"/bureau/mission/{kind}/", {"file": file}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    if "colonnes" in answer.request["PATH_INFO"]:
        rows = answer.context["form"].rows()
        data = {field.name: (choose or {}).get(column.title, column.key) for column, field in rows}
        answer = desk.post(answer.request["PATH_INFO"], data | {"sheet": 0}, follow=True)
        assert answer.status_code == 200, answer.context["form"].errors
        batch.refresh_from_db()
    return batch


def test_orders_of_contracts_come_in_by_their_contract(desk, people):
    contract = ContractFactory(assembly=people.assembly, name="Repas des plénières", state="running", ceiling=5000)
    day = contract.starts_on
    rows = [
        ("Suivi des commandes",),
        ("Marché", "Objet", "Montant TTC", "Date de commande"),
        (contract.reference, "Déjeuner", "1 200,50 €", day),
        ("Repas des plén", "Goûter", 99.5, f"{day:%d/%m/%y}"),
        ("Inconnu", "Rien", 5, day),
        ("Repas des plénières", "Trop", 9000, day),
        ("Total", None, 1305),
    ]
    choose = {"Marché": "row"}
    rows[2] = ("Repas des plénières", *rows[2][1:])
    batch = sent_lines(desk, "contrats/importer/commandes", workbook(Commandes=rows), choose)
    assert [(row["plan"], row["line"]) for row in batch.rows] == [("create", 3), ("create", 4)]
    assert [(error["line"], error["column"]) for error in batch.errors] == [
        (5, "Contrat"), (6, "Montant, en euros"), (7, ""),
    ]  # fmt: skip
    assert imports.confirm(batch, by=people["officer"])["create"] == 2
    contract.refresh_from_db()
    assert (contract.ordered, ContractOrder.objects.count()) == (1300, 2)
    again = sent_lines(desk, "contrats/importer/commandes", workbook(Commandes=rows), choose)
    assert {row["plan"] for row in again.rows} == {"same"}


def test_contacts_of_partners_come_in_and_are_corrected_by_their_number(desk, people):
    partner = PartnerFactory(assembly=people.assembly, name="Réseau des aînés")
    text = (
        "Partenaire;Prénom;Nom;Qualité;Mail;Portable\nRéseau des aînés;Rosa;Vidal;présidente;r@exemple.fr;612345678\n"
    )
    batch = sent_lines(desk, "partenaires/importer/contacts", csv(text))
    assert batch.errors == []
    imports.confirm(batch, by=people["officer"])
    contact = PartnerContact.objects.select_related("person").get()
    assert (contact.person.phone, contact.function) == ("06 12 34 56 78", "présidente")
    text = f"Référence;Ligne;Prénom;Nom;Fonction\n{partner.reference};{contact.pk};Rosa;Vidal;trésorière\n"
    batch = sent_lines(desk, "partenaires/importer/contacts", csv(text))
    assert [(row["plan"], row["values"][-1]["before"]) for row in batch.rows] == [("update", "présidente")]
    PartnerContact.objects.filter(pk=contact.pk).update(version=9)
    assert imports.confirm(batch, by=people["officer"])["late"] == 1
    contact.refresh_from_db()
    assert contact.function == "présidente"
