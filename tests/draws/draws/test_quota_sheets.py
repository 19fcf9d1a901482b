"""A sheet of quotas in French columns and words; the engine’s own columns and codes are still read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from draws.draws.queries.draw import engine_quotas, sheet_rows
from draws.models import QuotaVersion
from members.sortition.reading import read_quotas
from tests.draws.stage import draw_in

NAMES = {"C01": "Auterive", "C07": "Le Fousseret", "employe": "employé·e", "retraite": "retraité·e"}
ENGINE = b"""feature,value,min,max
canton_sexe,C01-F,1,1
canton_sexe,C07-H,1,2
sexe,F,1,2
age,16-24,0,2
age,65+,0,1
csp,employe,0,4
"""
FRENCH = """critère;valeur;minimum;maximum
canton et genre;Auterive, femmes;1;1
canton et genre;Le Fousseret, hommes;1;2
genre;femmes;1;2
âge;de 16 à 24 ans;0;2
âge;65 ans et plus;0;1
profession;employé·e;0;4
"""


def test_french_columns_and_words_are_those_of_the_engine():
    assert engine_quotas(FRENCH.encode(), NAMES) == ENGINE
    assert engine_quotas(("\ufeff" + FRENCH).encode(), NAMES) == ENGINE


def test_the_engines_own_file_is_left_as_it_is():
    assert engine_quotas(ENGINE, NAMES) == ENGINE
    assert engine_quotas(b"\xff\xfe", NAMES) == b"\xff\xfe"
    assert engine_quotas(b"", NAMES) == b""


@pytest.mark.parametrize("value", ["C01-F", "Auterive - femme", "auterive, F"])
def test_a_canton_and_a_gender_are_written_in_several_ways(value):
    content = f"critere;valeur;au moins;au plus\ncanton_sexe;{value};1;1\n".encode()
    assert engine_quotas(content, NAMES) == b"feature,value,min,max\ncanton_sexe,C01-F,1,1\n"


def test_men_have_the_letter_of_the_seats_too():
    content = b"critere;valeur;minimum;maximum\ncanton_sexe;C07-M;1;1\n"
    assert engine_quotas(content, NAMES) == b"feature,value,min,max\ncanton_sexe,C07-H,1,1\n"


def test_what_leaves_comes_in_again():
    rows = [";".join(map(str, row)) for row in sheet_rows(read_quotas(ENGINE), NAMES)]
    assert rows[0] == "Canton et genre;Auterive, femmes;1;1"
    assert engine_quotas("\n".join(["critère;valeur;minimum;maximum", *rows]).encode(), NAMES) == ENGINE


@pytest.mark.django_db
def test_the_table_is_taken_changed_and_sent_back(people, signed_in):
    draw, desk = draw_in(people), signed_in("officer")
    address = reverse("draws:quotas-version", args=[draw.pk, 1])
    text = desk.get(address, {"forme": "tableur"}).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "critère;valeur;minimum;maximum"
    assert desk.get(address).content == bytes(draw.quotas.content)
    changed = text.replace("de 16 à 24 ans;0;4", "de 16 à 24 ans;1;4")
    assert changed != text
    sent = {"seats": "4", "decision": "Décidé en COPIL.", "seen": "1"}
    sent["file"] = SimpleUploadedFile("quotas.csv", changed.encode(), "text/csv")
    answer = desk.post(reverse("draws:quotas-file", args=[draw.pk]), sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert bytes(QuotaVersion.objects.get(draw=draw, number=2).content) == bytes(draw.quotas.content).replace(
        b"age,16-24,0,4", b"age,16-24,1,4"
    )
