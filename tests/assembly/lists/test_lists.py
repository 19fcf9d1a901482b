"""A list declared once: its page, filters, file and saved view say the same."""

import csv
import io

import pytest
from django.utils.html import format_html

from assembly.lists import Column, Empty, Filter, List, lists
from assembly.lists.tables import text_of_cell
from consultations.referrals.lists import REFERRALS, REFERRALS_IN_FILE
from members.members.lists import MEMBERS
from tests.factories.consultations import ReferralFactory
from tests.factories.members import MandateFactory
from tests.factories.mission import PartnerFactory

pytestmark = pytest.mark.django_db
REFERRAL_LIST = "/bureau/saisines/"


def made(**fields):
    return List(
        "Essai",
        [Column("Nom", "name", key="nom", order=["name"])],
        default="nom",
        **{
            "key": "trial",
            "route": "consultations:list",
            "can_open": lambda user, term: True,
            "rows": lambda user, term: None,
            "counted": "%(n)s lignes",
            "empty": Empty("Rien"),
            **fields,
        },
    )


def lines(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def test_a_column_of_the_screen_without_content_does_not_start():
    with pytest.raises(ValueError, match="trial.*vide.*`value` or a `cell`"):
        List(
            "Essai",
            [Column("Vide", key="vide")],
            key="trial",
            route="",
            can_open=None,
            rows=None,
            counted="",
            empty=Empty(""),
        )


def test_a_number_of_rows_is_written_with_its_spaces():
    assert made().count_text(1204) == "1\u00a0204 lignes"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=velo", ["Le vélo en ville"]),
        ("q=ville velo", ["Le vélo en ville"]),  # each word, in any order
        ("q=velo train", []),
        ("state=draft&q=eau", ["L’eau"]),
        ("state=rien&q=eau", ["L’eau"]),  # what is not understood filters nothing, and leaves the others
        ("late=opinion", []),
        ("committee=99999999999999999999", ["L’eau", "Le vélo en ville"]),
    ],
)
def test_filters_and_the_file_give_the_same_rows(desk, people, query, titles):
    for title in ("Le vélo en ville", "L’eau"):
        ReferralFactory(term=people.term, title=title, state="draft")
    page = desk.get(f"{REFERRAL_LIST}?{query}&tri=titre")
    assert [row.title for row in page.context["list"].page] == titles
    written = lines(desk.get(f"{REFERRAL_LIST}export.csv?{query}&tri=titre"))
    assert [row[0] for row in written[1:] if not row[0].startswith("#")] == titles


def test_columns_are_chosen_for_page_file_and_saved_view(desk, people):
    ReferralFactory(term=people.term, title="Le vélo en ville")
    page = desk.get(f"{REFERRAL_LIST}?col=etat&col=avis")
    assert [column["label"] for column in page.context["list"].columns] == ["Saisine", "État", "Avis attendu le"]
    assert lines(desk.get(f"{REFERRAL_LIST}export.csv?col=etat"))[0] == ["Titre", "État"]
    every = [column for column in REFERRALS_IN_FILE.columns if column.value]
    assert len(lines(desk.get(f"{REFERRAL_LIST}export.csv"))[0]) == len(every)
    saved = REFERRALS.shown_table(people["officer"], people.term, page.wsgi_request.GET, is_shared=True)
    assert [column.key for column in saved.columns] == ["titre", "etat", "avis"]


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
def test_every_list_leaves_as_a_workbook(desk, people, file_format):
    ReferralFactory(term=people.term)
    assert (
        desk.get(f"{REFERRAL_LIST}export.csv?format={file_format}")
        .headers["Content-Disposition"]
        .endswith(f'.{file_format}"')
    )


def test_a_column_that_a_reader_has_not_is_neither_shown_nor_sorted_nor_written(people):
    MandateFactory(term=people.term)
    seen = MEMBERS.seen_by(people["facilitator"], people.term)
    assert [column.key for column in seen.screen_columns] == ["nom", "canton", "groupes"]
    assert "etat" not in seen.sortable
    assert "etat" in MEMBERS.seen_by(people["officer"], people.term).sortable
    form = MEMBERS.form(people["facilitator"], people.term, {"etat": "ended", "contact": "paper"})
    assert {"etat", "contact", "besoins"}.isdisjoint(form.fields)


def test_the_name_of_a_row_is_written_once_escaped(desk, people):
    PartnerFactory(name="Dupont & fils <SA>")
    page = desk.get("/bureau/mission/partenaires/").content.decode()
    assert page.count("Dupont &amp; fils &lt;SA&gt;") == 2  # the link, and the box that ticks it
    assert "&amp;amp;" not in page


def test_a_cell_of_two_lines_is_a_text_of_one():
    assert text_of_cell(format_html("{}<br>{}<p class='small'>{}</p>", "a & b", "l’été", 3)) == "a & b l’été 3"


def test_a_filter_without_a_choice_is_left_out(people):
    empty = made(filters=[Filter("rien", "Rien", choices=lambda term: [])])
    assert "rien" not in empty.form(people["officer"], people.term, {}).fields


def test_each_list_that_may_be_saved_has_its_pages():
    assert {"referrals", "members", "sittings", "partners", "accounts"} <= set(lists())
    for declared in lists().values():
        assert declared.url
        assert declared.count_text(2)
