"""The facts of the minutes: computed from the sitting, the same for screen, PDF and data; the public ones unnamed."""

import json
from datetime import date, timedelta

import pytest

from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.minutes.actions import writing
from sessions.minutes.queries.facts import INTERNAL, PUBLIC, minutes_facts, text_fingerprint
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaItem, Attendance, Correction, MinutesState
from tests.sessions.sittings.closed_sitting import NAMES, OPENED, at_state, closed_sitting

NB = "\u00a0"


@pytest.fixture
def held(people):
    held = closed_sitting(people)
    minutes = held.begin()
    html = "<p>Gisèle Rouquette demande qui paie. Mme Castaing répond. Selon M. PUJOL, personne.</p>"
    writing.write(minutes, held.items[1], html, revision=0, by=held.officer)
    ballot = decisions.prepare_ballot(held.items[2], question="Adopter le carnet ?", by=held.officer)
    decisions.count_ballot(
        ballot,
        Count(3, 0, 1),
        by=held.officer,
        voted_at=OPENED + timedelta(hours=3),
        first_counter="Nadia",
        second_counter="Pierrick",
    )
    decisions.decide(held.items[2], text="Le carnet de Wassim Pujol est adopté.", by=held.officer, ballot=ballot)
    decisions.add_action(
        held.sitting,
        item=held.items[1],
        text="Envoyer la carte",
        owner=held.members[1].person,
        due_on=date(2026, 4, 17),
        by=held.officer,
    )
    decisions.add_action(held.sitting, item=held.items[1], text="Notice", owner=held.guest.person, by=held.officer)
    held.minutes = minutes
    return held


def test_internal_facts(held):
    facts = minutes_facts(held.minutes, INTERNAL)
    assert facts["reference"] == "PL-2026-02-PV"
    assert facts["title"] == f"Procès-verbal de la séance plénière du 28{NB}mars 2026"
    assert facts["sitting"]["chair"]["name"] == "Odile Labatut"
    assert facts["sitting"]["hours"] == f"de 9{NB}h{NB}34 à 16{NB}h{NB}10"
    attendance = facts["attendance"]
    assert [attendance[name] for name in ("in_office", "present", "excused", "absent", "quorum")] == [5, 4, 1, 0, 3]
    assert attendance["present_at_opening"] == 3
    assert attendance["sentence"] == f"4{NB}membres sur 5 en mandat{NB}; 1{NB}excusé·e. Quorum{NB}: 3."
    assert attendance["away"] == [
        {"name": "Rosa Nogaro", "capacity": attendance["away"][0]["capacity"], "absence": "excusé·e"}
    ]
    second, third = facts["items"][1:]
    assert second["facts"] == [
        f"Le point s’ouvre à 10{NB}h{NB}34.",
        f"4{NB}membres sont dans la salle.",
        f"Arrivées depuis le point précédent{NB}: Quentin Gasc (10{NB}h{NB}05).",
        "Le quorum de 3 est atteint.",
    ]
    assert [action["owner"] for action in second["actions"]] == ["Gisèle Rouquette", "Hélène Castaing"]
    assert third["outcome"] == "Décision 1"
    assert third["decisions"][0]["ballot"]["sentence"].startswith(f"Adopté{NB}: 3{NB}voix pour, 0{NB}contre")


def test_public_facts_name_nobody_private(held):
    facts = minutes_facts(held.minutes, PUBLIC)
    text = json.dumps(facts, ensure_ascii=False)
    for first, last in NAMES[1:5]:
        assert first not in text
        assert last.casefold() not in text.casefold()
    assert facts["reference"] == "PL-2026-02-PV-PUB"
    assert facts["sitting"]["chair"]["name"] == "Odile Labatut"
    assert facts["attendance"]["guests"] == [{"name": "Hélène Castaing", "capacity": "directrice de l’Autonomie"}]
    assert "people" not in facts["attendance"]
    assert "away" not in facts["attendance"]
    assert facts["items"][1]["summary_html"] == (
        f"<p>un·e{NB}membre demande qui paie. Mme Castaing répond. Selon un·e{NB}membre, personne.</p>"
    )
    assert [action["owner"] for action in facts["items"][1]["actions"]] == [
        f"un·e{NB}membre",
        "directrice de l’Autonomie",
    ]
    assert facts["items"][1]["facts"][2] == f"Arrivées depuis le point précédent{NB}: 1."


def test_no_address_nor_telephone_leaves(held):
    for audience in (INTERNAL, PUBLIC):
        assert "@" not in json.dumps(minutes_facts(held.minutes, audience))


def test_late_correction_of_attendance_changes_the_facts(held):
    before = text_fingerprint(minutes_facts(held.minutes))
    Attendance.objects.filter(invitee=held.invitees[2]).update(left_at=OPENED + timedelta(hours=1))
    assert text_fingerprint(minutes_facts(held.minutes)) != before


def test_an_early_arrival_is_the_whole_sitting_a_late_one_or_a_way_out_is_not(held):
    early, out = (Attendance.objects.filter(invitee=held.invitees[place]) for place in (0, 1))
    early.update(arrived_at=OPENED - timedelta(minutes=12), left_at=None)
    out.update(left_at=OPENED + timedelta(hours=1))
    again = out.get()
    Attendance.objects.create(
        invitee=again.invitee,
        arrived_at=OPENED + timedelta(hours=2),
        left_at=held.sitting.closed_at,
        recorded_by=held.officer,
    )
    people = {person["name"]: person for person in minutes_facts(held.minutes)["attendance"]["people"]}
    names = [held.invitees[place].person.full_name for place in range(4)]
    assert [people[name]["whole_sitting"] for name in names] == [True, False, True, False]
    assert people[names[0]]["hours"] == f"depuis 9{NB}h{NB}22"  # the exact hours stay in the data
    assert people[names[3]]["hours"] == f"de 10{NB}h{NB}05 à 16{NB}h{NB}10"


def test_approval_is_not_part_of_the_approved_text(held):
    before = text_fingerprint(minutes_facts(held.minutes))
    at_state(held.minutes, MinutesState.APPROVED)
    assert text_fingerprint(minutes_facts(held.minutes)) == before


def test_text_about_a_withdrawn_item_is_kept(held):
    AgendaItem.objects.filter(pk=held.items[1].pk).update(removed_at=OPENED)
    facts = minutes_facts(held.minutes)
    assert [part["title"] for part in facts["items"]][-1] == "Le schéma Autonomie (point retiré de l’ordre du jour)"
    assert "qui paie" in facts["items"][-1]["summary_html"]


def test_internal_items_and_breaks_are_left_out(held):
    AgendaItem.objects.filter(pk=held.items[0].pk).update(kind="break")
    AgendaItem.objects.filter(pk=held.items[2].pk).update(is_internal=True)
    assert [part["title"] for part in minutes_facts(held.minutes)["items"]] == ["Le schéma Autonomie"]


def test_a_committee_has_a_report_under_its_own_name(people):
    held = closed_sitting(people, committee=True)
    facts = minutes_facts(held.begin())
    assert facts["title"] == f"Compte rendu, Comité de pilotage, 28{NB}mars 2026"
    assert facts["reference"] == "COPIL-2026-01-CR"


@pytest.mark.parametrize("people_there", [3, 12])
def test_statements_do_not_grow_with_the_room(people, people_there, django_assert_num_queries):
    minutes = closed_sitting(people, members=people_there).begin()
    with django_assert_num_queries(11):
        minutes_facts(minutes)


def test_circulated_minutes_have_no_correction_yet(held):
    MINUTES.transition(held.minutes, "submit", by=held.officer)
    assert Correction.objects.count() == 0


# Embedded in sealed files, and part of the fingerprint of each visa: another key is another schema.
KEYS = """
approval assembly.authority assembly.name attendance.absent attendance.away[].absence
attendance.away[].capacity attendance.away[].name attendance.excused attendance.guests[].capacity
attendance.guests[].hours attendance.guests[].name attendance.in_office attendance.people[].capacity
attendance.people[].hours attendance.people[].name attendance.people[].whole_sitting attendance.present
attendance.present_at_opening attendance.quorum attendance.quorum_met attendance.represented
attendance.sentence audience items[].actions items[].actions[].due_on items[].actions[].due_words
items[].actions[].owner items[].actions[].text items[].ballots items[].closed_at items[].decisions
items[].decisions[].ballot.abstentions items[].decisions[].ballot.against items[].decisions[].ballot.for
items[].decisions[].ballot.no_opinion items[].decisions[].ballot.present items[].decisions[].ballot.question
items[].decisions[].ballot.quorum items[].decisions[].ballot.quorum_sentence items[].decisions[].ballot.result
items[].decisions[].ballot.rule items[].decisions[].ballot.sentence items[].decisions[].ballot.voters
items[].decisions[].mode items[].decisions[].mode_words items[].decisions[].number
items[].decisions[].reference items[].decisions[].text items[].depth items[].documents items[].facts
items[].id items[].kind items[].kind_words items[].number items[].opened_at items[].outcome items[].present
items[].speaker items[].summary_html items[].title kind reference schema sitting.body sitting.chair.capacity
sitting.chair.name sitting.closed_at sitting.date sitting.date_words sitting.hours sitting.kind
sitting.opened_at sitting.place sitting.reference sitting.secretary.capacity sitting.secretary.name
sitting.title subtitle term title visas
""".split()


def paths_of(value, path=""):
    if isinstance(value, dict):
        return {found for key, each in value.items() for found in paths_of(each, f"{path}.{key}".lstrip("."))}
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return {found for each in value for found in paths_of(each, f"{path}[]")}
    return {path}


def test_the_keys_of_the_published_schema_stay(held):
    facts = minutes_facts(held.minutes, INTERNAL)
    assert facts["schema"] == "hemicycle/minutes/1"
    assert sorted(paths_of(facts)) == KEYS
