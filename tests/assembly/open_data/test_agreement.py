"""Pages, JSON, CSV and data of the sealed files agree on every recommendation, vote and answer."""

import json
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.answers.publication.test_public import readable
from tests.assembly.open_data.stage import as_cell, get, get_csv, get_rows, make_everything

pytestmark = pytest.mark.django_db


def page_of(client, name, reference):
    return readable(get(client, reverse(name, args=[reference])).text)


def data_of(client, path):
    return json.loads(get(client, path).content)


def test_recommendations_votes_and_answers_are_the_same_everywhere(people, client):
    opinion = make_everything(people)
    reference = opinion.reference
    sealed = data_of(client, f"/avis/{reference}/preconisations.json")
    table = {row["reference"]: row for row in data_of(client, f"/avis/{reference}/reponses.json")["answers"]}
    rows = {row["reference"]: row for row in get_rows(client, "preconisations")}
    lines = {row["reference"]: row for row in get_csv(client, "preconisations")}
    answers = get_rows(client, "reponses")
    listed = [row["reference"] for row in sealed["recommendations"]]
    assert [one for one in rows if rows[one]["avis"] == reference] == listed
    assert data_of(client, f"/avis/{reference}.json")["references"] == listed
    for line in sealed["recommendations"]:
        one, row = line["reference"], rows[line["reference"]]
        page = page_of(client, "answers:thread", one)
        detail = data_of(client, f"/propositions/{one}.json")
        assert {name: detail[name] for name in row} == row
        assert lines[one] == {name: as_cell(value) for name, value in row.items()}
        assert (row["titre"], row["rang"], row["theme"]) == (line["title"], line["number"], line["theme"])
        assert (row["priorite"], row["page"]) == (line["priority"], line["address"])
        assert row["proposition"] == line["fields"]["proposal"]["text"]
        assert row["titre"] in page
        check_answer(row, table[one], detail, [each for each in answers if each["reference"] == one], page)
        alone = [vote for vote in detail["votes"] if vote["objet"] == "preconisation"]
        assert [counts(vote) for vote in alone] == ([sealed_counts(line["vote"])] if line["vote"] else [])
    check_votes(client, opinion)


CODES = {
    "accepted": "acceptee",
    "accepted_in_part": "en_partie",
    "already_done": "deja_en_place",
    "under_study": "a_l_etude",
    "passed_on": "transmise",
    "rejected": "refusee",
}


def check_answer(row, told, detail, answers, page):
    """Compare a recommendation with its line of the answer table, its own JSON and its page."""
    versions = [*reversed(told["former"]), *([told["answer"]] if told["answer"] else [])]
    assert row["direction"] == told["directorate"]
    assert (row["remise_le"], row["repondue_le"], row["delai_jours"]) == (
        told["handed_over_on"],
        told["answered_on"],
        told["days"],
    )
    assert detail["reponses"] == answers
    assert [each["version"] for each in answers] == [each["version"] for each in versions]
    for each, version in zip(answers, versions, strict=True):
        facts = {fact["name"]: fact["words"] for fact in version["facts"]}
        assert (each["reponse"], each["texte"]) == (CODES[version["value"]], version["body"])
        assert each["retenu"] == facts.get("kept", "")
        assert each["prevu"] == facts.get("action", "")
        assert readable(each["texte"]) in page
    awaited = "attendue" if told["due_on"] else None
    assert row["reponse"] == (answers[-1]["reponse"] if answers else awaited)
    assert [each["en_vigueur"] for each in answers] == [False] * (len(answers) - 1) + [True] * bool(answers)


def counts(vote):
    return [vote[name] for name in ("pour", "contre", "abstentions", "sans_avis")]


def sealed_counts(vote):
    return [vote[name] for name in ("for", "against", "abstentions", "no_opinion")]


def check_votes(client, opinion):
    """Compare the votes with the two tabs of the opinion that have the sentence of each."""
    page = " ".join(page_of(client, f"opinions:public-{tab}", opinion.reference) for tab in ("votes", "amendments"))
    rows, lines = get_rows(client, "votes"), get_csv(client, "votes")
    assert lines == [{name: as_cell(value) for name, value in row.items()} for row in rows]
    own = [row for row in rows if row["avis"] == opinion.reference]
    assert sorted(row["objet"] for row in own) == ["amendement", "avis", "preconisation"]
    assert data_of(client, f"/avis/{opinion.reference}.json")["votes"] == own
    [whole] = [row for row in own if row["objet"] == "avis"]
    [line] = [row for row in get_rows(client, "avis") if row["reference"] == opinion.reference]
    assert counts(line) == counts(whole)
    for row in own:
        assert f"{row['pour']} voix pour" in page
    assert {row["objet"] for row in rows} >= {"avis", "preconisation", "amendement", "seance"}
    [sitting] = [row for row in rows if row["objet"] == "seance"]
    held = page_of(client, "sittings:public", sitting["reference"])
    assert f"{sitting['pour']} voix pour" in held
    sentences = [readable(vote["resultat"]) for vote in votes_held(client, sitting["reference"])]
    assert any(f"{sitting['pour']} voix pour" in sentence for sentence in sentences)


def votes_held(client, reference):
    agenda = data_of(client, f"/seances/{reference}.json")["ordre_du_jour"]
    return [vote for item in agenda for vote in item["votes"]]


def test_what_is_not_on_the_page_of_a_sitting_is_not_in_its_data(people, client):
    make_everything(people)
    [row] = [row for row in get_rows(client, "seances") if row["compte_rendu"]]
    data = data_of(client, f"/seances/{row['reference']}.json")
    page = page_of(client, "sittings:public", row["reference"])
    assert data["ordre_du_jour"]
    for item in data["ordre_du_jour"]:
        assert readable(item["titre"]) in page
        for decision in item["decisions"]:
            assert readable(decision["texte"]) in page
    assert get(client, urlsplit(row["compte_rendu"]).path).status_code == 200
