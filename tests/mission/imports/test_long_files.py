"""A long file is read and planned by a worker, in parts; its preview is still one that can be used."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.imports import actions as imports, planning
from assembly.imports.models import ImportBatch, ImportLine
from mission.partners.models import Partner
from tests.mission.imports.test_pages import LIST, csv, page, workbook

pytestmark = pytest.mark.django_db
LINES = planning.SHORT + 60


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


def text_of(count, *more):
    return "\n".join(["Nom;Type", *more, *(f"Partenaire {n};réseau" for n in range(count))]) + "\n"


def sent(desk, file):
    answer = desk.post(f"{LIST}importer/", {"file": file}, follow=True)
    assert answer.status_code == 200
    return ImportBatch.objects.latest("pk"), answer


def read(batch):
    imports.continue_import(ImportBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()


def test_a_worker_plans_what_is_long_and_the_page_goes_on_by_itself(desk, people):
    batch, answer = sent(desk, csv(text_of(LINES, "Faux;?")))
    assert (batch.state, batch.lines.count()) == ("reading", 0)
    assert "Actualiser" in answer.text
    assert desk.get(page("page", batch), headers={"HX-Request": "true"}).status_code == 200
    read(batch)
    assert (batch.state, batch.done, batch.total) == ("previewed", 0, 0)
    assert (batch.counters["create"], batch.counters["refused"]) == (LINES, 1)
    polled = desk.get(page("page", batch), headers={"HX-Request": "true"})
    assert (polled.status_code, polled.headers["HX-Refresh"]) == (204, "true")
    shown = desk.get(page("page", batch))
    assert len(shown.context["lines"]) == 200
    assert shown.text.index("Lignes laissées de côté") < shown.text.index("Partenaire 0")
    last = shown.context["lines"].after
    assert len(desk.get(f"{page('page', batch)}?apres={last}").context["lines"]) == LINES - 200
    assert imports.confirm(batch, by=people["officer"])["create"] == LINES
    assert Partner.objects.count() == LINES


def test_a_file_of_unsure_columns_is_planned_once_they_are_chosen(desk, people):
    content = workbook(Liste=[("Structure", "Genre de chose"), *((f"P{n}", "réseau") for n in range(LINES))])
    batch = imports.preview(people.term, b"PK" * 40_000, "gros.xlsx", by=people["officer"], kind="partners")
    batch.source.content = content.read()
    batch.source.save()
    read(batch)
    assert (batch.state, batch.lines.count()) == ("previewed", 0)
    assert desk.get(page("page", batch)).status_code == 302
    assert desk.post(page("confirm", batch)).status_code in (302, 422)
    assert ImportBatch.objects.get(pk=batch.pk).state == "previewed"
    data = {"sheet": 0, "colonne-0": "name", "colonne-1": "kind"}
    assert desk.post(page("columns", batch), data).status_code == 302
    batch.refresh_from_db()
    assert batch.state == "reading"
    read(batch)
    assert (batch.state, batch.counters["create"]) == ("previewed", LINES)


def test_what_cannot_be_read_is_said_on_the_page(desk, people):
    batch = imports.preview(people.term, b"PK\x03\x04" * 40_000, "abime.xlsx", by=people["officer"], kind="partners")
    assert batch.state == "reading"
    read(batch)
    assert batch.state == "previewed"
    assert "abîmé" in desk.get(page("page", batch)).text
    assert desk.post(page("confirm", batch)).status_code in (302, 422)
    assert Partner.objects.count() == 0


def test_more_lines_than_the_limit_get_a_sentence(people):
    content = ("Nom;Type\n" + "a;b\n" * 30_000).encode()
    batch = imports.preview(people.term, content + b"x;y\n" * 20_000, "x.csv", by=people["officer"], kind="partners")
    read(batch)
    assert "20000 lignes" in batch.counters["stops"][0]


def test_a_worker_that_was_slow_leaves_the_file_to_the_next(people):
    batch = imports.preview(people.term, text_of(LINES).encode(), "x.csv", by=people["officer"], kind="partners")
    slow, next_one = ImportBatch.objects.get(pk=batch.pk), ImportBatch.objects.get(pk=batch.pk)
    assert planning.restart_plan(slow)
    planning.plan_lines(next_one)
    assert not planning.store_part(slow, (), 1)
    planning.end_plan(slow, {})
    batch.refresh_from_db()
    assert (batch.counters["create"], ImportLine.objects.count()) == (LINES, LINES)
    imports.continue_import(slow)
    assert ImportLine.objects.count() == LINES


def test_a_file_that_nobody_reads_is_taken_up(people, django_capture_on_commit_callbacks):
    batch = imports.preview(people.term, text_of(LINES).encode(), "x.csv", by=people["officer"], kind="partners")
    for minutes, count in ((2, 0), (6, 1)):
        ImportBatch.objects.filter(pk=batch.pk).update(progressed_at=timezone.now() - timedelta(minutes=minutes))
        with django_capture_on_commit_callbacks() as sent_again:
            imports.sweep()
        assert len(sent_again) == count


def test_the_header_is_chosen_by_a_click(desk):
    batch, answer = sent(desk, csv("Nom;Sigle;Type\nVrai nom;Acronyme;Genre\nCDCA;C;réseau\n"))
    assert batch.state == "previewed"
    chosen = desk.get(f"{page('columns', batch)}?entete=2")
    assert [column.title for column, _field in chosen.context["form"].rows()] == ["Vrai nom", "Acronyme", "Genre"]
    data = {"sheet": 0, "header": 2, "colonne-0": "name", "colonne-1": "acronym", "colonne-2": "kind"}
    assert desk.post(page("columns", batch), data).status_code == 302
    batch.refresh_from_db()
    assert [row["name"] for row in batch.rows] == ["CDCA"]
    assert desk.get(f"{page('columns', batch)}?entete=99").status_code == 200


def test_our_own_sheets_are_not_asked_for(desk):
    file = workbook(
        Partenaires=[("Nom", "Type"), ("CDCA", "réseau")], **{"À propos": [("Partenaires", "x"), ("Fait", "y")]},
        Choix=[("Type", "Canton"), ("réseau", "Auterive")],
    )  # fmt: skip
    _batch, answer = sent(desk, file)
    assert "colonnes" not in answer.request["PATH_INFO"]


def test_rows_below_a_thousand_empty_ones_are_not_read_and_that_is_said(desk):
    rows = [("Nom", "Type"), ("CDCA", "réseau"), *[()] * 1100, ("Loin", "réseau")]
    batch, _answer = sent(desk, workbook(Liste=rows))
    assert batch.counters["create"] == 1
    assert "jusqu’à la ligne 2" in " ".join(batch.counters["notes"])


def test_a_file_without_a_name_ending_is_no_error(desk):
    batch, _answer = sent(desk, SimpleUploadedFile("liste", text_of(2).encode()))
    assert batch.counters["create"] == 2
