"""Versions on the screen: list, read, compare, bring back, who wrote what."""

import pytest

from assembly.collab.actions import texts, upkeep
from assembly.collab.document import writing
from assembly.collab.models import TextRight, TextVersion
from tests.assembly.collab.conftest import paragraphs

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(new_text, someone):
    """Make a text with two versions, by two people."""
    one, two = someone(), someone()
    text = new_text("Une ligne", by=one)
    texts.take_version(text, label="Premier jet", by=one)
    texts.edit(text, lambda doc: writing.append_blocks(doc, paragraphs("Une ligne de plus")), by=two)
    texts.take_version(text, label="Deuxième jet", by=two)
    text.one, text.two = one, two
    return text


def test_list_read_and_name(kept, signed_in, someone):
    address, page = f"/co-redaction/{kept.public_id}/versions/", signed_in(kept.one)
    html = page.get(address).content.decode()
    assert html.index("Deuxième jet") < html.index("Premier jet")
    assert "Une ligne" in page.get(f"{address}1/").content.decode()
    assert page.post(address, {"label": ""}).status_code == 422
    assert page.post(address, {"label": "Avant la relecture"}).status_code == 302
    assert TextVersion.objects.order_by("-number").first().label == "Avant la relecture"
    reader = signed_in(someone(TextRight.READ))
    assert (reader.get(address).status_code, reader.post(address, {"label": "x"}).status_code) == (200, 403)
    assert signed_in(someone(TextRight.NONE)).get(address).status_code == 404


def test_compare_reads_aloud(kept, signed_in):
    address, page = f"/co-redaction/{kept.public_id}/versions/comparer/", signed_in(kept.one)
    html = page.get(address, {"old": 1, "new": 2}).content.decode()
    assert "ajouté" in html
    assert "<ins" in html
    assert "Les deux textes ont les mêmes mots" in page.get(address, {"old": 2, "new": 2}).content.decode()
    assert page.get(address, {"old": 1, "new": 9}).status_code == 422
    assert page.get(address).status_code == 200


def test_bring_back(kept, signed_in, someone):
    address, page = f"/co-redaction/{kept.public_id}/versions/1/retablir/", signed_in(kept.one)
    assert page.get(address).status_code == 200
    assert page.post(address).status_code == 302
    first, *_others, last = TextVersion.objects.filter(text=kept).order_by("number")
    assert (last.sha256, last.reason) == (first.sha256, "restored")
    assert signed_in(someone(TextRight.SUGGEST)).post(address).status_code == 403


def test_who_wrote_what_is_for_those_who_take_part(kept, signed_in, someone):
    address, page = f"/co-redaction/{kept.public_id}/auteurs/", signed_in(kept.one)
    assert "Pas encore de version" in page.get(address).content.decode()
    upkeep.run_upkeep()
    html = page.get(address).content.decode()
    assert kept.one.get_full_name() in html
    assert kept.two.get_full_name() in html
    assert signed_in(someone(TextRight.READ)).get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(new_text, signed_in, someone, django_assert_max_num_queries, count):
    user = someone()
    text = new_text("Un", by=user)
    for number in range(count):
        texts.take_version(text, label=f"Jet {number}", by=someone())
    page = signed_in(user)
    with django_assert_max_num_queries(12):
        assert page.get(f"/co-redaction/{text.public_id}/versions/").status_code == 200
