"""The authorisation of a parent as a file: blank for anybody while a call admits minors, filled in for a candidate."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.documents.pdf.source import RenderSource
from draws.candidates.documents import guardian_source
from draws.candidates.rules import page_token
from draws.models import Call, Candidate
from tests.factories.candidates import CallFactory, CandidateFactory

pytestmark = pytest.mark.django_db


def own(row):
    return reverse("draws:personal-authorisation", args=[page_token(row)])


def words(source: RenderSource) -> str:
    return source.html.replace("\u00a0", " ")


def test_the_call_that_admits_minors_links_to_the_blank_paper(client, people):
    call = CallFactory(term=people.term, minimum_age=16)
    paper = reverse("draws:apply-authorisation")
    assert paper in client.get(reverse("draws:apply")).text
    answer = client.get(paper)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    Call.objects.filter(pk=call.pk).update(minimum_age=18)
    assert paper not in client.get(reverse("draws:apply")).text
    assert client.get(paper).status_code == 404


def test_there_is_no_paper_without_an_open_call(client):
    assert client.get(reverse("draws:apply-authorisation")).status_code == 404


def test_a_minor_prints_the_own_paper_until_a_parent_agreed(client, signed_in, people):
    row = CandidateFactory(call=CallFactory(term=people.term), minor=True)
    assert own(row) in client.get(reverse("draws:candidate-page", args=[page_token(row)])).text
    assert client.get(own(row)).content.startswith(b"%PDF-")
    told = words(guardian_source(row.call, row))
    assert all(word in told for word in (row.full_name, row.guardian_name, row.reference))
    desk = reverse("draws:candidate-authorisation", args=[row.pk])
    browser = signed_in("officer")
    assert desk in browser.get(reverse("draws:candidate", args=[row.pk])).text
    assert browser.get(desk).content.startswith(b"%PDF-")
    Candidate.objects.filter(pk=row.pk).update(guardian_agreed_on=timezone.localdate())
    assert (client.get(own(row)).status_code, browser.get(desk).status_code) == (404, 404)


def test_whoever_is_of_age_has_none(client):
    row = CandidateFactory()
    assert client.get(own(row)).status_code == 404
    assert client.get(reverse("draws:personal-authorisation", args=["x"])).status_code == 404


def test_the_blank_paper_names_nobody(people):
    row = CandidateFactory(call=CallFactory(term=people.term), minor=True)
    assert row.full_name not in words(guardian_source(row.call))
