"""The sets of open data: what they hold, what they never hold, what they cost."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.cases.enums import DecisionSource
from answers.follow_up.data_sets import STATES as FOLLOW_UP_STATES, VALUES
from answers.models import AnswerValue, FollowUpState
from answers.publication.data_sets import SOURCES, STATES as RECOMMENDATION_STATES
from assembly.indicators.registry import Unit
from assembly.open_data.registry import DataColumn, DataSet, DataType, add_data_sets, data_sets
from consultations.models import ReferralOrigin, ReferralState
from consultations.referrals.data_sets import ORIGINS, STANCES, STATES as REFERRAL_STATES
from consultations.referrals.enums import CouncilStance
from draws.draws.data_sets import STATES as DRAW_STATES
from draws.models import DrawState
from draws.representation.actions import publish_profile
from draws.representation.data_sets import FEATURE_CODES
from draws.representation.queries import FEATURES
from mission.indicators.data_sets import UNITS
from opinions.amending.changes import Operation
from opinions.amendments.data_sets import MODES, OPERATIONS, STATES as AMENDMENT_STATES
from opinions.amendments.models import AmendmentDecisionMode
from opinions.models import AmendmentState, OpinionVersion, RecommendationState
from sessions.models import SittingKind, SittingState
from sessions.sittings.data_sets import KINDS, STATES as SITTING_STATES
from tests.answers.publication.test_public import answered, one_of, opinion_of
from tests.assembly.open_data.stage import SECRETS, as_cell, get, get_csv, get_rows, make_everything, page_addresses
from tests.factories.amendments import AmendmentFactory
from tests.factories.consultations import ReferralFactory
from tests.factories.identity import PersonFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, TermFactory
from tests.factories.members import MandateFactory, SeatFactory
from tests.factories.mission import GrantApplicationFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
KEYS = [
    *("preconisations", "reponses", "engagements", "avis", "votes", "amendements", "indicateurs", "saisines"),
    *("seances", "composition", "sieges", "tirages", "subventions", "empreintes"),
]


def test_the_sets_of_the_issue_are_there_in_the_order_of_the_page():
    assert [each.key for each in data_sets()] == KEYS


def test_two_sets_of_one_key_are_refused():
    again = DataSet("avis", "", "", rows=list, columns=[])
    with pytest.raises(ValueError, match="avis"):
        add_data_sets(again)


@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (VALUES, AnswerValue),
        (SOURCES, DecisionSource),
        (FOLLOW_UP_STATES, FollowUpState),
        (RECOMMENDATION_STATES, RecommendationState),
        (REFERRAL_STATES, ReferralState),
        (ORIGINS, ReferralOrigin),
        (STANCES, CouncilStance),
        (SITTING_STATES, SittingState),
        (KINDS, SittingKind),
        (UNITS, Unit),
        (AMENDMENT_STATES, {*AmendmentState.tagged("passed"), *AmendmentState.tagged("stopped")}),
        (OPERATIONS, Operation),
        (MODES, AmendmentDecisionMode),
        (DRAW_STATES, {*DrawState.tagged("announced"), DrawState.VOID}),
        (FEATURE_CODES, FEATURES),
    ],
)
def test_each_value_has_a_code_of_plain_letters(codes, known):
    assert set(codes) == set(known)
    assert all(code.replace("_", "").isascii() and code == code.lower() for code in codes.values())


def test_csv_and_json_hold_the_same_rows(people, client):
    make_everything(people)
    for key in KEYS:
        rows, lines = get_rows(client, key), get_csv(client, key)
        assert rows != [] or key == "composition"
        assert lines == [{name: as_cell(value) for name, value in row.items()} for row in rows], key


def test_no_file_holds_what_is_private(people, client):
    make_everything(people)
    addresses = [
        *(each.json_path for each in data_sets()),
        *(each.csv_path for each in data_sets()),
        *(address for group in page_addresses(client).values() for address in group),
        "/donnees/",
        "/donnees/openapi.json",
    ]
    held = {(address, word) for address in addresses for word in SECRETS if word in get(client, address).text}
    assert held == set()


def test_of_another_assembly_nothing_is_in_the_sets(people, client):
    assert people.term
    elsewhere = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    OpinionFactory(term=elsewhere, state="published")
    ReferralFactory(term=elsewhere, published=True)
    SittingFactory(term=elsewhere, held=True)
    for key in ("avis", "preconisations", "reponses", "engagements", "votes", "amendements", "saisines", "seances"):
        assert get_rows(client, key) == [], key


def test_without_any_assembly_the_sets_are_empty(client):
    assert {key: get_rows(client, key) for key in KEYS} == {key: [] for key in KEYS}
    assert get(client, "/donnees/").status_code == 200


def statements(client, address):
    get(client, address)
    cache.clear()
    with CaptureQueriesContext(connection) as made:
        client.get(address)
    return len(made)


def test_a_set_costs_the_same_however_many_rows_it_has(people, client):
    opinion = make_everything(people)
    few = {each.key: statements(client, each.json_path) for each in data_sets()}
    for number in range(8):
        other = opinion_of(people, 3, title=f"Avis {number}")
        answered(people, one_of(other, 1))
        AmendmentFactory(version=other.versions.get(number=30000), state="adopted")
        ReferralFactory(term=people.term, published=True)
        SittingFactory(term=people.term, held=True)
        GrantApplicationFactory(state="voted", requested=30_000)
    assert opinion.pk
    many = {each.key: statements(client, each.json_path) for each in data_sets()}
    assert many == few
    assert max(number for key, number in many.items() if key != "indicateurs") <= 20


def test_the_amendments_are_those_of_the_public_page_without_names_or_reasons(people, client):
    opinion = make_everything(people)
    version = opinion.versions.get(number=30000)
    first = version.amendments.get(number=1)
    author = PersonFactory(first_name="Zénobie", last_name="Lacaze")
    AmendmentFactory(
        version=version, state="rejected", number=2, inside=True, author=author, reason="Zénobie Lacaze le demande."
    )
    AmendmentFactory(version=version, state="merged", number=3, deletion=True, merged_into=first)
    AmendmentFactory(version=version, state="adopted", number=4, alinea_from=1, parent=first, deletion=True)
    consent = AmendmentFactory(version=version, number=5, state="debated")
    type(consent).objects.filter(pk=consent.pk).update(
        state="adopted", decision_mode="consent", decided_at=consent.called_at, present=90, quorum=54
    )
    AmendmentFactory(version=version, number=6, state="inadmissible")
    AmendmentFactory(version=version, number=7, state="submitted")
    AmendmentFactory(version=version, number=8, state="withdrawn")  # before anybody said whether it is admissible
    former = OpinionVersion.objects.create(
        opinion=opinion, number=29999, kind="tabled", tree=version.tree, html="", plain_text="", sha256=""
    )
    AmendmentFactory(version=former, number=1, state="adopted")
    rows = get_rows(client, "amendements")
    page = get(client, f"/avis/{opinion.reference}/amendements/").text.replace("\u00a0", " ")
    assert "Zénobie" not in get(client, "/donnees/amendements.json").text
    for row in rows:
        assert f"Amendement n° {row['numero']}" in page
        assert row["objet"].replace("\u00a0", " ") in page
        assert row["texte"] in page
        assert (row["avis"], row["page"]) == (
            opinion.reference,
            f"{settings.SITE_URL}/avis/{opinion.reference}/amendements/",
        )
        assert row["jour"] == timezone.localdate().isoformat()
    assert page.count("Amendement n° ") == 5
    names = ("numero", "sous_amendement_de", "operation", "etat", "fusionne_avec", "decide", "pour", "contre")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (1, None, "ajouter_apres", "adopte", None, "vote", 70, 10),
        (2, None, "remplacer", "rejete", None, "vote", 10, 70),
        (3, None, "supprimer", "fusionne", 1, None, None, None),
        (4, 1, "supprimer", "adopte", None, "vote", 70, 10),
        (5, None, "ajouter_apres", "adopte", None, "sans_opposition", None, None),
    ]
    votes = {row["reference"]: row for row in get_rows(client, "votes") if row["objet"] == "amendement"}
    same = ("pour", "contre", "abstentions", "sans_avis", "jour")
    for row in rows:
        if row["decide"] == "vote":
            assert [row[name] for name in same] == [votes[str(row["numero"])][name] for name in same]
    data = json.loads(get(client, f"/avis/{opinion.reference}.json").content)["amendements"]
    assert [one["numero"] for one in data] == [row["numero"] for row in rows]


def test_a_small_number_is_masked_with_others_so_that_no_total_reveals_it(people, client):
    canton = CantonFactory(assembly=people.assembly, insee_code="31033", name="Auterive")
    for gender, number in (("F", 9), ("M", 3)):
        for _ in range(number):
            MandateFactory(term=people.term, member__gender=gender, member__canton=canton)
    publish_profile(people.term)
    rows = [
        row for row in get_rows(client, "composition") if row["critere"] == "genre" and row["parmi"] != "Population"
    ]
    assert rows
    assert [row for row in rows if row["nombre"] is not None and 0 < row["nombre"] < 5] == []
    masked = [row for row in rows if row["masque"]]
    assert len(masked) >= 2
    assert all(row["nombre"] is None and row["part"] is None for row in masked)
    shown = {(row["valeur"], row["nombre"]) for row in rows if not row["masque"]}
    assert not any(number in (3, 9) for _value, number in shown)


def test_the_seats_tell_who_sits_by_canton_without_name_or_gender(people, client):
    today = timezone.localdate()
    auterive = CantonFactory(assembly=people.assembly, name="Auterive", number=1)
    revel = CantonFactory(assembly=people.assembly, name="Revel", number=2)
    seat = SeatFactory(term=people.term, canton=auterive, gender="F", rank=1)
    MandateFactory(term=people.term, seat=seat, state="ended", ended_on=date(2026, 5, 1), end_reason="resigned")
    MandateFactory(term=people.term, member__canton=auterive, member__gender="M", activated_on=date(2026, 2, 1))
    MandateFactory(term=people.term, member__canton=auterive, suspended=True)
    MandateFactory(term=people.term, member__canton=revel, proposed=True)
    leaving = MandateFactory(term=people.term, member__canton=revel, activated_on=date(2026, 3, 1))
    type(leaving).objects.filter(pk=leaving.pk).update(state="ended", end_reason="resigned", ended_on=today)
    rows = [row for row in get_rows(client, "sieges") if row["canton"] in ("Auterive", "Revel")]
    assert [tuple(row.values()) for row in rows] == [
        ("Auterive", 1, True, "2025-11-29"),
        ("Auterive", 2, True, "2026-02-01"),
        ("Auterive", 3, False, "2026-05-01"),
        ("Revel", 1, False, today.isoformat()),
        ("Revel", 2, False, None),
    ]


def test_a_grant_to_a_natural_person_has_no_name_and_no_number_that_gives_it(people, client):
    assert people.term
    for name in ("Mme Zoé Marty", "M. Luc Abadie", "Claire Rumeau EI"):
        GrantApplicationFactory(state="voted", requested=30_000, name=name, siret="90000000100017")
    for name in ("M.J.C. de Muret", "Réseau EI", "Les Ateliers"):
        GrantApplicationFactory(state="voted", requested=30_000, name=name, rna="W313001234")
    rows = get_rows(client, "subventions")
    assert sorted(row["beneficiaire"] for row in rows) == ["", "", "", "Les Ateliers", "M.J.C. de Muret", "Réseau EI"]
    assert [row["siret"] for row in rows if not row["beneficiaire"]] == ["", "", ""]
    assert all(row["montant"] == 30_000 for row in rows)
    for word in ("Marty", "Abadie", "Rumeau"):
        assert word not in get(client, "/subventions/subventions.csv").text


def test_a_formula_stays_a_text_in_the_csv(people, client):
    assert people.term
    GrantApplicationFactory(state="voted", requested=30_000, name="=cmd()", rna="W313001234")
    assert "\n'=cmd();" in get(client, "/donnees/subventions.csv").text
    assert [row["beneficiaire"] for row in get_rows(client, "subventions")] == ["=cmd()"]


def test_the_page_shows_each_set_with_its_columns_and_files(people, client):
    make_everything(people)
    page = get(client, "/donnees/")
    text = page.text.replace("\u00a0", " ")
    for each, facts in page.context["sets"]:
        assert f'href="{each.csv_path}"' in text
        assert f'href="{each.json_path}"' in text
        for column in each.columns:
            assert f'<code class="ref">{column.name}</code>' in text
        data = json.loads(get(client, each.json_path).content)
        assert facts.rows == data["nombre"] == len(data["lignes"])
        assert data["modifie_le"] == (facts.changed_on.isoformat() if facts.changed_on else None)
        assert facts.json_size == len(get(client, each.json_path).content)
        assert facts.csv_size == len(get(client, each.csv_path).content)
    assert "Licence Ouverte 2.0" in text
    assert page.context["last"] == timezone.localdate()


def test_values_are_written_with_the_types_of_json():
    columns = [
        DataColumn("texte", "", lambda row: None),
        DataColumn("adresse", "", lambda row: "", DataType.ADDRESS),
        DataColumn("oui", "", lambda row: 1, DataType.FLAG),
        DataColumn("code", "", lambda row: "", DataType.CODE, codes={"a": "b"}),
    ]
    from assembly.open_data.files import csv_row, json_row

    assert json_row(columns, None) == {"texte": "", "adresse": None, "oui": True, "code": None}
    assert csv_row(columns, None) == ["", None, True, None]
