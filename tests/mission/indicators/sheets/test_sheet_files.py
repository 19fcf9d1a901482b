"""The sheet as a file: both standards, the seal of the lead, who may read it."""

import pytest
from django.urls import reverse

from assembly.documents.models import Document
from assembly.documents.pdf.render import render
from mission.indicators import actions as indicators
from mission.indicators.contributions import PrintedIndicatorSheet, SealedIndicatorSheet
from tests import verapdf
from tests.browsing import StrictClient
from tests.mission.indicators.nights import counted_night
from tests.mission.indicators.year import a_year
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(db):
    people = People()
    a_year(people)
    counted_night(people.term)
    people.sheet = indicators.make_sheet(people.term, by=people["officer"])
    return people


def test_the_printed_and_the_sealed_sheet_pass_both_standards(sheet, tmp_path):
    for renderer in (PrintedIndicatorSheet(), SealedIndicatorSheet()):
        path = tmp_path / f"{renderer.kind}.pdf"
        path.write_bytes(render(renderer.source(renderer.load(str(sheet.sheet.pk)))))
        assert verapdf.verdicts(path) == {"3a": [], "ua1": []}


def test_the_lead_seals_a_sheet_that_the_team_then_reads(sheet, work):
    job = indicators.seal_sheet(sheet.sheet, by=sheet["lead"])
    work()
    job.refresh_from_db()
    assert job.is_ready
    document = Document.objects.get(kind="indicator-sheet")
    assert (document.reference, document.audience) == (sheet.sheet.reference, "internal")
    answer = (
        StrictClient()
        .enter(sheet.ready(sheet["officer"]))
        .get(reverse("mission:indicator-sheet", args=[sheet.sheet.pk]))
    )
    assert document.reference in answer.content.decode()
    assert "Sceller la fiche" not in answer.content.decode()
