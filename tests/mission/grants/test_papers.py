"""Papers of an application, and the list of a scheme as the subject of a point of an agenda."""

import io

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.documents.actions.renditions import fulfil
from assembly.documents.models import Document, Rendition
from mission.grants import contributions
from sessions.agenda import topics
from tests.factories.mission import GrantApplicationFactory


@pytest.mark.parametrize("kind", ["note", "projet-de-decision", "convention"])
def test_papers_say_who_and_how_much_in_both_formats(people, client, kind, settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"
    row = GrantApplicationFactory(state="voted", requested=28_000, name="Compagnie du Canal")
    desk = client.enter(people.ready(people["officer"]))
    word = desk.get(reverse("mission:grant-word", args=[row.pk, kind]))
    document = docx.Document(io.BytesIO(word.content))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert "Compagnie du Canal" in cells
    words = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert ("Une convention est signée avant tout versement." in words) is (kind == "projet-de-decision")
    asked = desk.post(reverse("mission:grant-print", args=[row.pk, kind]))
    job = Rendition.objects.get()
    assert str(job.public_id) in asked.headers["Location"]
    fulfil(job)
    job.refresh_from_db()
    assert job.open().startswith(b"%PDF-")
    assert desk.get(reverse("documents:rendition-file", args=[job.public_id])).status_code == 200
    early = GrantApplicationFactory(state="committee")
    for pk, slug in ((row.pk, "autre"), (early.pk, "convention")):
        assert desk.get(reverse("mission:grant-word", args=[pk, slug])).status_code == 404
        assert desk.post(reverse("mission:grant-print", args=[pk, slug])).status_code == 404


def test_what_a_signature_counts_for_is_sealed_once_by_the_lead(people, client, settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"
    signed = {"agreement_signed_on": timezone.localdate(), "decision_reference": "CP-1"}
    row = GrantApplicationFactory(state="voted", requested=28_000, **signed)
    step = {
        slug: reverse("mission:grants-step", args=[row.pk, f"sceller-la-{slug}"])
        for slug in ("decision", "convention")
    }
    assert client.enter(people.ready(people["officer"])).post(step["decision"]).status_code == 403
    desk = client.enter(people.ready(people["lead"]))
    for slug, address in step.items():
        assert desk.post(address).status_code == 302, slug
    for job in Rendition.objects.all():
        fulfil(job)
    documents = Document.objects.order_by("reference")
    assert [one.reference for one in documents] == [f"{row.reference}-CONV", f"{row.reference}-DEC"]
    page = desk.get(reverse("mission:grant-papers", args=[row.pk])).text
    assert page.count("PDF scellé") == 2
    assert desk.post(step["decision"]).status_code == 409


def test_a_list_is_a_subject_of_an_agenda_while_something_waits(people):
    row = GrantApplicationFactory(state="committee")
    lead, term = people["lead"], people.term.pk
    key = str(row.scheme_id)
    offered = topics.offered(lead, term, tokens=[row.scheme.name], most=5)
    assert offered == [(f"mission.GrantScheme:{key}", f"{row.scheme.reference} {row.scheme.name}")]
    assert topics.offered(people["facilitator"], term, tokens=[row.scheme.name], most=5) == []
    told = {reader: contributions.describe([key, "x"], who)[key].url for reader, who in (("team", lead), ("", None))}
    assert told == {
        "team": reverse("mission:grant-committee", args=[key]),
        "": reverse("mission:grant-scheme", args=[key]),
    }
    assert contributions.minutes_sentences([key]) == {}
    voted = GrantApplicationFactory(state="voted", scheme=row.scheme, requested=12_000)
    [sentence] = contributions.minutes_sentences([key])[key]
    assert sentence.startswith(f"{voted.reference}, {voted.name}")
    assert "€ votés" in sentence
