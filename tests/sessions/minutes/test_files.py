"""Minutes as files: both standards, the same bytes twice, nobody private in the public one."""

import io
import json
import os
import pathlib
import re

import pikepdf
import pytest
from django.utils import timezone

from assembly.documents.pdf.render import render
from assembly.documents.registry import renderers
from sessions.minutes.actions import writing
from sessions.models import MinutesState, MinutesVisaCapacity, Visa
from tests.paper_pages import look
from tests.sessions.minutes.written_minutes import NAMES_OF_PRIVATE_PEOPLE, written_minutes
from tests.verapdf import verdicts

KINDS = ["minutes-internal", "minutes-public", "minutes-draft", "decisions-record"]


@pytest.fixture
def minutes(people):
    minutes = written_minutes(people)
    at = timezone.now()
    for capacity, person in (("chair", minutes.sitting.chair), ("secretary", minutes.sitting.secretary)):
        Visa.objects.create(
            minutes=minutes, person=person, capacity=MinutesVisaCapacity(capacity), given_at=at, text_sha256="0" * 64
        )
    return minutes


def made(minutes, kind):
    renderer = renderers[kind]
    return render(renderer.source(renderer.load(str(minutes.pk))))


@pytest.mark.parametrize("kind", KINDS)
def test_conforms_to_both_standards(minutes, kind, tmp_path):
    path = tmp_path / f"{kind}.pdf"
    path.write_bytes(made(minutes, kind))
    if keep := os.environ.get("KEEP_PDF"):
        (pathlib.Path(keep) / path.name).write_bytes(path.read_bytes())
    assert verdicts(path) == {"3a": [], "ua1": []}


@pytest.mark.parametrize("kind", KINDS)
def test_same_minutes_same_bytes(minutes, kind):
    assert made(minutes, kind) == made(minutes, kind)


def words_and_data(content):
    """Return everything readable in a file: text of the pages, metadata, embedded data."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        data = b"".join(pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments)
        metadata = str(pdf.open_metadata()) + str(dict(pdf.docinfo))
    return data.decode(), metadata


def test_public_version_names_nobody_private(minutes):
    source = renderers["minutes-public"].source(renderers["minutes-public"].load(str(minutes.pk)))
    data, metadata = words_and_data(render(source))
    for name in NAMES_OF_PRIVATE_PEOPLE:
        for place in (source.html, data, metadata, source.title):
            assert name not in place
    assert "Odile Labatut" in source.html
    assert json.loads(data)["audience"] == "public"


def test_internal_version_names_those_present(minutes):
    data, _metadata = words_and_data(made(minutes, "minutes-internal"))
    assert {person["name"] for person in json.loads(data)["attendance"]["people"]} > {"Gisèle Rouquette"}


def test_the_annex_says_hours_of_those_alone_who_were_not_there_throughout(minutes):
    html = renderers["minutes-internal"].source(renderers["minutes-internal"].load(str(minutes.pk))).html
    annex = html.partition("Annexe. Présences")[2]
    roll = annex.partition("</table>")[0]
    assert "toute la séance (de 9\u00a0h\u00a034 à 16\u00a0h\u00a010) sauf mention contraire" in roll
    assert re.findall("<b>(.*?)</b>", roll) == ["de 10\u00a0h\u00a005 à 16\u00a0h\u00a010"]


def test_list_of_decisions_is_one_page_for_a_plenary_too(people):
    """The names of the tests are long: sixty of them take the lines of the 108 of the demonstration."""
    with pikepdf.open(io.BytesIO(made(written_minutes(people, members=60), "decisions-record"))) as pdf:
        assert len(pdf.pages) == 1


def test_visas_end_the_minutes_never_alone_and_no_heading_ends_a_page(minutes):
    for kind in ("minutes-internal", "minutes-public"):
        pages = look(made(minutes, kind))
        assert [number for number, page in enumerate(pages, 1) if "Visas et cachet" in page.words] == [len(pages)]
        assert len(pages[-1].words.partition("Visas et cachet")[0].splitlines()) >= 2
        assert not any(page.ends_with_a_heading or page.is_headings_alone for page in pages)


def test_references(minutes):
    found = {kind: renderers[kind].identity(renderers[kind].load(str(minutes.pk))).reference for kind in KINDS}
    assert found == {
        "minutes-internal": "PL-2026-02-PV",
        "minutes-public": "PL-2026-02-PV-PUB",
        "minutes-draft": "PL-2026-02-PV",
        "decisions-record": "PL-2026-02-RD",
    }


def test_sealed_files_have_one_field_and_drafts_none(minutes):
    for kind in KINDS:
        with pikepdf.open(io.BytesIO(made(minutes, kind))) as pdf:
            fields = [str(field.T) for field in pdf.Root.AcroForm.Fields] if "/AcroForm" in pdf.Root else []
            assert fields == ([] if kind == "minutes-draft" else ["cachet"])


@pytest.mark.long
def test_ninety_pages(minutes, tmp_path):
    words = "<p>" + "La direction rappelle le calendrier et répond aux questions de la salle. " * 12 + "</p>"
    minutes.state = MinutesState.DRAFT
    for item in minutes.sitting.agenda.all():
        section = writing.get_or_create_section(minutes, item)
        writing.write(minutes, item, words * 133, revision=section.revision, by=minutes.writer)
    path = tmp_path / "long.pdf"
    path.write_bytes(made(minutes, "minutes-internal"))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= 90
    assert verdicts(path) == {"3a": [], "ua1": []}
