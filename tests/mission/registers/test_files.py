"""Files out and in, links, bulk acts: the mechanism on partners."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assembly.audit.models import Entry
from assembly.imports.actions import confirm
from assembly.imports.models import ImportBatch
from mission.partners.models import Partner
from mission.registers.models import RegisterFile, RegisterLink
from tests.answers.publication.test_public import readable
from tests.browsing import StrictClient
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, CommitteeFactory
from tests.factories.mailings import PartnerContactFactory
from tests.factories.mission import PartnerFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import SittingFactory
from tests.factories.watch import WatchSourceFactory
from tests.files import pdf

LIST = "/bureau/mission/partenaires/"


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def sent_file(text, name="partenaires.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def previewed(desk, text, address=LIST):
    answer = desk.post(f"{address}importer/", {"file": sent_file(text)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportBatch.objects.latest("pk")


def test_the_file_says_its_filters_its_day_and_its_author(desk, people):
    PartnerFactory(name="=HYPERLINK(1)", due_on=date(2026, 5, 4))
    PartnerFactory(name="Cerema", kind="state")
    text = desk.get(f"{LIST}export/?type=association").content.decode()
    lines = text.splitlines()
    assert lines[1].startswith("'=HYPERLINK(1);")
    assert "2026-05-04" in lines[1]
    assert lines[2].startswith("# Partenaires, Assemblée")
    assert lines[3] == "# Type\u00a0: association"
    assert people["officer"].get_full_name() in lines[4]
    assert "Cerema" not in text


def test_a_workbook_holds_days_and_no_formula(desk):
    PartnerFactory(name="=1+1", due_on=date(2026, 5, 4))
    book = load_workbook(io.BytesIO(desk.get(f"{LIST}export/?format=xlsx&col=echeance").content))
    rows = list(book.worksheets[0].iter_rows())
    assert [cell.value for cell in rows[0]] == ["Nom", "Échéance"]
    assert (rows[1][0].value, rows[1][0].data_type, rows[1][1].value.date()) == ("'=1+1", "s", date(2026, 5, 4))
    assert any("Sans filtre" in str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)


def pages_of(answer):
    book = load_workbook(io.BytesIO(answer.content))
    return {page.title: [[each.value for each in row] for row in page.iter_rows()] for page in book.worksheets}


def test_lines_have_sheets_of_their_own_and_contacts_leave_by_a_file_of_their_own(desk, people):
    row, gone = PartnerFactory(name="Cerema", reference="PA-2026-90"), PartnerFactory(name="Autre", kind="state")
    exchange = row.exchanges.create(
        held_on=date(2026, 5, 4),
        kind="call",
        summary="Un point.",
        created_by=row.created_by,
        changed_by=row.created_by,
    )
    contact = PartnerContactFactory(row=row, person__last_name="Vidal", person__phone="0561000000")
    PartnerContactFactory(row=gone)
    pages = pages_of(desk.get(f"{LIST}export/?format=xlsx&type=association"))
    assert list(pages) == ["Partenaires", "Conventions", "Échanges", "Données fournies", "À propos", "Choix"]
    assert pages["Échanges"] == [
        ["Référence", "Partenaire", "Ligne", "Date", "Forme", "Ce qui s’est dit"],
        ["PA-2026-90", "Cerema", exchange.pk, datetime(2026, 5, 4), exchange.get_kind_display(), "Un point."],  # noqa: DTZ001 -- cells have no zone
    ]
    whole = desk.post(f"{LIST}coordonnees/?format=xlsx&type=association")
    head, *contacts = pages_of(whole)["Contacts"]
    assert head == ["Référence", "Partenaire", "Ligne", "Fonction", "Prénom", "Nom", "Courriel", "Téléphone"]
    assert [(line[0], line[2], line[5], line[7]) for line in contacts] == [
        ("PA-2026-90", contact.pk, "Vidal", "0561000000")
    ]
    assert Entry.objects.get(event_type="partner.exported").actor == people["officer"].pseudonym


def test_the_model_for_an_import_offers_the_choices_and_holds_no_row(desk, people):
    CantonFactory(assembly=people.assembly, name="Auterive")
    book = load_workbook(io.BytesIO(desk.get(f"{LIST}importer/modele.csv?format=xlsx").content))
    page, about, choices = book.worksheets
    head = [each.value for each in page[1]]
    assert (head[:4], page.max_row, choices.sheet_state) == (["Référence", "Nom *", "Sigle", "Type *"], 1, "hidden")
    offered = {str(each.sqref): each.formula1 for each in page.data_validations.dataValidation}
    assert offered == {"D2:D2001": "Choix!$A$2:$A$10", "H2:H2001": "Choix!$B$2:$B$2", "K2:K2001": "Choix!$C$2:$C$2"}
    assert [each.value for each in choices["B"]][:2] == ["Canton", "Auterive"]
    assert page.column_dimensions["G"].number_format == "@"  # a telephone
    assert any("Nom *\u00a0: Exemple" in str(each.value) for each in about["A"])


def test_an_open_document_is_whole(desk):
    PartnerFactory(name="<Élan> & cie")
    with zipfile.ZipFile(io.BytesIO(desk.get(f"{LIST}export/?format=ods").content)) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert "&lt;Élan&gt; &amp; cie" in archive.read("content.xml").decode()


def test_what_went_out_comes_in_again_without_a_change(desk):
    PartnerFactory(name="CDCA", kind="network", topics=["eau"], due_on=date(2026, 5, 4))
    text = desk.get(f"{LIST}export/").content.decode().removeprefix("\ufeff")
    batch = previewed(desk, text)
    assert {name: batch.counters[name] for name in ("create", "update", "same", "refused")} == {
        "create": 0,
        "update": 0,
        "same": 1,
        "refused": 0,
    }


def test_an_import_tells_each_line_and_counts_honestly(desk, people):
    known = PartnerFactory(name="Cerema", kind="state", reference="PA-2026-90")
    PartnerFactory(name="Jumeau")
    PartnerFactory(name="Jumeau")
    text = (
        "Référence;Nom;Type;Thèmes;Échéance\n"
        ";Décider ensemble;association;participation, eau;04/05/2027\n"
        ";Décider Ensemble;association;;\n"  # two of one name in the file
        ";Jumeau;association;;\n"  # two of one name in the register
        "PA-2026-90;Cerema Occitanie;;;\n"
        "PA-1999-01;Inconnu;association;;\n"
        ";Sans type;;;\n"
        ";Mauvaise date;association;;31/02/2027\n"
    )
    batch = previewed(desk, text)
    assert [(row["line"], row["plan"]) for row in batch.rows] == [(2, "create"), (5, "update")]
    assert sorted((error["line"], error["column"]) for error in batch.errors) == [
        (3, ""),
        (4, ""),
        (6, "Référence"),
        (7, "Type"),
        (8, "Échéance"),
    ]
    assert confirm(batch, by=people["officer"]) == {
        "create": 1,
        "update": 1,
        "same": 0,
        "late": 0,
        "refused": 5,
    }
    known.refresh_from_db()
    made = Partner.objects.get(name="Décider ensemble")
    assert (known.name, made.topics, made.due_on) == ("Cerema Occitanie", ["participation", "eau"], date(2027, 5, 4))


def test_the_preview_says_a_constraint_in_its_words(desk):
    """One row of an assembly and an address: the file does not hold the assembly."""
    WatchSourceFactory(name="Légifrance", address="https://www.legifrance.gouv.fr/flux")
    text = (
        "Nom;Forme;Adresse;Nature\n"
        "Textes;flux RSS ou Atom;https://www.legifrance.gouv.fr/flux;juridique\n"
        "Cerema;flux RSS ou Atom;https://www.cerema.fr/flux;juridique\n"
    )
    batch = previewed(desk, text, "/bureau/mission/sources-de-veille/")
    assert batch.errors == [
        {
            "line": 2,
            "column": "Adresse",
            "value": "https://www.legifrance.gouv.fr/flux",
            "message": "Cette adresse est déjà celle d’une source.",
        }
    ]
    assert [(row["line"], row["plan"]) for row in batch.rows] == [(3, "create")]


def test_a_row_saved_since_the_preview_is_left_alone(desk, people):
    row = PartnerFactory(name="Cerema", kind="state", reference="PA-2026-90")
    batch = previewed(desk, "Référence;Nom\nPA-2026-90;Cerema Sud\n")
    Partner.objects.filter(pk=row.pk).update(name="Cerema Est", version=2)
    assert confirm(batch, by=people["officer"])["late"] == 1
    assert Partner.objects.get(pk=row.pk).name == "Cerema Est"


def test_files_are_read_by_whoever_sees_the_row(desk, people):
    row = PartnerFactory()
    answer = desk.post(
        reverse("mission:partners-file-add", args=[row.pk]),
        {"file": SimpleUploadedFile("convention.pdf", pdf(), "application/pdf"), "title": "Convention"},
    )
    assert answer.status_code == 302
    file = RegisterFile.objects.select_related("upload").get()
    address = reverse("documents:upload", args=[file.upload.public_id])
    assert desk.get(address).status_code == 200
    assert StrictClient().enter(people.ready(people["facilitator"])).get(address).status_code == 404
    assert desk.post(reverse("mission:partners-file-remove", args=[row.pk, file.pk])).status_code == 302
    assert not RegisterFile.objects.exists()


def test_a_link_is_told_on_both_pages(desk, people):
    row, other = PartnerFactory(name="Un"), PartnerFactory(name="Autre")
    group = CommitteeFactory(term=people.term, name="Habiter")
    referral = ReferralFactory(term=people.term, title="Bien vieillir")
    for end in (f"partners:{other.pk}", f"committee:{group.pk}", f"referral:{referral.pk}"):
        assert desk.post(reverse("mission:partners-link-add", args=[row.pk]), {"end": end}).status_code == 302
    page = desk.get(reverse("mission:partners-files", args=[row.pk])).content.decode()
    assert all(words in page for words in ("Autre", "Habiter", "Bien vieillir"))
    assert "Un" in desk.get(reverse("mission:partners-files", args=[other.pk])).content.decode()
    back = desk.post(reverse("mission:partners-link-add", args=[other.pk]), {"end": f"partners:{row.pk}"})
    assert (back.status_code, RegisterLink.objects.count()) == (422, 3)
    elsewhere = PartnerFactory(assembly=AssemblyFactory(second=True))
    wrong = desk.post(reverse("mission:partners-link-add", args=[row.pk]), {"end": f"partners:{elsewhere.pk}"})
    assert wrong.status_code == 422


def test_steps_and_days_of_many_rows_at_once(desk, people):
    rows = [PartnerFactory(), PartnerFactory(), PartnerFactory(state="ended")]
    ticked = {"ligne": [row.pk for row in rows], "acte": "engager"}
    assert desk.get(f"{LIST}choix/", ticked).status_code == 200
    assert desk.post(f"{LIST}choix/", ticked).status_code == 302
    assert sorted(Partner.objects.values_list("state", flat=True)) == ["active", "active", "ended"]
    ticked |= {"acte": "confier", "owner": people["officer"].pk}
    assert desk.post(f"{LIST}choix/", ticked).status_code == 302
    assert Partner.objects.filter(owner=people["officer"]).count() == 3


@pytest.mark.parametrize("end", ["canton", "directorate"])
def test_the_list_with_the_other_end_tells_the_link(people, signed_in, end):
    """Cantons and directorates have a list and no page; more of them cost no more statements."""
    thing, address = {
        "canton": lambda: (CantonFactory(assembly=people.assembly), "institution:cantons"),
        "directorate": lambda: (people.directorate, "institution:directorates"),
    }[end]()
    row, lead = PartnerFactory(name="Conseil des aînés"), signed_in("lead")
    assert "Conseil des aînés" not in lead.get(reverse(address)).text
    lead.post(reverse("mission:partners-link-add", args=[row.pk]), {"end": f"{end}:{thing.pk}"})
    assert "Conseil des aînés" in readable(lead.get(reverse(address)).text)
    assert RegisterLink.objects.get().row == row.pk
    if end == "canton":  # the directorates are for the lead alone
        assert "Conseil des aînés" not in readable(signed_in("facilitator").get(reverse(address)).text)


@pytest.mark.parametrize("end", ["sitting", "referral", "opinion", "committee"])
def test_the_page_at_the_other_end_tells_the_link(desk, people, end):
    thing, address = {
        "sitting": lambda: (SittingFactory(term=people.term), "sittings:sitting"),
        "referral": lambda: (ReferralFactory(term=people.term), "consultations:referral"),
        "opinion": lambda: (OpinionFactory(term=people.term), "opinions:opinion"),
        "committee": lambda: (CommitteeFactory(term=people.term), "institution:committee"),
    }[end]()
    row = PartnerFactory(name="Conseil des aînés")
    desk.post(reverse("mission:partners-link-add", args=[row.pk]), {"end": f"{end}:{thing.pk}"})
    seen = {
        who: "Conseil des aînés"
        in StrictClient().enter(people.ready(people[who])).get(reverse(address, args=[thing.pk])).content.decode()
        for who in ("lead", "facilitator")
        if (who, end) != ("facilitator", "opinion")
    }
    assert seen.pop("lead")
    assert not any(seen.values())


def test_the_page_of_a_file_says_what_a_line_is_known_by(desk):
    page = desk.get(f"{LIST}importer/").content.decode().replace("\u00a0", " ")
    assert "La référence dit quelle fiche compléter." in page
    assert "Sans référence, une fiche est reconnue par « Nom »." in page
