"""The house's own page: real templates, both standards, the square code, the field of the seal."""

import datetime

import pytest
from django.template.loader import render_to_string

from assembly.documents import pages
from assembly.documents.pdf.render import render
from assembly.institution.models import Assembly
from tests import verapdf

MOMENT = datetime.datetime(2026, 6, 29, 10, 2, tzinfo=datetime.UTC)
CONFORMS = {"3a": [], "ua1": []}
VISAS = [
    {"name": "Odile Labatut", "capacity": "Présidente de séance", "given_at": MOMENT},
    {"name": "Nadia Fauré", "capacity": "Secrétaire de séance", "given_at": MOMENT, "note": "Signé sur papier"},
]


def source(**changes):
    assembly = Assembly(name="Assemblée citoyenne", authority_name="Conseil départemental de la Haute-Garonne")
    return pages.page_source(
        "documents/pdf/base.html",
        {"visas": VISAS},
        assembly=assembly,
        **{
            "title": "Compte rendu de la séance plénière du 28 mars 2026",
            "reference": "PL-2026-02-PV",
            "made_at": MOMENT,
            "sealed": True,
            **changes,
        },
    )


@pytest.mark.parametrize(
    "changes",
    [{}, {"sealed": False, "draft": True}, {"data": {"présents": 91}}],
    ids=["sealed", "draft", "data"],
)
def test_the_house_page_conforms(tmp_path, changes):
    path = tmp_path / "page.pdf"
    path.write_bytes(render(source(**changes)))
    assert verapdf.verdicts(path) == CONFORMS


def test_with_an_authority_the_page_has_the_field_of_the_timestamp(tmp_path, settings):
    settings.TSA_URL = "http://127.0.0.1:9/tsa"
    path = tmp_path / "page.pdf"
    path.write_bytes(render(source()))
    assert source().fields == ("cachet", "horodatage")
    assert verapdf.verdicts(path) == CONFORMS


def test_the_page_says_where_to_verify(settings):
    html = source().html
    assert "localhost:8000/v/PL-2026-02-PV" in html
    assert "Visa donné le" in html
    assert "cachet" not in render_to_string("documents/pdf/base.html", {"page": {"sealed": False, "title": "x"}})


def test_equal_facts_equal_bytes():
    assert render(source()) == render(source())
