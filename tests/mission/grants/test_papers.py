"""Papers of an application, and the list of a scheme as the subject of a point of an agenda."""

import io

import docx
import pytest
from django.urls import reverse

from mission.grants import agenda_subjects
from sessions import subjects
from tests.factories.mission import GrantApplicationFactory


@pytest.mark.parametrize("kind", ["note", "projet-de-decision"])
def test_papers_say_who_and_how_much_in_both_formats(people, client, kind):
    row = GrantApplicationFactory(state="voted", requested=28_000, name="Compagnie du Canal")
    desk = client.enter(people.ready(people["officer"]))
    word = desk.get(reverse("mission:grant-paper", args=[row.pk, f"{kind}.docx"]))
    document = docx.Document(io.BytesIO(word.content))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert "Compagnie du Canal" in cells
    words = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert ("Une convention est signée avant tout versement." in words) is (kind != "note")
    pdf = desk.get(reverse("mission:grant-paper", args=[row.pk, f"{kind}.pdf"]))
    assert pdf.content.startswith(b"%PDF-")
    for name in ("autre.pdf", f"{kind}.exe", f"{kind}"):
        assert desk.get(reverse("mission:grant-paper", args=[row.pk, name])).status_code == 404


def test_a_list_is_a_subject_of_an_agenda_while_something_waits(people):
    row = GrantApplicationFactory(state="committee")
    lead, term = people["lead"], people.term.pk
    key = str(row.scheme_id)
    offered = subjects.offered(lead, term, words=[row.scheme.name], most=5)
    assert offered == [(f"mission.GrantScheme:{key}", f"{row.scheme.reference} {row.scheme.name}")]
    assert subjects.offered(people["facilitator"], term, words=[row.scheme.name], most=5) == []
    told = {reader: agenda_subjects.describe([key, "x"], who)[key].url for reader, who in (("team", lead), ("", None))}
    assert told == {
        "team": reverse("mission:grant-committee", args=[key]),
        "": reverse("mission:grant-scheme", args=[key]),
    }
    assert agenda_subjects.tell([key]) == {}
    voted = GrantApplicationFactory(state="voted", scheme=row.scheme, requested=12_000)
    [sentence] = agenda_subjects.tell([key])[key]
    assert sentence.startswith(f"{voted.reference}, {voted.name}")
    assert "€ votés" in sentence
