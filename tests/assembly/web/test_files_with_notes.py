"""Every table that leaves says what it is, its filters, its day and who made it; those that do not are named."""

import re

import pytest
from django.urls import reverse

from tests.tables import table
from tests.test_architecture import name, sources

APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
# What writes a table without a note: `List.file` and `List.described_file` are the two ways that have one.
WITHOUT = re.compile(
    r"csv_response\(|csv\.writer\(|(?<!def )csv_bytes\(|(?<!def )\bspreadsheet\(|\.data\([^)]|\.write_file\("
    r"|text/csv|=CSV\b|, CSV\)"
)
# The mechanism, what reads, and what never answers a request.
NO_ANSWER = {
    "assembly/files/spreadsheets.py",
    "assembly/lists/tables.py",
    "assembly/files/file_kinds.py",
    "assembly/documents/responses.py",
    "assembly/documents/text/extraction.py",
    "draws/draws/actions/preparation.py",
    "draws/draws/actions/internal.py",
    "draws/draws/queries/draw.py",
    "members/sortition/portfolio.py",
    "members/sortition/reading.py",
}


def test_a_table_without_a_note_is_one_that_the_readme_names():
    found = {
        name(path)
        for path in sources(*APPS)
        for line in path.read_text(encoding="utf-8").splitlines()
        if WITHOUT.search(line.partition("#")[0])
    }
    told = {line[0].strip("`") for line in table("assembly/web", "Files without a note")}
    assert found - NO_ANSWER == told
    assert all(line[2] for line in table("assembly/web", "Files without a note")), "each with its reason"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "query", "begins", "told"),
    [
        ("answers:commitments-export", {"q": "bus"}, "Engagements", ["Chercher\u00a0: bus"]),
        ("institution:committee-export", {}, "Comités", ["Sans filtre"]),
        ("institution:canton-export", {}, "Cantons", ["Sans filtre"]),
        ("institution:journal-export", {"auteur": "Faure"}, "Journal", ["Auteur\u00a0: Faure"]),
        ("draws:representation-export", {}, "Représentativité", ["Sans filtre"]),
        ("draws:call-cells-export", {}, "Candidatures par canton", ["Sans filtre"]),
        ("sittings:expense-sittings-export", {}, "Remboursements par séance", ["Sans filtre"]),
        ("mission:indicators-export", {}, "Indicateurs", ["Sans filtre"]),
    ],
)
def test_a_file_of_the_bureau_ends_with_its_note(people, signed_in, route, query, begins, told):
    lines = signed_in("lead").get(reverse(route), query).text.rstrip().splitlines()
    note = [line.strip('"') for line in lines if line.startswith(("# ", '"# '))]
    assert note == [lines_said.strip('"') for lines_said in lines[-len(note) :]], "last of all"
    assert note[0].startswith(f"# {begins}")
    assert note[1:-1] == [f"# {line}" for line in told]
    assert re.fullmatch(rf"# Fait le .+ par {re.escape(people['lead'].get_full_name())}", note[-1])
