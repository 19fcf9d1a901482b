"""Paper: one file for the printer, then « imprimées », then « remises »."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pikepdf import Pdf

from assembly.audit.models import Entry
from assembly.documents.actions.renditions import fulfil
from assembly.documents.models import Rendition, RenditionState
from assembly.notifications.actions import distributions as actions
from assembly.notifications.models import Delivery, DeliveryState as S, LetterBatch
from tests import verapdf
from tests.factories.notifications import DeliveryFactory, DistributionFactory

pytestmark = pytest.mark.django_db


def four_letters(**options):
    distribution = DistributionFactory(**options)
    for _ in range(4):
        DeliveryFactory(distribution=distribution, paper=True, context={"body": "La séance est samedi."})
    DeliveryFactory(distribution=distribution, state=S.SENT)
    return distribution


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_letters_go_to_the_printer_in_one_file_then_by_hand(people):
    distribution = four_letters()
    rendition = actions.print_letters(distribution, by=people["officer"])
    assert states() == [S.QUEUED] * 4 + [S.SENT]
    assert actions.print_letters(distribution, by=people["officer"]) is None
    fulfil(rendition)
    rendition.refresh_from_db()
    assert (rendition.state, rendition.error) == (RenditionState.READY, "")
    assert states() == [S.PRINTED] * 4 + [S.SENT]
    with Pdf.open(BytesIO(rendition.open())) as pdf:
        assert len(pdf.pages) == 4
    assert actions.mark_handed_over(distribution, by=people["officer"]) == 4
    assert states() == [S.HANDED_OVER] * 4 + [S.SENT]
    assert list(Entry.objects.order_by("pk").values_list("event_type", "facts")) == [
        ("letters.printed", {"letters": 4}),
        ("letters.handed_over", {"letters": 4}),
    ]


def test_letter_that_came_later_goes_in_a_batch_of_its_own(people):
    distribution = four_letters()
    actions.print_letters(distribution, by=people["officer"])
    DeliveryFactory(distribution=distribution, paper=True)
    actions.print_letters(distribution, by=people["officer"])
    assert [batch.letters.count() for batch in LetterBatch.objects.all()] == [4, 1]
    actions.mark_printed(LetterBatch.objects.first())
    assert states() == [S.PRINTED] * 4 + [S.SENT, S.QUEUED]


@pytest.mark.parametrize("who", ["admin", "facilitator", "member", "stranger"])
def test_letters_are_the_teams(people, who):
    distribution = four_letters()
    with pytest.raises(PermissionDenied):
        actions.print_letters(distribution, by=people[who])
    with pytest.raises(PermissionDenied):
        actions.mark_handed_over(distribution, by=people[who])


def test_screen_prints_offers_the_file_and_hands_over(signed_in, people):
    distribution = four_letters()
    browser = signed_in("officer")
    page = reverse("notifications:distribution-page", args=[distribution.pk])
    assert "Imprimer les 4 lettres" in browser.get(page).content.decode()
    browser.post(reverse("notifications:letters-print", args=[distribution.pk]))
    fulfil(Rendition.objects.get())
    text = browser.get(page).content.decode()
    download = reverse("documents:rendition-file", args=[Rendition.objects.get().public_id])
    assert download in text
    assert browser.get(download)["Content-Type"] == "application/pdf"
    assert "Marquer 4 lettres remises" in text
    browser.post(reverse("notifications:letters-hand-over", args=[distribution.pk]))
    assert states() == [S.HANDED_OVER] * 4 + [S.SENT]
    other = signed_in(people.elsewhere("officer"))
    assert other.get(download).status_code == 404


def test_proof_list_is_a_pdf_too(signed_in):
    distribution = four_letters()
    browser = signed_in("officer")
    browser.post(reverse("notifications:distribution-proof-pdf", args=[distribution.pk]))
    fulfil(Rendition.objects.get())
    assert Rendition.objects.get().state == RenditionState.READY
    answer = browser.get(reverse("documents:rendition-file", args=[Rendition.objects.get().public_id]))
    assert answer.content.startswith(b"%PDF-")


def test_letters_are_accessible_and_archivable(people, tmp_path):
    """A letter scanned back, or read aloud by a machine, is a document like the others: PDF/A-3a and PDF/UA-1."""
    distribution = four_letters()
    batch = actions.print_letters(distribution, by=people["officer"])
    fulfil(batch)
    batch.refresh_from_db()
    path = tmp_path / "letters.pdf"
    path.write_bytes(batch.open())
    assert verapdf.verdicts(path) == {"3a": [], "ua1": []}
